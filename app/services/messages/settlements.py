"""Waiting until somebody else has settled a message."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.services.messages.rules import TimeLimit

_FIRST_LOOK_SECONDS = 0.02
_RARELY_SECONDS = 0.25
# Even for a message of this process the database has the last word.
_NEVERTHELESS_SECONDS = 1.0


class Settlements:
    """The messages this process works on. Who waits for one is woken; for another process's, looks again."""

    def __init__(self) -> None:
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

    @contextmanager
    def ended_by_errors(self, chat_id: str) -> Iterator[None]:
        """Where an error means that this process works on a message no longer."""
        try:
            yield
        except Exception:
            self.end(chat_id)
            raise

    def looks(self, limit: TimeLimit) -> Iterator[float]:
        """How many seconds to wait before each look, until the limit: little at first, then more."""
        pause = _FIRST_LOOK_SECONDS
        while (left := limit.left()) > 0:
            yield min(pause, left)
            pause = min(2 * pause, _RARELY_SECONDS)

    def wait(self, chat_id: str, pause: float, limit: TimeLimit) -> None:
        """Return when this process has settled a message; if another has it, after the pause."""
        with self._changed:
            if chat_id in self._open:
                longest = min(_NEVERTHELESS_SECONDS, limit.left())
                self._changed.wait_for(lambda: chat_id not in self._open, longest)
                return
        time.sleep(pause)

    def wait_for_another(self, chat_id: str, pause: float) -> None:
        """Return when another message of this process took this one over, or after the pause."""
        with self._changed:
            self._changed.wait_for(lambda: chat_id not in self._open, pause)
