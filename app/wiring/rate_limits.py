"""How often callers may ask, and where that is counted."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.rate_limits import LimitClass, RateLimit
from app.security.redis_windows import RedisWindows
from app.services.periodic_tasks import PeriodicTasks
from app.services.rate_limits import RateLimiter
from app.services.rate_limits.limiter import Windows
from app.services.rate_limits.outages import Outages
from app.services.rate_limits.shared_windows import SharedWindows
from app.services.rate_limits.windows import ProcessWindows
from app.settings import Settings
from app.wiring.database import reveal
from app.wiring.repositories import Repositories

_SHARED_EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class RateLimitServices:
    """What counts requests, and what shares the counts with other processes."""

    limiter: RateLimiter
    sharing: PeriodicTasks


def compose_rate_limits(settings: Settings, rows: Repositories) -> RateLimitServices:
    """Counts in Redis where QUEUE_URL names one, else in memory, shared by MongoDB where MONGODB_URI is set."""
    windows: Windows = ProcessWindows()
    tasks: tuple[Callable[[], None], ...] = ()
    redis = reveal(settings.queue_url)
    if redis:
        windows = RedisWindows(redis)
    elif settings.mongodb_uri:
        shared = SharedWindows(ProcessWindows(), rows.request_counts, Outages())
        windows, tasks = shared, (shared.share,)
    limiter = RateLimiter(windows, Outages(), limits_of(settings))
    return RateLimitServices(limiter, PeriodicTasks(tasks, _SHARED_EVERY_SECONDS))


def limits_of(settings: Settings) -> dict[LimitClass, RateLimit]:
    """The limits in the settings; none for a class whose limit is 0."""
    rates = {
        LimitClass.MESSAGES: settings.rate_limit_messages,
        LimitClass.SEARCH: settings.rate_limit_search,
        LimitClass.UPLOADS: settings.rate_limit_uploads,
        LimitClass.REGISTER: settings.rate_limit_register,
        LimitClass.READS: settings.rate_limit_reads,
        LimitClass.VISITORS: settings.rate_limit_visitors,
        LimitClass.VISITOR_MESSAGES: settings.rate_limit_visitor_messages,
    }
    return {kind: RateLimit(kind.value, *rate) for kind, rate in rates.items() if rate.amount}
