"""Moving windows in memory."""

from concurrent.futures import ThreadPoolExecutor

from app.domain.rate_limits import RateLimit
from app.services.rate_limits.windows import Elsewhere, ProcessWindows

LIMIT = RateLimit("messages", 3, 60)


class Seconds:
    """A clock that stands still until it is set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_window_moves() -> None:
    clock = Seconds()
    windows = ProcessWindows(clock)
    for seconds in (0, 10, 20):
        clock.now = 1000.0 + seconds
        assert windows.take(LIMIT, "ana").is_allowed

    clock.now = 1059.0
    refused = windows.take(LIMIT, "ana")
    clock.now = 1060.0

    assert (refused.is_allowed, refused.remaining, refused.seconds) == (False, 0, 1.0)
    assert windows.take(LIMIT, "ana").is_allowed
    assert not windows.take(LIMIT, "ana").is_allowed


def test_what_is_left_is_told() -> None:
    clock = Seconds()
    windows = ProcessWindows(clock)

    first = windows.take(LIMIT, "ana")
    clock.now += 15
    second = windows.take(LIMIT, "ana")

    assert (first.remaining, first.seconds) == (2, 60.0)
    assert (second.remaining, second.seconds) == (1, 45.0)


def test_a_refused_request_does_not_count() -> None:
    clock = Seconds()
    windows = ProcessWindows(clock)
    for _ in range(10):
        windows.take(LIMIT, "ana")

    clock.now += 60

    assert [windows.take(LIMIT, "ana").is_allowed for _ in range(4)] == [True, True, True, False]


def test_callers_and_limits_are_counted_apart() -> None:
    windows = ProcessWindows(Seconds())
    for _ in range(3):
        windows.take(LIMIT, "ana")

    assert not windows.take(LIMIT, "ana").is_allowed
    assert windows.take(LIMIT, "bruno").is_allowed
    assert windows.take(RateLimit("reads", 3, 60), "ana").is_allowed


def test_what_others_counted_is_used_up() -> None:
    windows = ProcessWindows(Seconds())

    allowed = windows.take(LIMIT, "ana", Elsewhere(2, oldest=50.0))
    refused = windows.take(LIMIT, "ana", Elsewhere(2, oldest=50.0))

    assert (allowed.is_allowed, allowed.remaining) == (True, 0)
    assert (refused.is_allowed, refused.seconds) == (False, 10.0)


def test_a_request_can_be_taken_back() -> None:
    windows = ProcessWindows(Seconds())
    windows.take(LIMIT, "ana")

    windows.take_back(LIMIT, "ana")
    windows.take_back(LIMIT, "ana")

    assert windows.count(LIMIT, "ana") == 0


def test_threads_do_not_get_more_together() -> None:
    windows, limit = ProcessWindows(), RateLimit("messages", 100, 60)

    with ThreadPoolExecutor(16) as threads:
        usages = list(threads.map(lambda _: windows.take(limit, "ana"), range(400)))

    assert sum(usage.is_allowed for usage in usages) == 100


def test_only_so_many_callers_are_known() -> None:
    windows = ProcessWindows(Seconds(), most_callers=10)
    for number in range(10):
        windows.take(RateLimit("messages", 1, 60), f"caller {number}")

    windows.take(RateLimit("messages", 1, 60), "one more")

    assert windows.take(RateLimit("messages", 1, 60), "caller 0").is_allowed
    assert not windows.take(RateLimit("messages", 1, 60), "caller 9").is_allowed


def test_callers_who_no_longer_ask_are_forgotten() -> None:
    clock = Seconds()
    windows = ProcessWindows(clock, most_callers=10)
    for number in range(8):
        windows.take(LIMIT, f"caller {number}")
    clock.now += 60
    for number in range(9):
        windows.take(LIMIT, f"newcomer {number}")
    clock.now += 1

    windows.take(LIMIT, "one more")

    assert windows.count(LIMIT, "newcomer 0") == 1
