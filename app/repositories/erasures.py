"""The collection `erasures`: conversations that were deleted, until nothing of them can come back."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.conversations import Conversation
from app.domain.ids import first_id_at
from app.domain.rows import Row
from app.repositories.conversation_rows import touched
from app.repositories.mongo import delete_if_any

_FIRST_ID = ObjectId(bytes(12))


class ErasureRepository:
    """One row for each conversation; of two erasures the later one counts.

    An erasure that is done is remembered, as providers may tell once more of what was deleted.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["erasures"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("before", ASCENDING)])
        self._rows.create_index([("changed", ASCENDING)], sparse=True)

    def order(self, conversation: Conversation, before: str) -> None:
        """Everything of the conversation before the id `before` is to go."""
        place = {"assistant_id": ObjectId(conversation.assistant_id), "owner_id": ObjectId(conversation.owner_id)}
        ordered = {"$max": {"before": ObjectId(before)}, "$set": {**place, **touched()}, "$unset": {"done": ""}}
        self._rows.update_one({"_id": ObjectId(conversation.id)}, ordered, upsert=True)

    def followed(self, conversation_id: str) -> None:
        """The conversation is gone from now on."""
        self._rows.update_one({"_id": ObjectId(conversation_id)}, {"$set": touched()})

    def ordered(self) -> Iterator[tuple[str, str]]:
        """Conversation and id of every erasure that is not done."""
        rows = self._rows.find({"before": {"$gt": _FIRST_ID}, "done": None})
        return ((str(row["_id"]), str(row["before"])) for row in rows)

    def done(self, conversation_id: str, before: str) -> None:
        """It is done, unless a later one was ordered."""
        self._rows.update_one(
            {"_id": ObjectId(conversation_id), "before": ObjectId(before)}, {"$set": {"done": True}}
        )

    def latest(self, conversation_ids: Sequence[str]) -> str | None:
        """Before which id everything of these conversations was deleted last; None if nothing was."""
        rows = self._rows.find({"_id": {"$in": [ObjectId(one) for one in conversation_ids]}})
        return max((str(row["before"]) for row in rows), default=None)

    def forget(self, moment: datetime) -> None:
        """Forget what was deleted before a moment, and is done."""
        delete_if_any(self._rows, {"before": {"$lt": ObjectId(first_id_at(moment))}, "done": True})
