"""The collection `presence`: who looks at which conversation."""

from datetime import UTC, datetime, timedelta

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.ids import derived_id
from app.domain.presence import PRESENT_FOR, Presence
from app.domain.rows import Row
from app.repositories.mongo import delete_if_any, repeated

_KEPT = timedelta(days=1)


class PresenceRepository:
    """One row for each conversation and person; a row that is too old counts for nothing."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["presence"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("conversation_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING)])
        self._rows.create_index([("at", ASCENDING)])

    def note(self, assistant_id: str, conversation_id: str, presence: Presence) -> None:
        """Somebody looks at a conversation."""
        row = {
            "assistant_id": ObjectId(assistant_id),
            "conversation_id": ObjectId(conversation_id),
            "user_id": ObjectId(presence.user_id),
            "name": presence.name,
            "typing": presence.typing,
            "at": presence.at,
        }
        self._rows.update_one({"_id": _id(conversation_id, presence.user_id)}, {"$set": row}, upsert=True)

    def leave(self, conversation_id: str, user_id: str) -> None:
        """Somebody looks at a conversation no more."""
        long_ago = {"$set": {"at": datetime.fromtimestamp(0, UTC), "typing": False}}
        self._rows.update_one({"_id": _id(conversation_id, user_id)}, long_ago)

    def present(self, conversation_id: str, now: datetime) -> list[Presence]:
        """Who looks at a conversation, by name."""
        rows = self._rows.find({"conversation_id": ObjectId(conversation_id)})
        found = [Presence(str(row["user_id"]), row["name"], row["typing"], row["at"]) for row in rows]
        return sorted((one for one in found if now - one.at < PRESENT_FOR), key=lambda one: (one.name, one.user_id))

    def forget(self, now: datetime) -> None:
        """Delete what is a day old."""
        delete_if_any(self._rows, {"at": {"$lt": now - _KEPT}})

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete who looked at a conversation; returns how many rows."""
        wanted = {"conversation_id": ObjectId(conversation_id)}
        return repeated(lambda: self._rows.delete_many(wanted)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def _id(conversation_id: str, user_id: str) -> ObjectId:
    return ObjectId(derived_id("presence", conversation_id, user_id))
