"""What is on its way to contacts, as an assistant's people see it and send it again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.callers import Caller
from app.domain.channels import DeliveryState
from app.domain.errors import ConflictError, NotFoundError
from app.domain.ids import is_id
from app.domain.outbox import OutboxPart
from app.domain.permissions import Action
from app.services.access import Access
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.channels.windows import WINDOW_CLOSED, is_closed
from app.services.ports import Clock
from app.services.ports.channels import ChannelRows, OutboxRows
from app.services.ports.webhooks import ConversationsById

_RESENDABLE = {DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.UNKNOWN, DeliveryState.VOID}


@dataclass(frozen=True, slots=True)
class PartFilter:
    """Which parts of a channel are wanted: those of one chat, those in one state; None: all."""

    channel_id: str
    chat_id: str | None = None
    state: DeliveryState | None = None


class OutboxService:
    """What people do with parts. `send_on` is called with the channel and the conversation of a part to be sent."""

    def __init__(
        self,
        access: Access,
        channels: ChannelRows,
        outbox: OutboxRows,
        conversations: ConversationsById,
        notes: DeliveryNotes,
        *,
        clock: Clock,
        send_on: Callable[[str, str], None],
    ) -> None:
        self._access = access
        self._channels = channels
        self._outbox = outbox
        self._conversations = conversations
        self._notes = notes
        self._clock = clock
        self._send_on = send_on

    def page(self, caller: Caller, wanted: PartFilter, before: str | None, limit: int) -> list[OutboxPart]:
        """The parts of a channel, newest first; raises `NotFoundError`, `ForbiddenError`."""
        channel = self._channels.by_id(wanted.channel_id) if is_id(wanted.channel_id) else None
        if channel is None:
            raise NotFoundError("channel")
        self._access.assistant(caller, channel.assistant_id, Action.READ, "channel")
        if wanted.chat_id is None:
            return self._outbox.page(channel.id, wanted.state, before, limit)
        parts = self._outbox.of_chat(wanted.chat_id) if is_id(wanted.chat_id) else []
        fitting = [part for part in parts if part.channel_id == channel.id and wanted.state in {None, part.state}]
        newest = sorted(fitting, key=lambda part: part.id, reverse=True)
        return [part for part in newest if before is None or part.id < before][:limit]

    def resend(self, caller: Caller, part_id: str) -> OutboxPart:
        """Send a part again, at once, whoever answers the conversation now, and those that failed for its sake.

        Raises `NotFoundError`, `ForbiddenError`, and `ConflictError`: `not_resendable` for one that is on its way
        or has arrived, `part_before_failed` for one whose turn has not come, `window_closed` while the provider
        takes nothing for this customer.
        """
        part = self._outbox.by_id(part_id) if is_id(part_id) else None
        if part is None:
            raise NotFoundError("part")
        self._access.assistant(caller, part.assistant_id, Action.OPERATE, "part")
        now = self._clock()
        conversation = self._conversations.by_ids([part.conversation_id]).get(part.conversation_id)
        if conversation is not None and part.template is None and is_closed(conversation, part.channel_id, now):
            code, sentence = WINDOW_CLOSED
            raise ConflictError(sentence, code=code)
        parts = self._outbox.of_chat(part.chat_id)
        if any(one.has_failed_before(part) for one in parts):
            sentence = "A part of this message that comes before failed; send that one again first."
            raise ConflictError(sentence, code="part_before_failed")
        again = _queued(part, now)
        if part.state not in _RESENDABLE or not self._outbox.settle(again, part.state):
            raise ConflictError("This part is on its way, or has arrived.", code="not_resendable")
        for later in parts:
            if part.has_failed_before(later) and later.error_code == "part_before_failed":
                self._outbox.settle(_queued(later, now), later.state)
        self._notes.note(part.chat_id)
        self._send_on(part.channel_id, part.conversation_id)
        return again


def _queued(part: OutboxPart, now: datetime) -> OutboxPart:
    """The part as one that is due now, whoever answers the conversation."""
    return replace(
        part,
        state=DeliveryState.QUEUED,
        next_at=now,
        epoch=None,
        error=None,
        error_code=None,
        changed_at=now,
        requeued_at=now,
    )
