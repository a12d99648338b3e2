"""The collection `inbox`: each thing that providers told of, once, until it was worked on."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.channels import Alias, AliasKind, ChannelEvent, DeliveryState, EventKind, MediaKind, MediaReference
from app.domain.inbox import InboxItem
from app.domain.media import TakenMedia
from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.due_conversations import due_conversations
from app.repositories.media_rows import media_of, media_rows
from app.repositories.mongo import confirmed_later, delete_if_any, repeated

# Longer than providers repeat a webhook.
_KEPT = timedelta(days=8)
_LATEST = 20
_WHILE_WAITING = ("next_at", "waits_in", "event", "address", "taken")


class InboxRepository:
    """Items. One that is due waits for its turn in its conversation; see `InboxTurnRepository`.

    `waits_in` is the conversation of one that is to be worked on.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["inbox"]
        # An item that is lost is made again from its event, whose mark is made later and lost with it; and what is
        # worked on again gets the answer that it got.
        self._unconfirmed = confirmed_later(self._rows)

    def ensure_indexes(self) -> None:
        """Make what the questions below need; the first one is what tells a repeated event."""
        self._rows.create_index(
            [("channel_id", ASCENDING), ("kind", ASCENDING), ("remote_id", ASCENDING), ("status", ASCENDING)],
            unique=True,
        )
        self._rows.create_index([("next_at", ASCENDING)], sparse=True)
        self._rows.create_index([("waits_in", ASCENDING)], sparse=True)
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", DESCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING)])
        self._rows.create_index([("received_at", ASCENDING)])
        self._rows.create_index([("text_mark", ASCENDING)], sparse=True)

    def add(self, item: InboxItem) -> bool:
        """Store what is to be worked on; False if it came before."""
        return self._insert(_to_row(item))

    def note(self, item: InboxItem) -> bool:
        """Remember what was dealt with at once; False if it came before."""
        row = _to_row(item)
        del row["next_at"], row["waits_in"]
        return self._insert(row)

    def waiting(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Channels and conversations with something that is due, the longest due first."""
        return due_conversations(self._rows, now, limit)

    def of_conversation(self, conversation_id: str, limit: int) -> list[InboxItem]:
        """What of a conversation is due, now or later, in the order in which it was said."""
        waiting = self._rows.find({"waits_in": ObjectId(conversation_id)}).limit(limit)
        items = [_from_row(row) for row in waiting]
        return sorted(items, key=lambda item: (item.at, item.id))

    def postpone(self, item: InboxItem, until: datetime) -> None:
        """An attempt has begun or failed; it is due again then."""
        change = {"$set": {"next_at": until}, "$inc": {"attempts": 1}}
        self._rows.update_one({"_id": ObjectId(item.id)}, change)

    def done(self, item_id: str) -> None:
        """It was worked on; that it came is remembered, and what it said is not."""
        change = {"$unset": dict.fromkeys(_WHILE_WAITING, "")}
        self._unconfirmed.update_one({"_id": ObjectId(item_id)}, change)

    def took(self, item_id: str, taken: TakenMedia) -> TakenMedia:
        """Remember its files; returns those that were remembered first, if another process was faster."""
        missing = {"_id": ObjectId(item_id), "next_at": {"$exists": True}, "taken": {"$exists": False}}
        values = {"files": media_rows(taken.files), "needs_person": taken.needs_person}
        if self._rows.update_one(missing, {"$set": {"taken": values}}).matched_count:
            return taken
        row = self._rows.find_one({"_id": ObjectId(item_id)}, {"taken": 1})
        return (_taken_of(row) if row else None) or taken

    def message(self, channel_id: str, remote_id: str) -> InboxItem | None:
        """The message of a contact with this id of the provider's, while it is to be worked on."""
        row = self._rows.find_one(
            {"channel_id": ObjectId(channel_id), "kind": EventKind.MESSAGE, "remote_id": remote_id, "status": ""}
        )
        return _from_row(row) if row and "event" in row else None

    def wrote_between(self, conversation_id: str, since: datetime, until: datetime) -> bool:
        """Whether the contact wrote a message in this time; the latest few of its conversation are looked at."""
        latest = self._rows.find({"conversation_id": ObjectId(conversation_id)}, {"kind": 1, "at": 1})
        rows = latest.sort("_id", DESCENDING).limit(_LATEST)
        return any(row["kind"] == EventKind.MESSAGE and since <= row["at"] <= until for row in rows)

    def conversations_with_mark(self, text_mark: str) -> set[str]:
        """The conversations in which an echo has this mark; a few are enough."""
        rows = self._rows.find({"text_mark": text_mark}, {"conversation_id": 1}).limit(_LATEST)
        return {str(row["conversation_id"]) for row in rows}

    def change_text(self, item_id: str, text: str) -> bool:
        """A contact edited what was not answered yet; False if it was by now."""
        waiting = {"_id": ObjectId(item_id), "next_at": {"$exists": True}}
        return self._rows.update_one(waiting, {"$set": {"event.text": text}}).matched_count == 1

    def forget(self, now: datetime) -> None:
        """Delete what came so long ago that no provider repeats it."""
        delete_if_any(self._rows, {"received_at": {"$lt": now - _KEPT}})

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete what a contact sent before this id was made; returns how many rows."""
        told = {"conversation_id": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        return repeated(lambda: self._rows.delete_many(told)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything that came for an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _insert(self, row: Row) -> bool:
        try:
            self._unconfirmed.insert_one(row)
        except DuplicateKeyError:
            return False
        return True


class InboxTurnRepository:
    """The collection `inbox_turns`: which process works on a conversation's items now."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["inbox_turns"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Let the database forget turns that nobody gave back."""
        self._dialect.expire(self._rows, "until", 3600)

    def take(self, conversation_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Begin or go on; False while another process has the turn."""
        if self._dialect.serves_one_process:
            return True
        mine = {"_id": ObjectId(conversation_id), "$or": [{"owner": owner}, {"until": {"$lte": now}}]}
        try:
            self._rows.update_one(mine, {"$set": {"owner": owner, "until": until}}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def give_back(self, conversation_id: str, owner: str) -> None:
        """Let others have the turn."""
        if self._dialect.serves_one_process:
            return
        self._rows.delete_one({"_id": ObjectId(conversation_id), "owner": owner})


def _to_row(item: InboxItem) -> Row:
    event = item.event
    return {
        "_id": ObjectId(item.id),
        "channel_id": ObjectId(item.channel_id),
        "assistant_id": ObjectId(item.assistant_id),
        "conversation_id": ObjectId(item.conversation_id) if item.conversation_id else None,
        "event_id": ObjectId(item.event_id),
        "kind": event.kind,
        "remote_id": event.remote_id,
        "status": event.status or "",
        "contact": event.contact,
        "address": item.address,
        "message_service": item.message_service,
        "event": _event_row(event),
        "at": item.at,
        "received_at": item.received_at,
        "next_at": item.next_at,
        "waits_in": ObjectId(item.conversation_id),
        "attempts": item.attempts,
        **({"text_mark": item.text_mark} if item.text_mark else {}),
    }


def _event_row(event: ChannelEvent) -> Row:
    return {
        "aliases": [asdict(alias) for alias in event.aliases],
        "type": event.type,
        "name": event.name,
        "text": event.text,
        "media": [asdict(one) for one in event.media],
        "target_id": event.target_id,
        "part_id": event.part_id,
    }


def _from_row(row: Row) -> InboxItem:
    return InboxItem(
        id=str(row["_id"]),
        channel_id=str(row["channel_id"]),
        assistant_id=str(row["assistant_id"]),
        conversation_id=str(row["conversation_id"]),
        event_id=str(row["event_id"]),
        address=row["address"],
        message_service=row["message_service"],
        event=_event_of(row),
        at=row["at"],
        received_at=row["received_at"],
        next_at=row.get("next_at") or row["received_at"],
        attempts=row["attempts"],
        taken=_taken_of(row),
    )


def _taken_of(row: Row) -> TakenMedia | None:
    taken = row.get("taken")
    return TakenMedia(media_of(taken["files"]), taken["needs_person"]) if taken else None


def _event_of(row: Row) -> ChannelEvent:
    told: Any = row["event"]
    return ChannelEvent(
        kind=EventKind(row["kind"]),
        remote_id=row["remote_id"],
        contact=row["contact"],
        aliases=tuple(Alias(AliasKind(one["kind"]), one["value"]) for one in told["aliases"]),
        at=row["at"],
        type=told["type"],
        name=told["name"],
        text=told["text"],
        media=tuple(MediaReference(**{**one, "kind": MediaKind(one["kind"])}) for one in told["media"]),
        target_id=told["target_id"],
        part_id=told["part_id"],
        status=DeliveryState(row["status"]) if row["status"] else None,
    )
