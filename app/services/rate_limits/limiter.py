"""Who may ask how often."""

from collections.abc import Mapping
from typing import Protocol

from app.domain.rate_limits import LimitClass, RateLimit, Usage
from app.services.rate_limits.outages import Outages

_KEY_LIMIT = "key"
_MINUTE = 60


class Windows(Protocol):
    """Where requests are counted."""

    def take(self, limit: RateLimit, caller: str) -> Usage:
        """Count one more request, unless the limit is reached; may raise `UnavailableError`."""
        ...


class RateLimiter:
    """Counts the requests of each caller in each class; where the store fails, requests pass uncounted."""

    def __init__(self, windows: Windows, outages: Outages, limits: Mapping[LimitClass, RateLimit]) -> None:
        self._windows = windows
        self._outages = outages
        self._limits = limits

    def take(self, kind: LimitClass, caller: str, per_minute: int | None = None) -> Usage | None:
        """Count a request of `caller` (such as `user:<id>`); None where nothing limits it.

        `per_minute` is a limit of the caller's own, which takes the place of those of all classes.
        """
        limit = RateLimit(_KEY_LIMIT, per_minute, _MINUTE) if per_minute else self._limits.get(kind)
        if limit is None:
            return None
        return self._outages.ask(lambda: self._windows.take(limit, caller))
