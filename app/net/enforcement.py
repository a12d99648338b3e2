"""Two ways to hold work to a deadline: sockets that obey it, and a thread that is left behind when it passes."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from app.domain.deadline import Deadline

Result = TypeVar("Result")

_enforced: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def enforced(deadline: Deadline) -> Iterator[None]:
    """Hold every socket operation of our HTTP client in this thread to `deadline`."""
    token = _enforced.set(deadline)
    try:
        yield
    finally:
        _enforced.reset(token)


def seconds_left() -> float | None:
    """Seconds until the deadline enforced in this thread, 0 once it has passed; None without one."""
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
