"""What is asked for again and again, as it was a moment ago."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_SECONDS = 1.0
_MOST = 10_000


class RecentlyRead(Generic[T]):
    """Values by name, for `seconds`. This process forgets all of them when it changes any."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._changes = 0
        self._known: dict[str, tuple[float, T]] = {}

    def get(self, name: str, read: Callable[[], T | None]) -> T | None:
        """The value of a name; nothing is kept of one that has none."""
        now = time.monotonic()
        with self._lock:
            changes, known = self._changes, self._known.get(name)
        if known is not None and known[0] > now:
            return known[1]
        value = read()
        with self._lock:
            if value is not None and changes == self._changes:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[name] = (now + self._seconds, value)
        return value

    def forget(self) -> None:
        """To be called after each change."""
        with self._lock:
            self._changes += 1
            self._known.clear()
