"""The collection `webhook_deliveries`: the outbox of webhooks, one row for each event and webhook."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.domain.rows import Row
from app.domain.webhooks import Contact, Delivery, DeliveryState, EventType, Pending
from app.repositories.dialect import Dialect
from app.repositories.failures import only_duplicates
from app.repositories.mongo import delete_if_any, repeated
from app.repositories.pages import newest_first

_KEPT = timedelta(days=7)
_MOST_KEPT = {DeliveryState.PENDING: 10_000, DeliveryState.DELIVERED: 1000, DeliveryState.FAILED: 1000}
_WITHOUT_BODY = {"body": 0}


class WebhookDeliveryRepository:
    """Deliveries. The lease on a pending one is its `next_at`, which a claim moves: whoever comes too late finds
    another value there. The same field so says when a retry is due and when a dead process' work is taken over.
    """

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["webhook_deliveries"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("state", ASCENDING), ("next_at", ASCENDING)])
        self._rows.create_index([("webhook_id", ASCENDING), ("state", ASCENDING), ("next_at", ASCENDING)])
        self._rows.create_index([("webhook_id", ASCENDING), ("state", ASCENDING), ("entry_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("state", ASCENDING), ("entry_id", ASCENDING)])
        self._rows.create_index([("conversation_id", ASCENDING)], sparse=True)
        self._rows.create_index([("ended_at", ASCENDING)], sparse=True)
        self._rows.create_index([("until", ASCENDING)], sparse=True)

    def add(self, deliveries: Sequence[Delivery]) -> None:
        """Store deliveries that are due at once; those that are there already stay as they are."""
        try:
            self._rows.insert_many([_to_row(one) for one in deliveries], ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):
                raise

    def pending(self, besides: Collection[str], until: datetime, limit: int) -> list[Pending]:
        """The deliveries of all webhooks but some that are due now or by `until`, in that order."""
        wanted: Row = {"state": DeliveryState.PENDING, "next_at": {"$lte": until}}
        if besides:
            wanted["webhook_id"] = {"$nin": [ObjectId(one) for one in besides]}
        shown = {"assistant_id": 1, "webhook_id": 1, "next_at": 1}
        rows = self._rows.find(wanted, shown).sort("next_at", ASCENDING).limit(limit)
        return [Pending(str(row["assistant_id"]), str(row["webhook_id"]), row["next_at"]) for row in rows]

    def due(self, webhook_id: str, now: datetime, limit: int) -> list[Delivery]:
        """The deliveries of a webhook that are due, the longest due first."""
        due = {"webhook_id": ObjectId(webhook_id), "state": DeliveryState.PENDING, "next_at": {"$lte": now}}
        return [_from_row(row) for row in self._rows.find(due).sort("next_at", ASCENDING).limit(limit)]

    def claim(self, delivery: Delivery, until: datetime) -> Delivery | None:
        """Begin an attempt at a delivery that was due, under a lease; None if another has begun one since."""
        as_found = {"_id": ObjectId(delivery.id), "state": DeliveryState.PENDING, "next_at": delivery.next_at}
        change = {"$set": {"next_at": until}, "$inc": {"attempts": 1}}
        if not self._rows.update_one(as_found, change).matched_count:
            return None
        return replace(delivery, next_at=until, attempts=delivery.attempts + 1)

    def delivered(self, delivery: Delivery, now: datetime) -> None:
        """The receiver has it."""
        self._end_attempt(delivery, _ended(DeliveryState.DELIVERED, now))

    def retry(self, delivery: Delivery, at: datetime) -> None:
        """The attempt failed; the next one is due then."""
        self._end_attempt(delivery, {"$set": {"next_at": at}})

    def give_up(self, delivery: Delivery, now: datetime) -> None:
        """The attempt failed, and was the last one."""
        self._end_attempt(delivery, _ended(DeliveryState.FAILED, now))

    def pause(self, webhook_id: str, now: datetime, until: datetime) -> None:
        """Nothing of a webhook is due before `until`."""
        due = {"webhook_id": ObjectId(webhook_id), "state": DeliveryState.PENDING, "next_at": {"$lte": now}}
        repeated(lambda: self._rows.update_many(due, {"$set": {"next_at": until}}))

    def give_up_of_webhook(self, webhook_id: str, error: str, now: datetime) -> None:
        """Send nothing more to a webhook."""
        self._give_up_many({"webhook_id": ObjectId(webhook_id), "state": DeliveryState.PENDING}, error, now)

    def give_up_overdue(self, error: str, now: datetime) -> None:
        """Send nothing more of what was to be sent by now."""
        self._give_up_many({"until": {"$lt": now}, "state": DeliveryState.PENDING}, error, now)

    def send_again(self, delivery_id: str, now: datetime, until: datetime) -> None:
        """Begin anew with a delivery, whatever became of it."""
        values = {"state": DeliveryState.PENDING, "attempts": 0, "next_at": now, "until": until}
        self._rows.update_one({"_id": ObjectId(delivery_id)}, {"$set": values, "$unset": {"ended_at": ""}})

    def by_id(self, assistant_id: str, delivery_id: str) -> Delivery | None:
        """The delivery of an assistant with this id."""
        row = self._rows.find_one({"_id": ObjectId(delivery_id), "assistant_id": ObjectId(assistant_id)})
        return _from_row(row) if row else None

    def page(
        self, assistant_id: str, webhook_id: str | None, state: DeliveryState | None, before: str | None, limit: int
    ) -> list[Delivery]:
        """The deliveries of an assistant, or of one of its webhooks, newest first, without their bodies."""
        scope: Row = {"assistant_id": ObjectId(assistant_id)}
        if webhook_id:
            scope = {"webhook_id": ObjectId(webhook_id), **scope}
        streams = [{**scope, "state": one} for one in ([state] if state else DeliveryState)]
        rows = newest_first(
            self._dialect, self._rows, streams, before, limit, key="entry_id", projection=_WITHOUT_BODY
        )
        return [_from_row(row) for row in rows]

    def delete_of_webhook(self, webhook_id: str) -> None:
        """Everything for a webhook."""
        repeated(lambda: self._rows.delete_many({"webhook_id": ObjectId(webhook_id)}))

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything about an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete what tells of a conversation as it was before the chat id `before`; returns how many rows."""
        told = {"conversation_id": ObjectId(conversation_id), "chat_id": {"$lt": ObjectId(before)}}
        return repeated(lambda: self._rows.delete_many(told)).deleted_count

    def forget_ended(self, now: datetime) -> None:
        """Delete what was delivered or given up more than seven days ago."""
        delete_if_any(self._rows, {"ended_at": {"$lt": now - _KEPT}})

    def trim(self, webhook_id: str) -> None:
        """Keep of one webhook the newest 10,000 that are pending, 1,000 delivered and 1,000 given up."""
        for state, most in _MOST_KEPT.items():
            of_state = {"webhook_id": ObjectId(webhook_id), "state": state}
            rows = self._rows.find(of_state, {"entry_id": 1}).sort("entry_id", DESCENDING).skip(most).limit(1)
            for row in rows:
                self._delete_older({**of_state, "entry_id": {"$lte": row["entry_id"]}})

    def _delete_older(self, wanted: Row) -> None:
        repeated(lambda: self._rows.delete_many(wanted))

    def _give_up_many(self, wanted: Row, error: str, now: datetime) -> None:
        change = _ended(DeliveryState.FAILED, now)
        change["$set"]["error"] = error
        repeated(lambda: self._rows.update_many(wanted, change))

    def _end_attempt(self, delivery: Delivery, change: Row) -> None:
        """Write down how an attempt ended, unless its lease has passed to another one meanwhile."""
        leased = {
            "_id": ObjectId(delivery.id),
            "state": DeliveryState.PENDING,
            "attempts": delivery.attempts,
            "next_at": delivery.next_at,
        }
        answer = {"status": delivery.status, "error": delivery.error}
        self._rows.update_one(leased, {**change, "$set": {**answer, **change["$set"]}})


def _ended(state: DeliveryState, now: datetime) -> Row:
    return {"$set": {"state": state, "ended_at": now, "next_at": None}, "$unset": {"until": ""}}


def _to_row(delivery: Delivery) -> Row:
    row: Row = {
        "_id": ObjectId(delivery.id),
        "entry_id": ObjectId(delivery.entry_id),
        "webhook_id": ObjectId(delivery.webhook_id),
        "assistant_id": ObjectId(delivery.assistant_id),
        "type": delivery.type,
        "body": delivery.body,
        "createdAt": delivery.created_at,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": delivery.next_at,
        "status": delivery.status,
        "error": delivery.error,
    }
    if delivery.until:
        row["until"] = delivery.until
    if contact := delivery.contact:
        row |= {"conversation_id": ObjectId(contact.conversation_id), "chat_id": ObjectId(contact.chat_id)}
    return row


def _from_row(row: Row) -> Delivery:
    contact = Contact(str(row["conversation_id"]), str(row["chat_id"])) if "conversation_id" in row else None
    return Delivery(
        id=str(row["_id"]),
        entry_id=str(row["entry_id"]),
        webhook_id=str(row["webhook_id"]),
        assistant_id=str(row["assistant_id"]),
        type=EventType(row["type"]),
        body=row.get("body", ""),
        created_at=row["createdAt"],
        contact=contact,
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        next_at=row["next_at"],
        until=row.get("until"),
        status=row["status"],
        error=row["error"],
        ended_at=row.get("ended_at"),
    )
