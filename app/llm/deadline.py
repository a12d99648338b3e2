"""A moment after which an answer is worth nothing, and two ways to hold work to it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self, TypeVar

Result = TypeVar("Result")

_enforced: ContextVar["Deadline | None"] = ContextVar("deadline", default=None)


class Deadline:
    """A moment `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self._at - time.monotonic()

    def share(self, parts: int) -> "Deadline":
        """An earlier deadline, after one of `parts` equal parts of the time left."""
        return Deadline(self.left() / parts)

    def at_most(self, seconds: float) -> "Deadline":
        """An earlier deadline, `seconds` from now unless this one is earlier."""
        return Deadline(min(self.left(), seconds))

    @contextmanager
    def enforced(self) -> Iterator[Self]:
        """Hold every socket operation of our own HTTP client in this thread to the deadline."""
        token = _enforced.set(self)
        try:
            yield self
        finally:
            _enforced.reset(token)


def seconds_left() -> float | None:
    """Seconds until the deadline enforced in this thread; None without one."""
    deadline = _enforced.get()
    return None if deadline is None else deadline.left()


def run_within(seconds: float | None, work: Callable[[], Result]) -> Result:
    """What `work` returns or raises, if it does so in time; `TimeoutError` otherwise.

    For work that cannot be interrupted: it goes on in a thread of its own, and its result is dropped.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, name="run-within", daemon=True).start()
    return future.result(timeout=seconds)
