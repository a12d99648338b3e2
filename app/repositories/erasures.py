"""The collection `erasures`: conversations that were deleted, until nothing of them can come back."""

from collections.abc import Iterator

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.conversations import Conversation
from app.domain.rows import Row
from app.repositories.conversation_rows import touched

_FIRST_ID = ObjectId(bytes(12))


class ErasureRepository:
    """One row for each conversation; of two erasures the later one counts."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["erasures"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("before", ASCENDING)])
        self._rows.create_index([("changed", ASCENDING)], sparse=True)

    def order(self, conversation: Conversation, before: str) -> None:
        """Everything of the conversation before the id `before` is to go."""
        place = {"assistant_id": ObjectId(conversation.assistant_id), "owner_id": ObjectId(conversation.owner_id)}
        ordered = {"$max": {"before": ObjectId(before)}, "$set": {**place, **touched()}}
        self._rows.update_one({"_id": ObjectId(conversation.id)}, ordered, upsert=True)

    def followed(self, conversation_id: str) -> None:
        """The conversation is gone from now on."""
        self._rows.update_one({"_id": ObjectId(conversation_id)}, {"$set": touched()})

    def ordered(self) -> Iterator[tuple[str, str]]:
        """Conversation and id of every erasure that is not done."""
        rows = self._rows.find({"before": {"$gt": _FIRST_ID}})
        return ((str(row["_id"]), str(row["before"])) for row in rows)

    def done(self, conversation_id: str, before: str) -> None:
        """It is done, unless a later one was ordered."""
        self._rows.delete_one({"_id": ObjectId(conversation_id), "before": ObjectId(before)})
