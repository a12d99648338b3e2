"""Moving windows of several processes on one database."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from app.domain.rate_limits import Bucket, Counts, RateLimit, Usage
from app.services.rate_limits.outages import Outages
from app.services.rate_limits.windows import Elsewhere, ProcessWindows

_BUCKETS = 12
# Close to its limit, a caller is counted in the store with each request.
_CLOSE_REQUESTS = 20
_CLOSE_SHARE = 10
# Who uses less than a twentieth of a limit here is of no concern to other processes.
_SHARED_FROM = 20
_REQUEST_SECONDS = 0.25
_BATCH_SECONDS = 5.0


class _Others(NamedTuple):
    buckets: Sequence[Bucket]
    expires: float


class SharedCounts(Protocol):
    """Where processes leave their counts for each other."""

    def exchange(self, counts: Sequence[Counts], seconds: float) -> Mapping[str, Sequence[Bucket]]:
        """Store these instead of what this process stored before; return what the others have of each of them.

        Takes no longer than `seconds`. Raises `UnavailableError`.
        """
        ...


class SharedWindows:
    """Counts in this process, and exchanges counts with the others.

    A request asks the store only if its caller has less than 20 requests or a tenth of the limit left: then the
    limit is exact, as each process stores its own count before it reads the others'. For all others `share` does
    so once a second. So a process may let through, of what others have used up already, a twentieth of a limit and
    what comes within a second. While the store fails, this process's own counts decide.
    """

    def __init__(
        self,
        own: ProcessWindows,
        store: SharedCounts,
        outages: Outages,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._own = own
        self._store = store
        self._outages = outages
        self._wall_clock = wall_clock
        self._touched: dict[str, tuple[RateLimit, str]] = {}
        self._elsewhere: dict[str, _Others] = {}

    def take(self, limit: RateLimit, caller: str) -> Usage:
        """Count one more request, unless the limit is reached by all processes together."""
        key = f"{limit.name}:{caller}"
        usage = self._own.take(limit, caller, self._others(key, limit))
        if not usage.is_allowed:
            return usage
        if usage.remaining >= max(_CLOSE_REQUESTS, limit.amount // _CLOSE_SHARE):
            self._touched[key] = (limit, caller)
            return usage
        self._exchange({key: (limit, caller)}, _REQUEST_SECONDS)
        others = self._others(key, limit)
        remaining = limit.amount - self._own.count(limit, caller) - others.count
        if remaining < 0:
            self._own.take_back(limit, caller)
            self._exchange({key: (limit, caller)}, _REQUEST_SECONDS)
            return self._own.take(limit, caller, others)
        return Usage(limit, True, remaining, min(usage.seconds, limit.seconds - others.oldest))

    def share(self) -> None:
        """Exchange the counts of those who asked since the last time."""
        touched, self._touched = self._touched, {}
        busy = {
            key: (limit, caller)
            for key, (limit, caller) in list(touched.items())
            if self._own.count(limit, caller) * _SHARED_FROM >= limit.amount
        }
        if busy:
            self._exchange(busy, _BATCH_SECONDS)
        now = self._wall_clock()
        for key, others in list(self._elsewhere.items()):
            if others.expires < now:
                self._elsewhere.pop(key, None)

    def _exchange(self, callers: Mapping[str, tuple[RateLimit, str]], seconds: float) -> None:
        counts = [self._counts(key, limit, caller) for key, (limit, caller) in callers.items()]
        found = self._outages.ask(lambda: self._store.exchange(counts, seconds))
        for key, buckets in (found or {}).items():
            latest = max((bucket.start for bucket in buckets), default=0.0)
            self._elsewhere[key] = _Others(buckets, latest + callers[key][0].seconds)

    def _counts(self, key: str, limit: RateLimit, caller: str) -> Counts:
        now, width = self._wall_clock(), limit.seconds / _BUCKETS
        buckets: dict[float, int] = {}
        for age in self._own.ages(limit, caller):
            start = (now - age) // width * width
            buckets[start] = buckets.get(start, 0) + 1
        return Counts(key, [Bucket(*one) for one in buckets.items()], now + limit.seconds)

    def _others(self, key: str, limit: RateLimit) -> Elsewhere:
        others = self._elsewhere.get(key)
        if others is None:
            return Elsewhere()
        now = self._wall_clock()
        # What seems to come from the future was counted before the clock was set back, by a process that is gone.
        latest = now + limit.seconds
        counting = [bucket for bucket in others.buckets if now - limit.seconds < bucket.start <= latest]
        oldest = now - min((bucket.start for bucket in counting), default=now)
        return Elsewhere(sum(bucket.requests for bucket in counting), oldest)
