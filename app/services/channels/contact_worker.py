"""Works on what a contact said, in the order in which it was said, one process at a time."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from app.domain.assistants import Assistant
from app.domain.channels import AssistantChannel
from app.domain.errors import ConversationDeletedError, InvalidError, OrquestradoraError
from app.domain.ids import new_id
from app.domain.inbox import InboxItem
from app.services.channels.answering import ChannelAnswering
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.channels import ChannelRows, InboxRows, InboxTurns

# So soon the work of a process that died is taken over. One that only takes longer loses the turn and nothing else,
# as both get the one answer: the message's id is its idempotency key.
_HOLD = timedelta(seconds=45)
_MOST_AT_ONCE = 20
_MOST_ATTEMPTS = 5
_FIRST_PAUSE = timedelta(seconds=3)
# While messages wait for more: how often to look for it, and whether one has joined its queue.
_LOOK_SECONDS = 0.1
_JOIN_LOOK_SECONDS = 0.01
_JOIN_SECONDS = 5.0
# These say that nothing will ever come of the message.
_FINAL = (InvalidError, ConversationDeletedError)

_log = logging.getLogger(__name__)


class ContactWorker:
    """Has a conversation's messages answered, and puts the answers into the outbox."""

    def __init__(
        self,
        inbox: InboxRows,
        turns: InboxTurns,
        channels: ChannelRows,
        assistants: Assistants,
        answering: ChannelAnswering,
        *,
        clock: Clock,
    ) -> None:
        self._inbox = inbox
        self._turns = turns
        self._channels = channels
        self._assistants = assistants
        self._answering = answering
        self._clock = clock
        self._owner = new_id()

    def work(self, conversation_id: str) -> bool | None:
        """Answer what is due in a conversation; whether all went well, None if another process does it."""
        if not self._hold(conversation_id):
            return None
        begun: dict[str, Future[bool]] = {}
        try:
            with ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="burst") as threads:
                while True:
                    due = self._inbox.of_conversation(conversation_id, self._clock(), _MOST_AT_ONCE)
                    new = [item for item in due if item.id not in begun]
                    if not self._hold(conversation_id):
                        return None
                    if not new and all(one.done() for one in begun.values()):
                        return all(one.result() for one in begun.values())
                    if not self._begun(new, begun, threads):
                        return False
        finally:
            self._turns.give_back(conversation_id, self._owner)

    def _begun(
        self, new: Sequence[InboxItem], begun: dict[str, "Future[bool]"], threads: ThreadPoolExecutor
    ) -> bool:
        """Answer messages one after another; or, if they may get one answer, let them wait for it together.

        False if one has to be tried again later, and what comes after it waits.
        """
        assistant = self._assistants.by_id(new[0].assistant_id) if new else None
        if assistant is None or not self._answering.gathers(assistant):
            for item in new:
                begun[item.id] = Future()
                begun[item.id].set_result(self._answered(item))
                if not begun[item.id].result():
                    return False
        else:
            for item in new:
                begun[item.id] = threads.submit(self._answered, item)
                self._wait_until_joined(assistant, item, begun[item.id])
        time.sleep(0 if not begun or all(one.done() for one in begun.values()) else _LOOK_SECONDS)
        return all(one.result() for one in begun.values() if one.done())

    def _wait_until_joined(self, assistant: Assistant, item: InboxItem, answer: "Future[bool]") -> None:
        until = time.monotonic() + _JOIN_SECONDS
        while not answer.done() and time.monotonic() < until and not self._answering.has_joined(assistant, item):
            time.sleep(_JOIN_LOOK_SECONDS)

    def _hold(self, conversation_id: str) -> bool:
        now = self._clock()
        return self._turns.take(conversation_id, self._owner, now, now + _HOLD)

    def _answered(self, item: InboxItem) -> bool:
        """Answer a message; False if it has to be tried again later, and what comes after it waits."""
        channel, assistant = self._channels.by_id(item.channel_id), self._assistants.by_id(item.assistant_id)
        if channel is None or assistant is None:
            self._inbox.done(item.id)
            return True
        last = item.attempts + 1 >= _MOST_ATTEMPTS
        try:
            self._answering.answer(assistant, channel, item, for_person=last)
        except _FINAL as error:
            _log.warning("channel %s: a message cannot be answered (%s)", channel.id, error.code)
        except Exception as error:
            self._postpone(channel, item, error)
            return False
        self._inbox.done(item.id)
        return True

    def _postpone(self, channel: AssistantChannel, item: InboxItem, error: Exception) -> None:
        code = error.code if isinstance(error, OrquestradoraError) else "internal_error"
        _log.warning(
            "channel %s: a message is tried again later (%s)", channel.id, code, exc_info=code == "internal_error"
        )
        self._inbox.postpone(item, self._clock() + _FIRST_PAUSE * (1 << min(item.attempts, 6)))
