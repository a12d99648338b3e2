"""Threads that work on one conversation each, so that no channel that hangs holds up another."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

_log = logging.getLogger(__name__)

MOST_THREADS = 64
_MOST_OF_CHANNEL = 16
_MOST_OF_FAILING_CHANNEL = 2
_IDLE_SECONDS = 1.0
_ELSEWHERE_SECONDS = 1.0
_AFTER_ERROR_SECONDS = 5.0
_STOP_SECONDS = 5.0

Waiting = tuple[str, str]
"""A channel's id, and a conversation of it in which something is due."""


class WorkThreads:
    """Looks for what is due when it is woken, and every second, and gives each conversation a thread.

    `look` is told which conversations are being worked on, or were a moment ago by another process. `work` says
    whether all went well, None where another process works on it: a channel with which it did not go well has two
    threads instead of 16 until it does.
    """

    def __init__(
        self,
        name: str,
        look: Callable[[frozenset[str]], Sequence[Waiting]],
        work: Callable[[str], bool | None],
    ) -> None:
        self._look = look
        self._work = work
        self._name = name
        self._lock = threading.Lock()
        self._busy: dict[str, str] = {}
        self._failing: set[str] = set()
        self._elsewhere: dict[str, float] = {}
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more, and give what is under way 5 seconds; another process goes on with the rest."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def busy(self) -> frozenset[str]:
        """The conversations that are being worked on."""
        with self._lock:
            return frozenset(self._busy)

    def _left_out(self) -> frozenset[str]:
        now = time.monotonic()
        with self._lock:
            self._elsewhere = {one: until for one, until in self._elsewhere.items() if until > now}
            return frozenset((*self._busy, *self._elsewhere))

    def _run(self) -> None:
        while not self._stopping.is_set():
            seconds = _IDLE_SECONDS
            try:
                self._hand_out()
            except Exception:
                _log.exception("%s: what is due cannot be read right now", self._name)
                seconds = _AFTER_ERROR_SECONDS
            self._woken.wait(seconds)
            self._woken.clear()
        for _ in range(int(_STOP_SECONDS / 0.1)):
            if not self.busy():
                return
            threading.Event().wait(0.1)

    def _hand_out(self) -> None:
        for channel_id, conversation_id in self._look(self._left_out()):
            if self._stopping.is_set() or not self._begin(channel_id, conversation_id):
                continue
            thread = threading.Thread(
                target=self._attend, args=(channel_id, conversation_id), name=self._name, daemon=True
            )
            try:
                thread.start()
            except RuntimeError:  # the system has no more threads
                self._end(channel_id, conversation_id, went_well=False)
                raise

    def _begin(self, channel_id: str, conversation_id: str) -> bool:
        with self._lock:
            if conversation_id in self._busy or len(self._busy) >= MOST_THREADS:
                return False
            most = _MOST_OF_FAILING_CHANNEL if channel_id in self._failing else _MOST_OF_CHANNEL
            if Counter(self._busy.values())[channel_id] >= most:
                return False
            self._busy[conversation_id] = channel_id
            return True

    def _attend(self, channel_id: str, conversation_id: str) -> None:
        went_well: bool | None = False
        try:
            went_well = self._work(conversation_id)
        except Exception:
            _log.exception("%s: the work on a conversation is interrupted", self._name)
            self._stopping.wait(_AFTER_ERROR_SECONDS)
        finally:
            self._end(channel_id, conversation_id, went_well=went_well)

    def _end(self, channel_id: str, conversation_id: str, *, went_well: bool | None) -> None:
        with self._lock:
            self._busy.pop(conversation_id, None)
            if went_well is None:
                self._elsewhere[conversation_id] = time.monotonic() + _ELSEWHERE_SECONDS
            elif went_well:
                self._failing.discard(channel_id)
            else:
                self._failing.add(channel_id)
        self._woken.set()
