"""The outbox: what is to be sent to contacts, part by part."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.channels import DeliveryState
from app.domain.conversations import Conversation
from app.domain.message_templates import ChosenTemplate

SENT_TWICE = "unknown"
"""The error code of a part that failed, as nobody knows whether the provider has it."""

PENDING = frozenset({DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN})
"""States that a part leaves by itself."""
# Longer than a request to a provider takes; whoever still sends then is dead.
_LEASE = timedelta(seconds=45)
_STEPS = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.READ)


@dataclass(frozen=True, slots=True)
class OutboxPart:
    """One part of an answer, or of what a person wrote.

    `number` counts the parts of a chat from 0; there are `of_parts` of them (0: that is not known). `epoch` is that
    of the conversation when the answer was committed: it may be sent only as long as nobody took the conversation
    over since; None: a person wrote it. `next_at` is when it is due, or, while it is being sent, when the sender
    counts as dead. `resends` counts the times it was sent again after it was left open whether the provider had it.
    `template`: what is sent is an approved template, which may be sent at any time; `text` is how it reads.
    """

    id: str
    channel_id: str
    assistant_id: str
    conversation_id: str
    chat_id: str
    number: int
    recipient: str
    text: str
    created_at: datetime
    next_at: datetime
    of_parts: int = 0
    epoch: int | None = None
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    resends: int = 0
    remote_id: str | None = None
    error_code: str | None = None
    error: str | None = None
    changed_at: datetime | None = None
    template: ChosenTemplate | None = None
    requeued_at: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """When it was to be sent first, or again because a customer wrote or a person wished it."""
        return self.requeued_at or self.created_at

    def has_failed_before(self, later: "OutboxPart") -> bool:
        """Whether this one failed, and comes before another part of the same message."""
        return self.state is DeliveryState.FAILED and self.number < later.number

    @property
    def is_pending(self) -> bool:
        """Whether something is still to be done for it, by itself."""
        return self.state in PENDING

    @property
    def is_open(self) -> bool:
        """Whether something may still be done for it without anybody asking for that."""
        return self.is_pending or self.state is DeliveryState.HELD


def begun(part: OutboxPart, now: datetime) -> OutboxPart:
    """The part while it is being sent, under a lease."""
    return replace(
        part,
        state=DeliveryState.SENDING,
        next_at=now + _LEASE,
        resends=part.resends + (0 if part.state is DeliveryState.QUEUED else 1),
        attempts=part.attempts + 1,
    )


def may_be_sent(part: OutboxPart, conversation: Conversation) -> bool:
    """Whether nobody took the conversation over, or wrote to its customer, since the part was made."""
    if part.epoch is None:
        return True
    person_at = None if conversation.active else conversation.person_at
    return part.epoch == conversation.epoch and not (person_at and person_at > part.created_at)


def is_ahead(state: DeliveryState, before: DeliveryState) -> bool:
    """Whether a status says more than what is known; a provider's statuses come in any order."""
    if state is DeliveryState.FAILED:
        return before is not DeliveryState.READ and before is not DeliveryState.FAILED
    if state not in _STEPS:
        return False
    return before not in _STEPS or _STEPS.index(state) > _STEPS.index(before)
