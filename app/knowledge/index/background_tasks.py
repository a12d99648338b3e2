"""Maintenance of indexes that no question should wait for."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818 - no error: the service ends
    """Raised within a task to end it because the service stops."""


class BackgroundTasks:
    """Runs one task after another in a thread, which ends when there are none.

    A task whose key is queued or running already is not queued again.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: OrderedDict[str, Callable[[], None]] = OrderedDict()
        self._running: str | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None

    def submit(self, key: str, task: Callable[[], None]) -> None:
        """Queue `task`; what it raises is logged."""
        with self._changed:
            if self._stopping or key == self._running or key in self._waiting:
                return
            self._waiting[key] = task
            if self._running is None and len(self._waiting) == 1:
                # A daemon, as FAISS can't be interrupted; whatever it leaves is not trusted.
                self._thread = threading.Thread(target=self._work, name="index-background", daemon=True)
                self._thread.start()

    def check(self) -> None:
        """Raise `Stopped` if a task calls this while the service stops."""
        if self._stopping and threading.current_thread() is self._thread:
            raise Stopped

    def wait(self, seconds: float) -> bool:
        """Wait until all tasks have ended; returns whether they did in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._running is None and not self._waiting, seconds)

    def close(self, seconds: float = 2) -> None:
        """Take no more tasks, and wait up to `seconds` for the running one."""
        with self._changed:
            self._stopping = True
            self._waiting.clear()
        self.wait(seconds)

    def _work(self) -> None:
        while (task := self._next()) is not None:
            try:
                task()
            except Stopped:
                pass
            except Exception:
                _log.exception("Work on an index in the background failed")
            task = None  # it holds on to indexes

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            self._running, task = self._waiting.popitem(last=False) if self._waiting else (None, None)
            self._changed.notify_all()
            return task
