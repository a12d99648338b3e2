"""The collection `outbox`: parts of answers on their way to contacts."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.domain.channels import DeliveryState
from app.domain.conversations import Conversation
from app.domain.message_templates import ChosenTemplate
from app.domain.outbox import SENT_TWICE, OutboxPart, begun, is_ahead, may_be_sent
from app.domain.rows import Row
from app.repositories.conversation_rows import from_row as conversation_of
from app.repositories.dialect import Dialect
from app.repositories.due_conversations import due_conversations
from app.repositories.failures import only_duplicates
from app.repositories.mongo import delete_if_any, repeated
from app.repositories.pages import newest_first

_KEPT = timedelta(days=30)
_LATEST = 50
_WHILE_OPEN = ("next_at", "open_in")


class OutboxRepository:
    """Parts. The lease on one that is being sent is its `next_at`: whoever comes too late finds another value.

    `open_in` is the conversation of one that is not settled, or held.
    """

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["outbox"]
        self._conversations = database["conversations"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("next_at", ASCENDING)], sparse=True)
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("channel_id", ASCENDING), ("remote_id", ASCENDING)])
        self._rows.create_index([("channel_id", ASCENDING), ("state", ASCENDING), ("_id", DESCENDING)])
        self._rows.create_index([("open_in", ASCENDING)])  # a sparse one is not used by $lookup
        self._rows.create_index([("assistant_id", ASCENDING)])
        self._rows.create_index([("createdAt", ASCENDING)])
        self._rows.create_index([("chat_id", ASCENDING), ("number", ASCENDING)], unique=True)

    def add(self, parts: Sequence[OutboxPart]) -> bool:
        """Store parts that are to be sent; False if some are there already, which stay as they are."""
        try:
            self._rows.insert_many([_to_row(one) for one in parts], ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):
                raise
            return False
        return True

    def of_chat(self, chat_id: str) -> list[OutboxPart]:
        """The parts of a chat, in their order."""
        rows = self._rows.find({"chat_id": ObjectId(chat_id)})
        return sorted((_from_row(row) for row in rows), key=lambda part: part.number)

    def waiting(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Channels and conversations with a part that is due, the longest due first."""
        return due_conversations(self._rows, now, limit)

    def open_parts(self, conversation_id: str) -> tuple[Conversation | None, list[OutboxPart]]:
        """A conversation, and its parts that are not settled, or held, in their order; the parts are read last."""
        found = self._conversations.aggregate(
            [
                {"$match": {"_id": ObjectId(conversation_id)}},
                {"$unset": "latest_chats"},
                {"$lookup": {"from": "outbox", "localField": "_id", "foreignField": "open_in", "as": "parts"}},
            ]
        )
        row = next(iter(found), None)
        if row is None:
            return None, self._open(conversation_id)
        return conversation_of(row), _in_order(row["parts"])

    def claim(self, part: OutboxPart, now: datetime) -> OutboxPart | None:
        """Begin to send a part, under a lease; None if another has begun since."""
        as_found = {"state": part.state, "next_at": part.next_at}
        claimed = begun(part, now)
        values = {name: getattr(claimed, name) for name in ("state", "next_at", "resends", "attempts")}
        return claimed if self._dialect.update_if(self._rows, ObjectId(part.id), as_found, values) else None

    def settle(self, part: OutboxPart, if_state: DeliveryState) -> bool:
        """Write down what became of a part: its state, ids and error, and when it is due again if it is.

        False if it has another state than `if_state` by now, such as one that a status told.
        """
        values: Row = {
            "state": part.state,
            "remote_id": part.remote_id,
            "error_code": part.error_code,
            "error": part.error,
            "changed_at": part.changed_at,
            "resends": part.resends,
            **({"requeued_at": part.requeued_at} if part.requeued_at else {}),
        }
        if part.is_pending:
            values["next_at"] = part.next_at
        if part.is_open:
            values["open_in"] = ObjectId(part.conversation_id)
        removed = [name for name in _WHILE_OPEN if name not in values]
        return self._dialect.update_if(self._rows, ObjectId(part.id), {"state": if_state}, values, removed)

    def by_id(self, part_id: str) -> OutboxPart | None:
        """The part with this id."""
        row = self._rows.find_one({"_id": ObjectId(part_id)})
        return _from_row(row) if row else None

    def by_remote(self, channel_id: str, remote_id: str) -> OutboxPart | None:
        """The part that the provider calls so."""
        row = self._rows.find_one({"channel_id": ObjectId(channel_id), "remote_id": remote_id})
        return _from_row(row) if row else None

    def sending_to(self, conversation_id: str) -> list[OutboxPart]:
        """The parts of a conversation that are being sent, or were without a word whether they arrived."""
        states = {DeliveryState.SENDING, DeliveryState.UNKNOWN}
        return [part for part in self._open(conversation_id) if part.state in states]

    def sent_twice(self, conversation_id: str) -> list[OutboxPart]:
        """The latest parts of a conversation of which nobody knows whether the provider has them."""
        rows = (
            self._rows.find({"conversation_id": ObjectId(conversation_id)}).sort("_id", DESCENDING).limit(_LATEST)
        )
        parts = [_from_row(row) for row in rows if row["error_code"] == SENT_TWICE]
        return [part for part in parts if part.state is DeliveryState.FAILED]

    def remote_ids(self, conversation_id: str) -> set[str]:
        """What the provider calls the parts of a conversation that it has."""
        rows = self._rows.find({"conversation_id": ObjectId(conversation_id)}, {"remote_id": 1})
        return {row["remote_id"] for row in rows if row["remote_id"]}

    def advance(self, part: OutboxPart, state: DeliveryState, now: datetime, error: tuple[str, str] | None) -> bool:
        """Follow a provider's status, unless more is known already."""
        if not is_ahead(state, part.state):
            return False
        code, sentence = error or (None, None)
        values = {"state": state, "changed_at": now, "error_code": code, "error": sentence}
        if part.remote_id:
            values["remote_id"] = part.remote_id
        return self._dialect.update_if(self._rows, ObjectId(part.id), {"state": part.state}, values, _WHILE_OPEN)

    def void(self, conversation: Conversation, now: datetime) -> list[str]:
        """Send no more of what a person who answers a conversation came before; the ids of its chats."""
        queued = [part for part in self._open(conversation.id) if part.state is DeliveryState.QUEUED]
        old = [part for part in queued if not may_be_sent(part, conversation)]
        change = {
            "$set": {"state": DeliveryState.VOID, "changed_at": now},
            "$unset": dict.fromkeys(_WHILE_OPEN, ""),
        }
        if old:
            repeated(lambda: self._rows.update_many(_as_they_are(old), change))
        return sorted({part.chat_id for part in old})

    def release(self, held: Sequence[OutboxPart], now: datetime) -> None:
        """What was held may be sent now."""
        freed: Row = {"state": DeliveryState.QUEUED, "next_at": now, "changed_at": now, "requeued_at": now}
        change = {"$set": {**freed, "error": None, "error_code": None}}
        repeated(lambda: self._rows.update_many(_as_they_are(held), change))

    def begin_again(self, channel_id: str, now: datetime) -> None:
        """What waits in a channel, for its time or for its customer, is due now."""
        waiting = {"channel_id": ObjectId(channel_id), "state": {"$in": [DeliveryState.QUEUED, DeliveryState.HELD]}}
        change = {"$set": {"state": DeliveryState.QUEUED, "next_at": now}}
        repeated(lambda: self._rows.update_many(waiting, change))

    def page(
        self, channel_id: str, state: DeliveryState | None, before: str | None, limit: int
    ) -> list[OutboxPart]:
        """The parts of a channel, newest first."""
        streams = [
            {"channel_id": ObjectId(channel_id), "state": one} for one in ([state] if state else DeliveryState)
        ]
        rows = newest_first(self._dialect, self._rows, streams, before, limit)
        return [_from_row(row) for row in rows]

    def forget(self, now: datetime) -> None:
        """Delete what was made more than 30 days ago."""
        delete_if_any(self._rows, {"createdAt": {"$lt": now - _KEPT}})

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete what was made for a contact before this id; returns how many rows."""
        made = {"conversation_id": ObjectId(conversation_id), "chat_id": {"$lt": ObjectId(before)}}
        return repeated(lambda: self._rows.delete_many(made)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _open(self, conversation_id: str) -> list[OutboxPart]:
        return _in_order(self._rows.find({"open_in": ObjectId(conversation_id)}))


def _in_order(rows: Iterable[Row]) -> list[OutboxPart]:
    return sorted(map(_from_row, rows), key=lambda part: (part.chat_id, part.number))


def _as_they_are(parts: Sequence[OutboxPart]) -> Row:
    """Fits parts of one state, as long as they have it."""
    return {"_id": {"$in": [ObjectId(part.id) for part in parts]}, "state": parts[0].state}


def _to_row(part: OutboxPart) -> Row:
    return {
        "_id": ObjectId(part.id),
        "channel_id": ObjectId(part.channel_id),
        "assistant_id": ObjectId(part.assistant_id),
        "conversation_id": ObjectId(part.conversation_id),
        "chat_id": ObjectId(part.chat_id),
        "number": part.number,
        "of_parts": part.of_parts,
        "recipient": part.recipient,
        "text": part.text,
        "createdAt": part.created_at,
        "next_at": part.next_at,
        "epoch": part.epoch,
        "state": part.state,
        "attempts": part.attempts,
        "resends": part.resends,
        "remote_id": part.remote_id,
        "error_code": part.error_code,
        "error": part.error,
        "changed_at": part.changed_at,
        **({"open_in": ObjectId(part.conversation_id)} if part.is_open else {}),
        **({"template": asdict(part.template)} if part.template else {}),
    }


def _from_row(row: Row) -> OutboxPart:
    return OutboxPart(
        id=str(row["_id"]),
        channel_id=str(row["channel_id"]),
        assistant_id=str(row["assistant_id"]),
        conversation_id=str(row["conversation_id"]),
        chat_id=str(row["chat_id"]),
        number=row["number"],
        of_parts=row.get("of_parts", 0),
        recipient=row["recipient"],
        text=row["text"],
        created_at=row["createdAt"],
        next_at=row.get("next_at") or row["createdAt"],
        epoch=row["epoch"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        resends=row["resends"],
        remote_id=row["remote_id"],
        error_code=row["error_code"],
        error=row["error"],
        changed_at=row["changed_at"],
        template=_template_of(row.get("template")),
        requeued_at=row.get("requeued_at"),
    )


def _template_of(row: Row | None) -> ChosenTemplate | None:
    return ChosenTemplate(row["name"], row["language"], tuple(row["values"])) if row else None
