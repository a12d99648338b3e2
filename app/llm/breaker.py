"""A circuit breaker: a provider that is down is left alone for a while, and its users need not wait for it.

Described by M. Nygard in *Release It!*; the states and their changes are pybreaker's.
"""

import logging
import math
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from pybreaker import (
    STATE_CLOSED,
    CircuitBreaker,
    CircuitBreakerError,
    CircuitBreakerListener,
    CircuitBreakerState,
    CircuitMemoryStorage,
)

from app.domain.errors import ModelUnavailableError

logger = logging.getLogger(__name__)


class Breaker:
    """Opens after `failures` in a row; `seconds` later it lets one attempt through, and another each `seconds`.

    Attempts run beside pybreaker and not within its `call()`, which holds a lock all the while; it only hears
    how they ended. An attempt that ends without a word (left early, cut short) blocks nobody for longer than
    `seconds` either.
    """

    def __init__(self, name: str, failures: int, seconds: float) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self._storage = CircuitMemoryStorage(STATE_CLOSED)
        self._circuit = CircuitBreaker(
            failures, seconds, state_storage=self._storage, name=name, listeners=[_StateLog()]
        )

    @property
    def is_closed(self) -> bool:
        """Whether attempts go through freely."""
        return self._circuit.current_state == STATE_CLOSED

    def admit(self) -> None:
        """Before an attempt; raises `ModelUnavailableError` if it is to be spared."""
        if self.is_closed:
            return
        with self._lock:
            wait = self._seconds_to_next_trial()
            if wait <= 0:
                self._storage.opened_at = datetime.now(UTC)
                self._circuit.half_open()
                return
        raise ModelUnavailableError(
            "The language model cannot be reached right now.", retry_after=max(1, math.ceil(wait))
        )

    def record(self, is_up: bool | None) -> None:
        """After an attempt: whether the provider is up (None: it does not tell)."""
        if is_up is None:
            return
        with suppress(CircuitBreakerError, _ProviderDownError):
            self._circuit.call(_succeed if is_up else _fail)

    def _seconds_to_next_trial(self) -> float:
        opened_at = self._storage.opened_at
        if self.is_closed or opened_at is None:
            return 0
        return (opened_at + timedelta(seconds=self._seconds) - datetime.now(UTC)).total_seconds()


class _ProviderDownError(Exception):
    """What pybreaker counts."""


class _StateLog(CircuitBreakerListener):
    def state_change(
        self, cb: CircuitBreaker, old_state: CircuitBreakerState | None, new_state: CircuitBreakerState
    ) -> None:
        logger.warning("language model %s: circuit breaker %s", cb.name, new_state.name)


def _succeed() -> None:
    return None


def _fail() -> None:
    raise _ProviderDownError
