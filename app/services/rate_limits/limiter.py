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

        `per_minute` is a limit of the caller's own, for all classes together and on top of the class's: owners of
        assistants set it, and must not lift what the settings say. Of two limits the tighter one is returned.
        """
        limits = [RateLimit(_KEY_LIMIT, per_minute, _MINUTE)] if per_minute else []
        limits += [self._limits[kind]] if kind in self._limits else []
        tightest: Usage | None = None
        for limit in limits:
            usage = self._taken(limit, caller)
            if usage is not None and (tightest is None or _tightness(usage) < _tightness(tightest)):
                tightest = usage
            if usage is not None and not usage.is_allowed:
                break
        return tightest

    def _taken(self, limit: RateLimit, caller: str) -> Usage | None:
        return self._outages.ask(lambda: self._windows.take(limit, caller))


def _tightness(usage: Usage) -> tuple[bool, int]:
    return usage.is_allowed, usage.remaining
