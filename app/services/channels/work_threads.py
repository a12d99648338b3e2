"""Threads that work on one conversation each, so that no channel that hangs holds up another."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.channels.work_queue import WorkQueue
from app.services.ports import Clock

_log = logging.getLogger(__name__)

MOST_THREADS = 64
# Of 64 threads a channel alone gets 57, and each further one that is busy leaves the others less: dynamic
# thresholds (Choudhury & Hahne, IEEE/ACM Trans. Networking 6(2), 1998).
_TIMES_THE_FREE_ONES = 8
_MOST_OF_FAILING_CHANNEL = 2
_LOOK_SECONDS = 1.0
# While as much is known to wait as can be worked on, nobody needs to know of more, and asking costs the more.
_LOOK_SECONDS_WHEN_BACKED_UP = 20.0
# After each look as many times as long as it took, so that many rows cost the database a fifth of its time.
_REST = 4
# What is due for longer was left by a process that died: whoever stored it is handed it at once.
_LEFT_BEHIND = timedelta(seconds=5)
_AFTER_ERROR_SECONDS = 5.0
_STOP_SECONDS = 5.0

Waiting = tuple[str, str]
"""A channel's id, and a conversation of it in which something is due."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the work on a conversation went, and in how many seconds there is more to do, if that is known.

    A channel with which it did not go well has two threads, until it does; None: nothing was tried.
    """

    went_well: bool | None = True
    again_seconds: float | None = None


class WorkThreads:
    """Works on what it is handed over, and on what other processes left behind, for which it looks every second.

    `look` finds what is due at a moment; `work` works on a conversation, which no other thread of this process has.
    """

    def __init__(
        self,
        name: str,
        look: Callable[[datetime], Sequence[Waiting]],
        work: Callable[[str], Outcome],
        clock: Clock,
        most_threads: int = MOST_THREADS,
    ) -> None:
        self._look = look
        self._work = work
        self._name = name
        self._clock = clock
        self._most_threads = most_threads
        self._changed = threading.Condition()
        self._queue = WorkQueue()
        self._failing: set[str] = set()
        self._looks_for_all = True
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with all that is due."""
        self._thread.start()

    def hand_over(self, channel_id: str, conversation_id: str, seconds: float = 0) -> None:
        """Something of a conversation is due in so many seconds."""
        with self._changed:
            self._queue.add(channel_id, conversation_id, time.monotonic() + seconds)
            self._changed.notify_all()

    def follow(self, channel_id: str, conversation_id: str, outcome: Outcome) -> None:
        """Another thread has worked on a conversation, and so it went."""
        with self._changed:
            self._note(channel_id, conversation_id, outcome)

    def goes_well(self, channel_id: str) -> bool:
        """Whether the work on a channel went well lately."""
        return channel_id not in self._failing

    def wake(self) -> None:
        """More may be due than what was handed over."""
        with self._changed:
            self._looks_for_all = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Begin nothing more, and give what is under way 5 seconds; another process goes on with the rest."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._queue.busy, _STOP_SECONDS)
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        next_look = time.monotonic()
        while not self._stopping.is_set():
            if self._looks_for_all or time.monotonic() >= next_look:
                next_look = time.monotonic() + self._looked()
            self._hand_out()
            with self._changed:
                if not self._looks_for_all and not self._stopping.is_set() and not self._next_ready():
                    until = min(next_look, self._queue.next_due or next_look)
                    self._changed.wait(max(0.0, until - time.monotonic()))

    def _looked(self) -> float:
        """Queue what was left behind; how many seconds to wait before the next look."""
        with self._changed:
            looks_for_all, self._looks_for_all = self._looks_for_all, False
        began = time.monotonic()
        try:
            found = self._look(self._clock() - (timedelta() if looks_for_all else _LEFT_BEHIND))
        except Exception:
            _log.exception("%s: what is due cannot be read right now", self._name)
            return _AFTER_ERROR_SECONDS
        with self._changed:
            for channel_id, conversation_id in found:
                if conversation_id not in self._queue.busy:
                    self._queue.add(channel_id, conversation_id, began)
            pause = _LOOK_SECONDS_WHEN_BACKED_UP if self._queue.is_backed_up else _LOOK_SECONDS
        return max(pause, min(_REST * (time.monotonic() - began), _AFTER_ERROR_SECONDS))

    def _hand_out(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                begun = self._next_ready()
                if begun is None:
                    return
                self._queue.begin(*begun)
            thread = threading.Thread(target=self._attend, args=begun, name=self._name, daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the system has no more threads
                self._end(*begun, Outcome(False, _AFTER_ERROR_SECONDS))
                return

    def _next_ready(self) -> Waiting | None:
        """What may be begun now, of the channel that has waited for longest."""
        held = Counter(self._queue.busy.values())
        return self._queue.first(time.monotonic(), lambda channel_id: self._has_room(channel_id, held))

    def _has_room(self, channel_id: str, held: Counter[str]) -> bool:
        if channel_id in self._failing:
            return held[channel_id] < _MOST_OF_FAILING_CHANNEL
        return held[channel_id] < _TIMES_THE_FREE_ONES * (self._most_threads - held.total())

    def _attend(self, channel_id: str, conversation_id: str) -> None:
        outcome = Outcome(False, _AFTER_ERROR_SECONDS)
        try:
            outcome = self._work(conversation_id)
        except Exception:
            _log.exception("%s: the work on a conversation is interrupted", self._name)
        finally:
            self._end(channel_id, conversation_id, outcome)

    def _end(self, channel_id: str, conversation_id: str, outcome: Outcome) -> None:
        with self._changed:
            self._queue.end(channel_id, conversation_id)
            self._note(channel_id, conversation_id, outcome)

    def _note(self, channel_id: str, conversation_id: str, outcome: Outcome) -> None:
        if outcome.again_seconds is not None:
            self._queue.add(channel_id, conversation_id, time.monotonic() + outcome.again_seconds)
        if outcome.went_well:
            self._failing.discard(channel_id)
        elif outcome.went_well is False:
            self._failing.add(channel_id)
        self._changed.notify_all()
