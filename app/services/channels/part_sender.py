"""Sends the parts of a conversation, one after another, and never over a person."""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
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
from app.domain.conversations import Conversation
from app.domain.outbox import SENT_TWICE, OutboxPart, may_be_sent
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.channels.provider import Provider
from app.services.channels.windows import WINDOW_CLOSED, is_closed
from app.services.channels.work_threads import Outcome
from app.services.ports import Clock
from app.services.ports.channels import ChannelRows, OutboxRows
from app.services.ports.webhooks import ConversationsById

# So long a status may take that says whether a part arrived.
_OPEN = timedelta(seconds=60)
_PAUSED = timedelta(seconds=30)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=5)
_GIVEN_UP_AFTER = timedelta(hours=24)
_TOO_OLD = ("too_old", "This waited for more than a day. Send it again if it is still good.")
_PART_BEFORE_FAILED = ("part_before_failed", "A part of this message that comes before failed.")
_MOST_RESENDS = 1
_SENT_TWICE = (SENT_TWICE, "The provider never said whether it took this part, and it was sent twice.")
_DELETED = ("channel_deleted", "The channel is deleted; this was not sent.")
_DELETED_OPEN = (
    "channel_deleted",
    "The channel is deleted, and its provider never said whether it took this part.",
)
# What may be settled before its time: by the process that sends it, or by a status that another one took in.
_LONGEST_WAIT_SECONDS = {DeliveryState.SENDING: 1.0, DeliveryState.UNKNOWN: 5.0}
# That something went out shows that the channel works; once a minute is enough to know.
_PROOF_EVERY = timedelta(minutes=1)

_log = logging.getLogger(__name__)


class PartSender:
    """Takes the next part of a conversation through one attempt.

    A part is claimed before it is looked at who answers its conversation: whoever takes that over looks for claims
    afterwards.
    """

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

    def send_all(self, conversation_id: str) -> Outcome:
        """Send what is due in a conversation, until something has to wait."""
        for part in self._outbox.open_parts(conversation_id)[1]:
            if part.state is DeliveryState.HELD:
                continue
            left = (part.next_at - self._clock()).total_seconds()
            if left > 0:  # another process is sending it, or it waits for its turn
                return Outcome(None, min(left, _LONGEST_WAIT_SECONDS.get(part.state, left)))
            outcome = self._claimed_and_sent(part)
            if outcome is not None:
                return outcome
        return Outcome()

    def send_answer(self, channel_id: str, conversation_id: str, claimed: OutboxPart | None) -> Outcome:
        """A customer has written by a channel: what was held may go, and the answer goes at once if it is next.

        `claimed` is the answer's first part, None if there is none, or it is not claimed.
        """
        conversation, parts = self._outbox.open_parts(conversation_id)
        self._release(
            [part for part in parts if part.state is DeliveryState.HELD and part.channel_id == channel_id]
        )
        if claimed is not None and parts and parts[0].id != claimed.id:
            self._outbox.settle(replace(claimed, state=DeliveryState.QUEUED, next_at=self._clock()), claimed.state)
            claimed = None
        if claimed is None:
            return Outcome(None, 0 if parts else None)
        outcome = self._sent(claimed, conversation)
        if outcome is None and len(parts) > 1:
            return Outcome(again_seconds=0)
        return outcome or Outcome()

    def _release(self, held: Sequence[OutboxPart]) -> None:
        if held:
            self._outbox.release(held, self._clock())
        for chat_id in sorted({part.chat_id for part in held}):
            self._notes.note(chat_id)

    def _claimed_and_sent(self, due: OutboxPart) -> Outcome | None:
        """None if the next part may go at once."""
        channel = self._channels.lately(due.channel_id)
        if channel is not None and channel.paused:
            return self._waits(due, due.state, _PAUSED, None)
        if channel is not None and self._was_sent_twice(channel, due):
            self._ended(due, due.state, DeliveryState.FAILED, _SENT_TWICE)
            return None
        claimed = self._outbox.claim(due, self._clock())
        if claimed is None:
            return Outcome(None, _LONGEST_WAIT_SECONDS[DeliveryState.SENDING])
        conversation = self._conversations.by_ids([due.conversation_id]).get(due.conversation_id)
        return self._sent(claimed, conversation, _DELETED if due.state is DeliveryState.QUEUED else _DELETED_OPEN)

    def _was_sent_twice(self, channel: AssistantChannel, due: OutboxPart) -> bool:
        """Whether one more attempt could be one too many: where a provider can be asked, it is asked each time."""
        is_left_open = due.state is not DeliveryState.QUEUED and due.resends >= _MOST_RESENDS
        return is_left_open and self._providers[channel.kind].lookup is None

    def _sent(
        self, claimed: OutboxPart, conversation: Conversation | None, if_deleted: tuple[str, str] = _DELETED
    ) -> Outcome | None:
        """As above; the conversation was read after the part was claimed."""
        channel = self._channels.lately(claimed.channel_id)
        if channel is None:
            self._ended(claimed, claimed.state, DeliveryState.FAILED, if_deleted)
            return None
        state, told_why = self._not_now(claimed, conversation)
        if state is not None:
            self._ended(claimed, claimed.state, state, told_why)
            return None
        return self._attempt(channel, claimed)

    def _not_now(
        self, part: OutboxPart, conversation: Conversation | None
    ) -> tuple[DeliveryState | None, tuple[str, str] | None]:
        """What becomes of a part that may not be sent, and why; None if it may."""
        if conversation is None or not may_be_sent(part, conversation):
            return DeliveryState.VOID, None
        if part.template is None and is_closed(conversation, part.channel_id, self._clock()):
            return DeliveryState.HELD, WINDOW_CLOSED
        if self._clock() - part.waits_since > _GIVEN_UP_AFTER:
            return DeliveryState.FAILED, _TOO_OLD
        if part.number and any(one.has_failed_before(part) for one in self._outbox.of_chat(part.chat_id)):
            return DeliveryState.FAILED, _PART_BEFORE_FAILED
        return None, None

    def _attempt(self, channel: AssistantChannel, part: OutboxPart) -> Outcome | None:
        try:
            remote_id = self._found_or_sent(channel, part)
        except ProviderError as error:
            self._on_attempt(channel.kind, error.action)
            return self._failed(channel, part, error)
        self._on_attempt(channel.kind, DeliveryState.ACCEPTED)
        now = self._clock()
        accepted = replace(part, state=DeliveryState.ACCEPTED, remote_id=remote_id, changed_at=now)
        self._settle(replace(accepted, error=None, error_code=None), DeliveryState.SENDING)
        if channel.is_lost or channel.last_out_at is None or now - channel.last_out_at > _PROOF_EVERY:
            self._channels.note(channel.id, last_out_at=now, proof_at=now)
        return None

    def _found_or_sent(self, channel: AssistantChannel, part: OutboxPart) -> str:
        """The provider's id of the part, which is not sent again if the provider says it has it."""
        provider = self._providers[channel.kind]
        outgoing = OutgoingPart(part.id, part.recipient, part.text, part.template)
        if part.resends and provider.lookup is not None:
            known = self._outbox.remote_ids(part.conversation_id)
            found = provider.lookup.was_sent(channel, outgoing, part.created_at, known)
            if found is not None:
                return found
        return provider.adapter.send(channel, outgoing)

    def _failed(self, channel: AssistantChannel, part: OutboxPart, error: ProviderError) -> Outcome | None:
        """What follows from a provider's error; None if the next part may go."""
        told = (error.code, error.message)
        if error.action is ErrorAction.FAIL:
            self._ended(part, part.state, DeliveryState.FAILED, told)
            return None
        if error.action is ErrorAction.HOLD:
            self._ended(part, part.state, DeliveryState.HELD, told)
            return None
        if error.action is ErrorAction.LOOK:
            return self._waits(part, DeliveryState.UNKNOWN, _OPEN, told)
        if error.action is ErrorAction.PAUSE:
            outcome = self._waits(part, DeliveryState.QUEUED, _PAUSED, told)
            if self._channels.pause(channel.id, error.message):
                _log.warning("channel %s is paused: %s", channel.id, error.code)
                self._on_pause(channel, error.message)
            return outcome
        if self._clock() - part.waits_since > _GIVEN_UP_AFTER:
            self._ended(part, part.state, DeliveryState.FAILED, told)
            return None
        return self._waits(part, DeliveryState.QUEUED, self._pause_after(part, error), told)

    def _pause_after(self, part: OutboxPart, error: ProviderError) -> timedelta:
        longest = min(_FIRST_PAUSE * (1 << min(part.attempts, 9)), _LONGEST_PAUSE)
        wished = timedelta(seconds=min(error.retry_after or 0, _LONGEST_PAUSE.total_seconds()))
        return max(longest * (0.5 + 0.5 * self._chance()), wished)

    def _waits(
        self, part: OutboxPart, state: DeliveryState, pause: timedelta, told: tuple[str, str] | None
    ) -> Outcome:
        now = self._clock()
        waiting = replace(part, state=state, next_at=now + pause)
        if told is not None:
            waiting = replace(waiting, error_code=told[0], error=told[1], changed_at=now)
        self._settle(waiting, part.state)
        return Outcome(False, min(pause.total_seconds(), _LONGEST_WAIT_SECONDS.get(state, pause.total_seconds())))

    def _ended(
        self, part: OutboxPart, before: DeliveryState, state: DeliveryState, told: tuple[str, str] | None
    ) -> None:
        code, sentence = told or (None, None)
        ended = replace(part, state=state, error_code=code, error=sentence, changed_at=self._clock())
        self._settle(ended, before)

    def _settle(self, part: OutboxPart, before: DeliveryState) -> None:
        """What became of it is stored first: until then it is open whether the provider has it."""
        if self._outbox.settle(part, before):
            self._notes.follow(part)
        else:
            self._notes.note(part.chat_id)  # a status was faster
