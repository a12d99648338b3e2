"""A store of counts that fails must neither stop requests nor slow them down."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from app.domain.errors import UnavailableError

_log = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSE_SECONDS = 5.0
_WARNING_SECONDS = 60.0


class Outages:
    """Asks a store; after a failure not again for 5 s, and with one warning a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked_again_at = self._warned_again_at = clock()
        self._lock = threading.Lock()

    def ask(self, question: Callable[[], T]) -> T | None:
        """The answer; None where the store fails, or failed a moment ago."""
        if self._clock() < self._asked_again_at:
            return None
        try:
            return question()
        except UnavailableError as error:
            self._failed(error)
            return None

    def _failed(self, error: UnavailableError) -> None:
        with self._lock:
            now = self._clock()
            self._asked_again_at = now + _PAUSE_SECONDS
            if now < self._warned_again_at:
                return
            self._warned_again_at = now + _WARNING_SECONDS
        _log.warning("Rate limits are not shared with other processes for now: %s", error.message)
