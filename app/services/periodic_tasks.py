"""Tasks that are repeated in the background, such as cleanup after deletions and crashes."""

import logging
import threading
from collections.abc import Callable, Sequence

_log = logging.getLogger(__name__)

_STOP_SECONDS = 5


class PeriodicTasks:
    """Runs tasks one after another at the start and every so often, in a thread of its own."""

    def __init__(
        self,
        tasks: Sequence[Callable[[], None]],
        interval_seconds: float = 60,
        *,
        name: str = "periodic tasks",
    ) -> None:
        self._tasks = tasks
        self._interval_seconds = interval_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begin, with a first round at once; nothing, if there are no tasks."""
        if self._tasks:
            self._thread.start()

    def stop(self) -> None:
        """Stop after the task that is running, or after 5 seconds."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def run_once(self) -> None:
        """One round; a task that fails is logged and does not keep the others from running."""
        for task in self._tasks:
            try:
                task()
            except Exception:
                _log.exception("A background task failed; it is repeated in %g s", self._interval_seconds)

    def _work(self) -> None:
        self.run_once()
        while not self._stopping.wait(self._interval_seconds):
            self.run_once()
