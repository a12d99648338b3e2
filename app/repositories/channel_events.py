"""The collection `channel_events`: what providers posted, stored before it is answered."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bson import Binary, ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.inbox import RawEvent
from app.domain.rows import Row
from app.repositories.mongo import confirmed_later, delete_if_any, repeated

_KEPT = timedelta(days=7)


class ChannelEventRepository:
    """Raw events. The lease on one is its `next_at`, which whoever parses it moves on; None: it is parsed.

    New ones go to `prompt`: a provider that is told quickly comes again soon.
    """

    def __init__(self, database: Database[Row], prompt: Database[Row] | None = None) -> None:
        self._rows = database["channel_events"]
        self._new = (database if prompt is None else prompt)["channel_events"]
        # Dealing with an event again does nothing: a mark that is lost costs no more than that.
        self._marks = confirmed_later(self._rows)

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("next_at", ASCENDING)], sparse=True)
        self._rows.create_index([("conversation_ids", ASCENDING)], sparse=True)
        self._rows.create_index([("assistant_id", ASCENDING)])
        self._rows.create_index([("received_at", ASCENDING)])

    def add(self, event: RawEvent) -> None:
        """Store what came."""
        self._new.insert_one(
            {
                "_id": ObjectId(event.id),
                "channel_id": ObjectId(event.channel_id),
                "assistant_id": ObjectId(event.assistant_id),
                "body": Binary(event.body),
                "received_at": event.received_at,
                "next_at": event.received_at,
                "attempts": 0,
            }
        )

    def due(self, now: datetime, limit: int) -> list[RawEvent]:
        """Those that are to be parsed, longest due first."""
        rows = self._rows.find({"next_at": {"$lte": now}}).sort("next_at", ASCENDING).limit(limit)
        return [_from_row(row) for row in rows]

    def by_id(self, event_id: str) -> RawEvent | None:
        """The event with this id."""
        row = self._rows.find_one({"_id": ObjectId(event_id)})
        return _from_row(row) if row else None

    def claim(self, event: RawEvent, until: datetime) -> RawEvent | None:
        """Begin to parse it; None if another has begun since."""
        as_found = {"_id": ObjectId(event.id), "next_at": event.next_at}
        change = {"$set": {"next_at": until}, "$inc": {"attempts": 1}}
        if not self._rows.update_one(as_found, change).matched_count:
            return None
        return replace(event, next_at=until, attempts=event.attempts + 1)

    def parsed(self, event_id: str, conversation_ids: Collection[str]) -> None:
        """All that it tells of is stored by itself."""
        ids = [ObjectId(one) for one in conversation_ids]
        values = {"$set": {"conversation_ids": ids}} if ids else {}
        self._marks.update_one({"_id": ObjectId(event_id)}, {**values, "$unset": {"next_at": ""}})

    def forget(self, now: datetime) -> None:
        """Delete what came more than seven days ago."""
        delete_if_any(self._rows, {"received_at": {"$lt": now - _KEPT}})

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete what tells of a conversation, and came before this id was made; returns how many rows."""
        told = {"conversation_ids": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        return repeated(lambda: self._rows.delete_many(told)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything that came for an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def _from_row(row: Row) -> RawEvent:
    return RawEvent(
        id=str(row["_id"]),
        channel_id=str(row["channel_id"]),
        assistant_id=str(row["assistant_id"]),
        body=bytes(row["body"]),
        received_at=row["received_at"],
        attempts=row["attempts"],
        next_at=row.get("next_at"),
    )
