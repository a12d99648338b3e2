"""Moving windows in the memory of this process."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from app.domain.rate_limits import RateLimit, Usage

_MOST_CALLERS = 50_000


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How many requests other processes have counted, and how many seconds ago the oldest of them came."""

    count: int = 0
    oldest: float = 0.0


_NOWHERE_ELSE = Elsewhere()


@dataclass(slots=True)
class _Window:
    seconds: int
    times: deque[float] = field(default_factory=deque)


class ProcessWindows:
    """The times of the requests of each caller, as far back as the window of a limit goes.

    Costs the same however many callers there are. It knows the `most_callers` that asked last; to forget one is to
    let them start anew. Time is that of a clock which is never set.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_callers: int = _MOST_CALLERS) -> None:
        self._clock = clock
        self._most_callers = most_callers
        self._windows: OrderedDict[tuple[str, str], _Window] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, limit: RateLimit, caller: str, elsewhere: Elsewhere = _NOWHERE_ELSE) -> Usage:
        """Count one more request, unless the limit is reached."""
        with self._lock:
            now = self._clock()
            times = self._times(limit, caller, now)
            is_allowed = len(times) + elsewhere.count < limit.amount
            if is_allowed:
                times.append(now)
            oldest = max(now - times[0] if times else 0.0, elsewhere.oldest)
            remaining = max(0, limit.amount - len(times) - elsewhere.count)
        return Usage(limit, is_allowed, remaining, max(0.0, limit.seconds - oldest))

    def take_back(self, limit: RateLimit, caller: str) -> None:
        """Do not count the latest request."""
        with self._lock:
            times = self._times(limit, caller, self._clock())
            if times:
                times.pop()

    def ages(self, limit: RateLimit, caller: str) -> list[float]:
        """How many seconds ago each counted request came, oldest first."""
        with self._lock:
            now = self._clock()
            return [now - one for one in self._times(limit, caller, now)]

    def count(self, limit: RateLimit, caller: str) -> int:
        """How many requests count at the moment."""
        with self._lock:
            return len(self._times(limit, caller, self._clock()))

    def _times(self, limit: RateLimit, caller: str, now: float) -> deque[float]:
        key = (limit.name, caller)
        window = self._windows.get(key)
        if window is None:
            self._forget(now)
            window = self._windows[key] = _Window(limit.seconds)
        else:
            self._windows.move_to_end(key)
        times = window.times
        while times and now - times[0] >= limit.seconds:
            times.popleft()
        return times

    def _forget(self, now: float) -> None:
        """Up to two for each new one, so that those who no longer ask take no memory for long."""
        for key, window in list(islice(self._windows.items(), 2)):
            is_idle = not window.times or now - window.times[-1] >= window.seconds
            if is_idle or len(self._windows) >= self._most_callers:
                del self._windows[key]
