"""Sends the parts of a conversation, one after another, and never over a person."""

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from app.domain.channels import (
    AssistantChannel,
    ChannelKind,
    DeliveryState,
    ErrorAction,
    OutgoingPart,
    ProviderError,
)
from app.domain.outbox import OutboxPart, may_be_sent
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.channels.provider import Provider
from app.services.channels.windows import WINDOW_CLOSED, is_closed
from app.services.ports import Clock
from app.services.ports.channels import ChannelRows, OutboxRows
from app.services.ports.webhooks import ConversationsById

# Longer than a request to a provider takes; whoever still sends then is dead.
_LEASE = timedelta(seconds=45)
# So long a status may take that says whether a part arrived.
_OPEN = timedelta(seconds=60)
_PAUSED = timedelta(seconds=30)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=5)
_GIVEN_UP_AFTER = timedelta(hours=24)
_MOST_RESENDS = 1

_log = logging.getLogger(__name__)


class PartSender:
    """Takes the next part of a conversation through one attempt."""

    def __init__(
        self,
        outbox: OutboxRows,
        channels: ChannelRows,
        conversations: ConversationsById,
        providers: Mapping[ChannelKind, Provider],
        notes: DeliveryNotes,
        *,
        clock: Clock,
        chance: Callable[[], float] = random.random,
        on_pause: Callable[[AssistantChannel, str], None] = lambda channel, reason: None,
        on_attempt: Callable[[str, str], None] = lambda kind, outcome: None,
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._conversations = conversations
        self._providers = providers
        self._notes = notes
        self._clock = clock
        self._chance = chance
        self._on_pause = on_pause
        self._on_attempt = on_attempt

    def send_all(self, conversation_id: str) -> bool:
        """Send what is due in a conversation until something has to wait; False if the provider made it wait."""
        while (part := self._outbox.next_of(conversation_id)) is not None and part.next_at <= self._clock():
            if not self._sent(part):
                return False
        return True

    def _sent(self, due: OutboxPart) -> bool:
        """Whether the next part may go at once."""
        channel = self._channels.by_id(due.channel_id)
        if channel is not None and channel.paused:
            self._settle(replace(due, next_at=self._clock() + _PAUSED), due.state)
            return False
        if due.state is not DeliveryState.QUEUED and due.resends >= _MOST_RESENDS:
            sentence = "The provider never said whether it took this part, and it was sent twice."
            return self._ended(due, due.state, DeliveryState.FAILED, ("unknown", sentence))
        claimed = self._outbox.claim(due, self._clock() + _LEASE)
        if claimed is None:
            return True
        if channel is None:
            told = ("channel_deleted", "The channel is deleted.")
            return self._ended(claimed, claimed.state, DeliveryState.FAILED, told)
        # Only after the claim: whoever takes the conversation over looks for claims after that.
        state, told_why = self._not_now(claimed)
        return self._ended(claimed, claimed.state, state, told_why) if state else self._attempt(channel, claimed)

    def _not_now(self, part: OutboxPart) -> tuple[DeliveryState | None, tuple[str, str] | None]:
        """What becomes of a part that may not be sent, and why; None if it may."""
        conversation = self._conversations.by_ids([part.conversation_id]).get(part.conversation_id)
        if conversation is None or not may_be_sent(part, conversation):
            return DeliveryState.VOID, None
        if is_closed(conversation, part.channel_id, self._clock()):
            return DeliveryState.HELD, WINDOW_CLOSED
        return None, None

    def _attempt(self, channel: AssistantChannel, part: OutboxPart) -> bool:
        try:
            remote_id = self._found_or_sent(channel, part)
        except ProviderError as error:
            self._on_attempt(channel.kind, error.action)
            return self._failed(channel, part, error)
        self._on_attempt(channel.kind, DeliveryState.ACCEPTED)
        now = self._clock()
        accepted = replace(part, state=DeliveryState.ACCEPTED, remote_id=remote_id, changed_at=now)
        self._settle(replace(accepted, error=None, error_code=None), DeliveryState.SENDING)
        self._channels.note(channel.id, last_out_at=now, proof_at=now)
        return True

    def _found_or_sent(self, channel: AssistantChannel, part: OutboxPart) -> str:
        """The provider's id of the part, which is not sent again if the provider says it has it."""
        provider, outgoing = self._providers[channel.kind], OutgoingPart(part.id, part.recipient, part.text)
        if part.resends and provider.lookup is not None:
            known = self._outbox.remote_ids(part.conversation_id)
            found = provider.lookup.was_sent(channel, outgoing, part.created_at, known)
            if found is not None:
                return found
        return provider.adapter.send(channel, outgoing)

    def _failed(self, channel: AssistantChannel, part: OutboxPart, error: ProviderError) -> bool:
        """What follows from a provider's error; whether the next part may go."""
        told = (error.code, error.message)
        if error.action is ErrorAction.FAIL:
            return self._ended(part, part.state, DeliveryState.FAILED, told)
        if error.action is ErrorAction.HOLD:
            return self._ended(part, part.state, DeliveryState.HELD, told)
        if error.action is ErrorAction.LOOK:
            self._waits(part, DeliveryState.UNKNOWN, _OPEN, told)
            return False
        if error.action is ErrorAction.PAUSE:
            if self._channels.pause(channel.id, error.message):
                _log.warning("channel %s is paused: %s", channel.id, error.code)
                self._on_pause(channel, error.message)
            self._waits(part, DeliveryState.QUEUED, _PAUSED, told)
            return False
        if self._clock() - part.created_at > _GIVEN_UP_AFTER:
            return self._ended(part, part.state, DeliveryState.FAILED, told)
        self._waits(part, DeliveryState.QUEUED, self._pause_after(part, error), told)
        return False

    def _pause_after(self, part: OutboxPart, error: ProviderError) -> timedelta:
        longest = min(_FIRST_PAUSE * (1 << min(part.attempts, 9)), _LONGEST_PAUSE)
        wished = timedelta(seconds=min(error.retry_after or 0, _LONGEST_PAUSE.total_seconds()))
        return max(longest * (0.5 + 0.5 * self._chance()), wished)

    def _waits(self, part: OutboxPart, state: DeliveryState, pause: timedelta, told: tuple[str, str]) -> None:
        now = self._clock()
        waiting = replace(part, state=state, next_at=now + pause, error_code=told[0], error=told[1], changed_at=now)
        self._settle(waiting, DeliveryState.SENDING)

    def _ended(
        self, part: OutboxPart, before: DeliveryState, state: DeliveryState, told: tuple[str, str] | None
    ) -> bool:
        code, sentence = told or (None, None)
        ended = replace(part, state=state, error_code=code, error=sentence, changed_at=self._clock())
        self._settle(ended, before)
        return True

    def _settle(self, part: OutboxPart, before: DeliveryState) -> None:
        if self._outbox.settle(part, before):
            self._notes.note(part.chat_id)
