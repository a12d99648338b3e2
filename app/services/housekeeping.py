"""What is done again and again, so that whatever was cut off gets finished."""

import logging
import threading
from collections.abc import Callable, Sequence

_log = logging.getLogger(__name__)


_STOP_SECONDS = 5


class Housekeeper:
    """Runs the sweeps at start and every so often, in a thread of its own."""

    def __init__(self, sweeps: Sequence[Callable[[], None]], interval_seconds: float = 60) -> None:
        self._sweeps = sweeps
        self._interval_seconds = interval_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin, with a first round at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the sweep that is running."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def sweep(self) -> None:
        """One round; a sweep that fails is logged and does not keep the others from running."""
        for sweep in self._sweeps:
            try:
                sweep()
            except Exception:
                _log.exception("A sweep failed; it is repeated in %g s", self._interval_seconds)

    def _work(self) -> None:
        self.sweep()
        while not self._stopping.wait(self._interval_seconds):
            self.sweep()
