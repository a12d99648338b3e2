"""The collection `erasures`: conversations that were deleted, until nothing of them can come back."""

from bson import ObjectId
from pymongo.database import Database

from app.repositories.mongo import Row


class ErasureRepository:
    """One row for each conversation; of two erasures the later one counts."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["erasures"]

    def order(self, conversation_id: str, before: str) -> None:
        """Everything of the conversation before the id `before` is to go."""
        ordered = {"$max": {"before": ObjectId(before)}}
        self._rows.update_one({"_id": ObjectId(conversation_id)}, ordered, upsert=True)

    def ordered(self) -> list[tuple[str, str]]:
        """Conversation and id of every erasure that is not done."""
        return [(str(row["_id"]), str(row["before"])) for row in self._rows.find({})]

    def done(self, conversation_id: str, before: str) -> None:
        """It is done, unless a later one was ordered."""
        self._rows.delete_one({"_id": ObjectId(conversation_id), "before": ObjectId(before)})
