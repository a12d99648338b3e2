"""Works on what a contact said, in the order in which it was said, one process at a time."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from app.domain.assistants import Assistant
from app.domain.channels import AssistantChannel, EventKind
from app.domain.errors import ConversationDeletedError, InvalidError, OrquestradoraError
from app.domain.ids import new_id
from app.domain.inbox import InboxItem
from app.domain.outbox import OutboxPart
from app.services.channels.answering import ChannelAnswering
from app.services.channels.typing_signs import TypingSigns
from app.services.channels.work_threads import Outcome
from app.services.compute_limit import ComputeLimit
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.channels import ChannelRows, InboxRows, InboxTurns

# So soon the work of a process that died is taken over. One that only takes longer loses the turn and nothing else,
# as both get the one answer: the message's id is its idempotency key.
_HOLD = timedelta(seconds=45)
_MOST_AT_ONCE = 20
_MOST_ATTEMPTS = 5
_FIRST_PAUSE = timedelta(seconds=3)
# How soon a turn is asked for again that another process has, and how often one that is held is prolonged.
_ELSEWHERE_SECONDS = 1.0
_PROLONGED_SECONDS = 10.0
# While messages wait for more: how often to look for it, and whether one has joined its queue.
_LOOK_SECONDS = 0.1
_JOIN_LOOK_SECONDS = 0.01
_JOIN_SECONDS = 5.0
# These say that nothing will ever come of the message.
_FINAL = (InvalidError, ConversationDeletedError)

_log = logging.getLogger(__name__)


class ContactWorker:
    """Has a conversation's messages answered, and puts the answers into the outbox.

    `send_on` is called with a channel, a conversation in which a message was worked on, and the part of its answer
    that is claimed, if there is one.
    """

    def __init__(
        self,
        inbox: InboxRows,
        turns: InboxTurns,
        channels: ChannelRows,
        assistants: Assistants,
        answering: ChannelAnswering,
        *,
        typing: TypingSigns,
        clock: Clock,
        limit: ComputeLimit,
        send_on: Callable[[str, str, OutboxPart | None], None],
    ) -> None:
        self._inbox = inbox
        self._turns = turns
        self._channels = channels
        self._assistants = assistants
        self._answering = answering
        self._typing = typing
        self._clock = clock
        self._limit = limit
        self._send_on = send_on
        self._owner = new_id()
        self._held: dict[str, float] = {}

    def work(self, conversation_id: str) -> Outcome:
        """Answer what is due in a conversation, unless another process does."""
        if not self._hold(conversation_id):
            return Outcome(None, _ELSEWHERE_SECONDS)
        try:
            pending = self._inbox.of_conversation(conversation_id, _MOST_AT_ONCE)
            assistant = self._assistants.by_id(pending[0].assistant_id) if pending else None
            if assistant is not None and self._answering.gathers(assistant, pending):
                return self._answered_together(conversation_id, assistant)
            now = self._clock()
            for item in pending:
                if item.next_at > now:
                    continue
                if not self._hold(conversation_id):
                    return Outcome(None, _ELSEWHERE_SECONDS)
                if (seconds := self._answered(assistant, item)) is not None:
                    return Outcome(False, seconds)  # what comes after it waits
            return Outcome(again_seconds=self._seconds_until_next(pending, now))
        finally:
            self._let_go(conversation_id)

    def _answered_together(self, conversation_id: str, assistant: Assistant) -> Outcome:
        """Messages that may get one answer wait for it together, and for more of the same customer."""
        begun: dict[str, Future[float | None]] = {}
        together = False
        with ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="burst") as threads:
            while True:
                pending, now = self._inbox.of_conversation(conversation_id, _MOST_AT_ONCE), self._clock()
                if not self._hold(conversation_id):
                    return Outcome(None, _ELSEWHERE_SECONDS)
                new = [item for item in pending if item.next_at <= now and item.id not in begun]
                together = together or any(item.event.media for item in new)
                for item, fetched in self._fetched(conversation_id, new, threads):
                    begun[item.id] = threads.submit(self._answered, assistant, item, fetched, together=together)
                    self._wait_until_joined(assistant, item, fetched, begun[item.id])
                    if begun[item.id].done() and begun[item.id].result() is not None:
                        break  # what comes after it waits
                failed = [one.result() for one in begun.values() if one.done() and one.result() is not None]
                if failed:
                    return Outcome(False, failed[0])
                if not new and all(one.done() for one in begun.values()):
                    return Outcome(again_seconds=self._seconds_until_next(pending, now))
                time.sleep(_LOOK_SECONDS)

    def _seconds_until_next(self, pending: Sequence[InboxItem], now: datetime) -> float | None:
        """When something is due that was not at that moment, or was not read."""
        if len(pending) == _MOST_AT_ONCE:
            return 0
        later = [item.next_at for item in pending if item.next_at > now]
        return max(0.0, (min(later) - self._clock()).total_seconds()) if later else None

    def _fetched(
        self, conversation_id: str, items: Sequence[InboxItem], threads: ThreadPoolExecutor
    ) -> list[tuple[InboxItem, "Future[InboxItem]"]]:
        """Messages with what comes of fetching their files, all at the same time, so that they keep their order."""
        fetched: list[Future[InboxItem]] = []
        for item in items:
            fetched.append(Future() if not item.event.media else threads.submit(self._with_media, item))
            if not item.event.media:
                fetched[-1].set_result(item)
        while wait(fetched, _PROLONGED_SECONDS).not_done:
            self._hold(conversation_id)
        return list(zip(items, fetched, strict=True))

    def _with_media(self, item: InboxItem) -> InboxItem:
        channel = self._channel_of(item)
        return self._answering.with_media(channel, item) if channel else item

    def _channel_of(self, item: InboxItem) -> AssistantChannel | None:
        """The channel it came by, deleted or not; None if its assistant is deleted too."""
        return self._channels.lately(item.channel_id) or self._channels.deleted(item.channel_id)

    def _wait_until_joined(
        self, assistant: Assistant, item: InboxItem, fetched: "Future[InboxItem]", answer: "Future[float | None]"
    ) -> None:
        """Wait until a message has its place in the order, or is with a person if it is for one."""
        for_person = fetched.exception() is None and self._answering.cannot_be_read(fetched.result())
        until = time.monotonic() + _JOIN_SECONDS
        while not answer.done() and time.monotonic() < until:
            if not for_person and self._answering.has_joined(assistant, item):
                return
            time.sleep(_JOIN_LOOK_SECONDS)

    def _hold(self, conversation_id: str) -> bool:
        """Take the turn of a conversation, or keep it; False if another process has it."""
        held_until = self._held.get(conversation_id, 0)
        if held_until > time.monotonic():
            return True
        now = self._clock()
        if not self._turns.take(conversation_id, self._owner, now, now + _HOLD):
            return False
        self._held[conversation_id] = time.monotonic() + _PROLONGED_SECONDS
        return True

    def _let_go(self, conversation_id: str) -> None:
        if self._held.pop(conversation_id, None) is not None:
            self._turns.give_back(conversation_id, self._owner)

    def _answered(
        self,
        assistant: Assistant | None,
        item: InboxItem,
        fetched: "Future[InboxItem] | None" = None,
        *,
        together: bool = False,
    ) -> float | None:
        """Answer a message, or keep the files of an echo; in how many seconds to try again, None if never."""
        channel = self._channel_of(item)
        if channel is None or assistant is None:
            self._inbox.done(item.id)
            return None
        last, part = item.attempts + 1 >= _MOST_ATTEMPTS, None
        try:
            whole = fetched.result() if fetched else item
            if item.event.kind is EventKind.ECHO:
                self._answering.keep_files(assistant, whole)
            else:
                with self._typing.shown(channel, item), self._limit.held():
                    part = self._answering.answer(assistant, channel, whole, for_person=last, together=together)
        except _FINAL as error:
            _log.warning("channel %s: a message cannot be answered (%s)", channel.id, error.code)
        except Exception as error:
            return self._postponed(channel, item, error)
        self._send_on(channel.id, item.conversation_id, part)
        self._inbox.done(item.id)
        return None

    def _postponed(self, channel: AssistantChannel, item: InboxItem, error: Exception) -> float:
        code = error.code if isinstance(error, OrquestradoraError) else "internal_error"
        _log.warning(
            "channel %s: a message is tried again later (%s)", channel.id, code, exc_info=code == "internal_error"
        )
        pause = _FIRST_PAUSE * (1 << min(item.attempts, 6))
        self._inbox.postpone(item, self._clock() + pause)
        return pause.total_seconds()
