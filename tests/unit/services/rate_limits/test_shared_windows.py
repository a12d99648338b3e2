"""Moving windows of several processes, with a store that is a dictionary."""

from collections.abc import Mapping, Sequence

import pytest

from app.domain.errors import UnavailableError
from app.domain.rate_limits import Bucket, Counts, RateLimit
from app.services.rate_limits.outages import Outages
from app.services.rate_limits.shared_windows import SharedWindows
from app.services.rate_limits.windows import ProcessWindows
from tests.unit.services.rate_limits.test_windows import Seconds

FEW = RateLimit("register", 5, 60)
MANY = RateLimit("messages", 300, 60)


class Store:
    """What all processes have stored: counts by process and key."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Counts] = {}
        self.exchanges = 0
        self.is_down = False


class View:
    """The store as one process sees it."""

    def __init__(self, store: Store, process: str) -> None:
        self._store = store
        self._process = process

    def exchange(self, counts: Sequence[Counts], seconds: float) -> Mapping[str, Sequence[Bucket]]:
        self._store.exchanges += 1
        if self._store.is_down:
            raise UnavailableError("It is down.")
        for one in counts:
            self._store.rows[self._process, one.key] = one
        return {
            one.key: [
                bucket
                for (process, key), stored in self._store.rows.items()
                if key == one.key and process != self._process
                for bucket in stored.buckets
            ]
            for one in counts
        }


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def processes(clock: Seconds, store: Store) -> list[SharedWindows]:
    """Two of them."""
    return [
        SharedWindows(ProcessWindows(clock), View(store, process), Outages(clock), wall_clock=clock)
        for process in ("one", "two")
    ]


def test_a_small_limit_is_exact_over_all_processes(processes: list[SharedWindows]) -> None:
    taken = [processes[number % 2].take(FEW, "ana") for number in range(12)]

    assert [usage.is_allowed for usage in taken] == [True] * 5 + [False] * 7
    assert [usage.remaining for usage in taken[:6]] == [4, 3, 2, 1, 0, 0]


def test_a_clock_set_back_refuses_nobody(processes: list[SharedWindows], store: Store, clock: Seconds) -> None:
    """What a process that is gone counted before seems to come from the future."""
    key, later = f"{FEW.name}:ana", clock.now + 3600
    store.rows["gone", key] = Counts(key, [Bucket(later, 5)], later + 60)

    assert [processes[0].take(FEW, "ana").is_allowed for _ in range(6)] == [True] * 5 + [False]


def test_who_is_refused_by_others_counts_is_let_in_when_they_have_passed(
    processes: list[SharedWindows], clock: Seconds
) -> None:
    for _ in range(5):
        processes[0].take(FEW, "ana")
    clock.now += 30
    refused = processes[1].take(FEW, "ana")

    clock.now += 30

    assert not refused.is_allowed
    assert 25 <= refused.seconds <= 30
    assert processes[1].take(FEW, "ana").is_allowed


def test_a_refused_request_is_not_left_in_the_store(processes: list[SharedWindows], store: Store) -> None:
    for _ in range(5):
        processes[0].take(FEW, "ana")

    processes[1].take(FEW, "ana")

    assert sum(bucket.requests for counts in store.rows.values() for bucket in counts.buckets) == 5


def test_far_from_the_limit_no_request_asks_the_store(processes: list[SharedWindows], store: Store) -> None:
    for _ in range(100):
        assert processes[0].take(MANY, "ana").is_allowed
    assert store.exchanges == 0

    processes[0].share()
    processes[1].share()

    assert store.exchanges == 1


def test_who_uses_little_is_not_shared_at_all(processes: list[SharedWindows], store: Store) -> None:
    for _ in range(14):
        processes[0].take(MANY, "ana")

    processes[0].share()

    assert store.exchanges == 0


def test_a_large_limit_is_exact_once_it_was_shared(processes: list[SharedWindows]) -> None:
    allowed = 0
    for number in range(500):
        allowed += processes[number % 2].take(MANY, "ana").is_allowed
        if number % 50 == 49:
            for process in processes:
                process.share()

    assert allowed == 300


def test_while_the_store_fails_each_process_counts_alone(
    processes: list[SharedWindows], store: Store, clock: Seconds
) -> None:
    store.is_down = True
    taken = [processes[0].take(FEW, "ana").is_allowed for _ in range(6)]
    assert taken == [True] * 5 + [False]
    assert processes[1].take(FEW, "ana").is_allowed

    store.is_down = False
    clock.now += 5

    assert processes[0].take(FEW, "bruno").is_allowed
    assert not processes[0].take(FEW, "ana").is_allowed
