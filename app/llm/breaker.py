"""A circuit breaker: a provider that is down is left alone for a while, and its users need not wait for it.

Described by M. Nygard in *Release It!*.
"""

import logging
import math
import threading
import time

from app.domain.errors import ModelUnavailableError

logger = logging.getLogger(__name__)


class Breaker:
    """Opens after `failures` in a row; then it lets one attempt through every `seconds`, until one succeeds.

    An attempt that ends without a word (left early, cut short) blocks nobody for longer than `seconds` either.
    """

    def __init__(self, name: str, failures: int, seconds: float) -> None:
        self._name = name
        self._most_failures = failures
        self._seconds = seconds
        self._failures = 0
        self._next_trial = 0.0
        self._lock = threading.Lock()

    @property
    def is_closed(self) -> bool:
        """Whether attempts go through freely."""
        return self._failures < self._most_failures

    def admit(self) -> None:
        """Before an attempt; raises `ModelUnavailableError` if it is to be spared."""
        with self._lock:
            wait = 0.0 if self.is_closed else self._next_trial - time.monotonic()
            if wait <= 0:
                self._next_trial = time.monotonic() + self._seconds
                return
        raise ModelUnavailableError(
            "The language model cannot be reached right now.", retry_after=max(1, math.ceil(wait))
        )

    def record(self, is_up: bool | None) -> None:
        """After an attempt: whether the provider is up (None: it does not tell)."""
        if is_up is None:
            return
        with self._lock:
            was_closed = self.is_closed
            self._failures = 0 if is_up else self._failures + 1
            if was_closed and not self.is_closed:
                self._next_trial = time.monotonic() + self._seconds
        if was_closed is not self.is_closed:
            logger.warning("language model %s: circuit breaker %s", self._name, "open" if was_closed else "closed")
