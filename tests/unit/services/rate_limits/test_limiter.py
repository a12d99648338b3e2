"""Which limit counts for whom."""

from app.domain.errors import UnavailableError
from app.domain.rate_limits import LimitClass, RateLimit, Usage
from app.services.rate_limits import RateLimiter
from app.services.rate_limits.outages import Outages
from app.services.rate_limits.windows import ProcessWindows

LIMITS = {LimitClass.MESSAGES: RateLimit("messages", 2, 60)}


def limiter() -> RateLimiter:
    return RateLimiter(ProcessWindows(), Outages(), LIMITS)


def test_a_class_without_a_limit_is_not_counted() -> None:
    assert limiter().take(LimitClass.READS, "user:ana") is None


def test_a_key_may_have_a_limit_of_its_own_for_all_classes() -> None:
    counting = limiter()
    kinds = (LimitClass.SEARCH, LimitClass.UPLOADS, LimitClass.READS, LimitClass.SEARCH)

    taken = [counting.take(kind, "key:1", per_minute=3) for kind in kinds]

    assert [usage and usage.is_allowed for usage in taken] == [True, True, True, False]
    assert taken[0] is not None
    assert taken[0].limit == RateLimit("key", 3, 60)


def test_a_limit_of_its_own_does_not_lift_the_settings_limit() -> None:
    counting = limiter()

    taken = [counting.take(LimitClass.MESSAGES, "key:1", per_minute=1_000_000) for _ in range(3)]

    assert [usage and usage.is_allowed for usage in taken] == [True, True, False]
    assert [usage and usage.limit.name for usage in taken] == ["messages"] * 3


def test_what_is_left_is_told_of_the_tighter_limit() -> None:
    counting = limiter()

    first, second = (counting.take(LimitClass.MESSAGES, "key:1", per_minute=1) for _ in range(2))

    assert first is not None
    assert second is not None
    assert (first.limit.name, first.remaining, second.limit.name) == ("key", 0, "key")
    assert not second.is_allowed


def test_a_store_that_fails_lets_requests_pass() -> None:
    class Down:
        def take(self, limit: RateLimit, caller: str) -> Usage:
            raise UnavailableError(f"No counts of {limit.name} for {caller}.")

    assert RateLimiter(Down(), Outages(), LIMITS).take(LimitClass.MESSAGES, "key:1") is None
