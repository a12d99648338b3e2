"""How the work on a message ends: that is written down, it leaves the queue, and who waits for it is woken."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from app.domain.chats import WORKED_ON, Chat, ChatState
from app.domain.deadline import Deadline
from app.domain.errors import (
    ChatInactiveError,
    ConversationDeletedError,
    ModelTimeoutError,
    OrquestradoraError,
)
from app.services.compute_limit import ComputeLimit
from app.services.ports import Clock
from app.services.ports.conversations import ChatRemoval, Messages, QueueRows
from app.services.whatsapp import to_parts

_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 0.25
# Even for a message of this process the database has the last word.
_RECHECK_SECONDS = 1.0
# What fails during an outage beyond this number is settled when its time is over.
_MOST_UNMARKED = 500
INTERRUPTED = "interrupted"

_log = logging.getLogger(__name__)


class CompletionSignals:
    """The messages this process works on: who waits for one is woken; for another process's, looks again.

    `on_end` is called with the id of each message that this process has ended, and has to return at once. Threads
    that wait have no place within `limit`.
    """

    def __init__(self, on_end: Callable[[str], None] = lambda _: None, limit: ComputeLimit | None = None) -> None:
        self._on_end = on_end
        self._limit = limit or ComputeLimit(1)
        self._changed = threading.Condition()
        self._open: set[str] = set()

    def begin(self, chat_id: str) -> None:
        """This process works on a message."""
        with self._changed:
            self._open.add(chat_id)

    def end(self, chat_id: str) -> None:
        """It does no longer; repeating this does nothing."""
        with self._changed:
            self._open.discard(chat_id)
            self._changed.notify_all()
        self._on_end(chat_id)

    def wait(self, chat_id: str, pause: float, deadline: Deadline) -> None:
        """Return when this process has ended a message; if another process has it, after the pause."""
        with self._limit.left():
            with self._changed:
                if chat_id in self._open:
                    longest = min(_RECHECK_SECONDS, deadline.left())
                    self._changed.wait_for(lambda: chat_id not in self._open, longest)
                    return
            time.sleep(pause)

    def wait_for_end(self, chat_id: str, pause: float) -> None:
        """Return when a message of this process has ended, or after the pause."""
        with self._limit.left(), self._changed:
            self._changed.wait_for(lambda: chat_id not in self._open, pause)


def pauses(deadline: Deadline) -> Iterator[float]:
    """How many seconds to wait before each look, until the deadline: little at first, then more."""
    pause = _FIRST_PAUSE_SECONDS
    while (left := deadline.left()) > 0:
        yield min(pause, left)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


class Completion:
    """Ends messages. An answer is committed by one conditional write to its chat; nothing else makes it count.

    `signals` wake those who wait for a message.
    """

    def __init__(
        self,
        messages: Messages,
        queue: QueueRows,
        signals: CompletionSignals,
        removal: ChatRemoval,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._removal = removal
        self._queue = queue
        self.signals = signals
        self._clock = clock
        self._unmarked: deque[tuple[Chat, str]] = deque(maxlen=_MOST_UNMARKED)

    def answered(self, chat: Chat, epoch: int) -> Chat:
        """Commit the answer on `chat`, with its parts; returns the chat as it was committed.

        Its entry stays in the queue, where those behind it see that it has ended.
        An answer that hands over is committed before the conversation is: nobody is promised a person whom nobody
        told, as whoever finds the promise without the hand-over finishes it (`finish_hand_over`).
        Raises `ChatInactiveError` if the conversation was switched after `epoch`, `ModelTimeoutError` if the
        message's time is over, `ConversationDeletedError`; the tokens count all the same.
        """
        hands_over = chat.handover_reason is not None
        answered = replace(
            chat,
            parts=to_parts(chat.response),
            state=ChatState.ANSWERED,
            until=None,
            active=not hands_over,
            answer_epoch=epoch,
            changed_at=self._clock(),
        )
        if not self._messages.answer(answered, epoch, self._clock()):
            self._raise_refusal(answered, epoch)
        if hands_over:
            self.finish_hand_over(answered)
        self.signals.end(chat.id)
        return answered

    def finish_hand_over(self, chat: Chat) -> None:
        """Give the conversation to the person that the answer on `chat` promises; repeating this does nothing."""
        self._queue.hand_over(chat, self._clock())
        self._messages.handed_over(chat.id)

    def sweep(self) -> None:
        """Finish the hand-overs that a crash cut off, and mark what an outage kept from being marked."""
        self.mark_failures()
        for chat in self._messages.handing_over():
            self.finish_hand_over(chat)

    def left_to_person(self, chat: Chat) -> ChatInactiveError:
        """A person answers; returns what to raise."""
        self._messages.leave_to_person(chat)
        try:
            self._queue.leave_waiting(chat)
        except Exception:
            _log.exception("A message that waits for a person could not leave its queue; the next one takes it out")
        self.signals.end(chat.id)
        return ChatInactiveError()

    def merged(self, earlier: Sequence[Chat], into: Chat) -> dict[str, Chat]:
        """Let the answer of `into` be for these, too, as far as they are still gathering; those merged, by id."""
        merged = [chat for chat in earlier if self._messages.merge(chat.id, into.id)]
        if merged:
            self._queue.leave(into.conversation_id, [chat.id for chat in merged])
        for chat in merged:
            self.signals.end(chat.id)
        return {chat.id: replace(chat, state=ChatState.MERGED, merged_into=into.id) for chat in merged}

    def failed(self, chat: Chat, error: Exception) -> None:
        """Whatever went wrong, nobody shall wait for this message; it may be retried.

        What had come to another end before keeps that: an answer that promised a person stays in the queue until
        the conversation is handed over.
        """
        if isinstance(error, ChatInactiveError):
            return
        code = error.code if isinstance(error, OrquestradoraError) else "internal_error"
        try:
            self._fail(chat, code)
        except Exception:
            _log.exception("A message that failed (%s) could not be marked so yet", code)
            self._unmarked.append((chat, code))
        finally:
            self.signals.end(chat.id)

    def remove_failed(self, chat: Chat) -> None:
        """Make room for the retry of a message that failed; what it cost stays counted."""
        self._removal.delete_failed([chat.id])

    def mark_failures(self) -> None:
        """Mark what failed during an outage of the database, so that nobody waits for it until its time is over."""
        for _ in range(len(self._unmarked)):
            try:
                chat, code = self._unmarked.popleft()
            except IndexError:
                return  # another thread has marked the rest
            try:
                self._fail(chat, code)
            except Exception:
                _log.exception("A message that failed (%s) can still not be marked so", code)
                self._unmarked.append((chat, code))
                return

    def clear_away(self, conversation_id: str, chat_id: str, chat: Chat | None) -> None:
        """Take a message out of the queue whose owner is dead, or has ended it without leaving.

        From now on an answer of that owner is void. `chat` is the message as it was last read, None if it is gone.
        """
        if chat is not None and chat.state in WORKED_ON and not self._messages.fail(chat, INTERRUPTED):
            chat = self._messages.by_id(chat_id)  # its owner has ended it since
        if chat is not None and chat.handover_reason is not None:
            self.finish_hand_over(chat)
        else:
            self._queue.leave(conversation_id, [chat_id])

    def take_out(self, conversation_id: str, chat_ids: Sequence[str]) -> None:
        """Take messages that have ended out of the queue; if an outage prevents that, those behind them do it."""
        try:
            self._queue.leave(conversation_id, chat_ids)
        except Exception:
            _log.exception("Messages that have ended could not leave their queue; the next one takes them out")

    def _fail(self, chat: Chat, code: str) -> None:
        if self._messages.fail(chat, code):
            self._queue.leave(chat.conversation_id, [chat.id])

    def _leave(self, chat: Chat) -> None:
        self.take_out(chat.conversation_id, [chat.id])
        self.signals.end(chat.id)

    def _raise_refusal(self, chat: Chat, epoch: int) -> None:
        """Say why a commit was refused; return if an attempt whose acknowledgement was lost made it already."""
        stored = self._messages.by_id(chat.id)
        if stored is None:
            self.signals.end(chat.id)
            raise ConversationDeletedError
        if stored.state is ChatState.ANSWERED and stored.response == chat.response:
            return
        switched = stored.epoch > epoch
        error = ChatInactiveError() if switched else ModelTimeoutError("The answer came too late.", retry_after=1)
        if switched:
            self._messages.discard_answer(chat, ChatState.LEFT)
        else:
            self._messages.discard_answer(chat, ChatState.FAILED, error.code)
        self._leave(chat)
        raise error
