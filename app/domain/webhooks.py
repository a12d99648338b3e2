"""Webhooks out: which events an assistant's owner is told of, where, and how far the telling has come.

The words, headers and the schedule of retries are those of Standard Webhooks 1.0.0
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_WEBHOOKS = 10
"""How many webhooks an assistant may have."""


class EventType(StrEnum):
    """What can happen."""

    MESSAGE_RECEIVED = "message.received"
    MESSAGE_ANSWERED = "message.answered"
    MESSAGE_FAILED = "message.failed"
    CONVERSATION_HANDOVER = "conversation.handover"
    CONVERSATION_REACTIVATED = "conversation.reactivated"
    DOCUMENT_READY = "document.ready"
    DOCUMENT_FAILED = "document.failed"
    CHANNEL_CONNECTED = "channel.connected"
    CHANNEL_DISCONNECTED = "channel.disconnected"
    BUDGET_WARNING = "budget.warning"
    BUDGET_EXHAUSTED = "budget.exhausted"


MESSAGE_EVENTS = (EventType.MESSAGE_RECEIVED, EventType.MESSAGE_ANSWERED, EventType.MESSAGE_FAILED)


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event that is to be told, written down with what made it happen; `id` is the event's key."""

    id: str
    type: EventType


@dataclass(frozen=True, slots=True)
class Webhook:
    """A URL that is told of some types of events; of none from `disabled_at` on."""

    id: str
    url: str
    events: tuple[EventType, ...]
    created_at: datetime
    disabled_at: datetime | None = None

    def wants(self, event_type: EventType) -> bool:
        """Whether it is told of events of this type."""
        return self.disabled_at is None and event_type in self.events


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where the deliveries of a webhook go, and the secret (`whsec_…`) that signs them."""

    url: str
    secret: str
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """The status a receiver answered with, and in how many seconds it wants to be asked again (None: not said)."""

    status: int
    retry_after: float | None = None


class DeliveryState(StrEnum):
    """`PENDING`: to be sent, now or at a retry. `FAILED`: given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whose conversation an event is about, and the latest chat it tells of: what an erasure goes by."""

    conversation_id: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook.

    `id` is derived from both, and is what a receiver gets as `webhook-id` at every attempt. `entry_id` grows with
    the time it was put into the outbox. `body` is JSON, the same at every attempt. `attempts` counts those begun;
    `next_at` is when the next one is due, or, during one, when its lease ends; after `until` it is given up.
    `status` is that of the last answer, `error` says why the last attempt failed; both None where there was none.
    """

    id: str
    entry_id: str
    webhook_id: str
    assistant_id: str
    type: EventType
    body: str
    created_at: datetime
    contact: Contact | None = None
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    next_at: datetime | None = None
    until: datetime | None = None
    status: int | None = None
    error: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """That a webhook has a delivery that is due at `at`."""

    assistant_id: str
    webhook_id: str
    at: datetime


RETRY_DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failed attempt the next one is made; together a little more than three days."""

LONGEST_PENDING = sum(RETRY_DELAYS, timedelta()) * 1.1
"""When a delivery is given up at the latest, though another one's failures may have put off its own attempts."""
