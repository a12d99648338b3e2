"""The collection `read_marks`: how far a user has read a conversation."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.conversations import Conversation
from app.domain.ids import derived_id
from app.domain.rows import Row
from app.repositories.mongo import repeated


class ReadMarkRepository:
    """One row for each conversation and user; it tells how many of the customer's messages were read."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["read_marks"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("conversation_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING)])
        self._rows.create_index([("changed", ASCENDING)])

    def mark(self, user_id: str, conversation: Conversation, received: int) -> None:
        """A user has read so many of a conversation's messages; who has read more before keeps that."""
        placed = {
            "conversation_id": ObjectId(conversation.id),
            "assistant_id": ObjectId(conversation.assistant_id),
            "user_id": ObjectId(user_id),
        }
        change = {"$max": {"received": received}, "$set": {"changed": datetime.now(UTC)}, "$setOnInsert": placed}
        self._rows.update_one({"_id": _id(conversation.id, user_id)}, change, upsert=True)

    def received(self, user_id: str, conversation_ids: Sequence[str]) -> dict[str, int]:
        """How many messages a user has read, of those of these conversations that they ever opened."""
        ids = [_id(one, user_id) for one in conversation_ids]
        rows = self._rows.find({"_id": {"$in": ids}}, {"conversation_id": 1, "received": 1})
        return {str(row["conversation_id"]): row["received"] for row in rows}

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete who has read a conversation; returns how many rows. A later conversation begins at nothing."""
        wanted = {"conversation_id": ObjectId(conversation_id)}
        return repeated(lambda: self._rows.delete_many(wanted)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def _id(conversation_id: str, user_id: str) -> ObjectId:
    return ObjectId(derived_id("read", conversation_id, user_id))
