"""Moving windows that processes share in Redis, kept by the library `limits`."""

import time
from urllib.parse import urlsplit

from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from app.domain.errors import UnavailableError
from app.domain.rate_limits import RateLimit, Usage

_PREFIX = "orquestradora:limits"
_TIMEOUT_SECONDS = 0.25


class RedisWindows:
    """Asks Redis twice a request, for at most 0.25 s each."""

    def __init__(self, url: str) -> None:
        """Connects with the first request, so that a Redis that is down keeps no service from starting."""
        self._windows = MovingWindowRateLimiter(
            RedisStorage(
                f"redis+{url}" if urlsplit(url).scheme == "unix" else url,
                key_prefix=_PREFIX,
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
            )
        )

    def take(self, limit: RateLimit, caller: str) -> Usage:
        """Count one more request, unless the limit is reached; raises `UnavailableError`."""
        item = RateLimitItemPerSecond(limit.amount, limit.seconds, namespace=limit.name)
        try:
            is_allowed = self._windows.hit(item, caller)
            reset, remaining = self._windows.get_window_stats(item, caller)
        except RedisError as error:
            raise UnavailableError(f"Redis (QUEUE_URL) fails: {type(error).__name__}.") from error
        return Usage(limit, is_allowed, max(0, remaining), max(0.0, reset - time.time()))
