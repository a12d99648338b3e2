"""The collection `usage_intervals`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from pymongo.errors import AutoReconnect

from app.domain.ids import new_id
from app.domain.usage_batches import Batch
from app.repositories.usage_intervals import UsageIntervals
from tests.integration.rows import World


@pytest.fixture
def intervals(world: World) -> UsageIntervals:
    return UsageIntervals(world.database, world.clock)


def test_an_interval_is_registered_before_anything_is_written_in_it(intervals: UsageIntervals) -> None:
    with intervals.current() as interval, intervals.current() as same:
        assert interval == same
        assert intervals.is_registered(str(interval))
        assert str(interval) in intervals.registered()


def test_what_is_closed_takes_no_more(intervals: UsageIntervals) -> None:
    with intervals.current() as first:
        pass

    assert intervals.close(1) == [str(first)]
    with intervals.current() as second:
        assert second != first
    assert sorted(intervals.close(1)) == sorted([str(first), str(second)])


def test_a_write_under_way_is_waited_for(intervals: UsageIntervals) -> None:
    with ThreadPoolExecutor(1) as thread:
        with intervals.current() as interval:
            assert intervals.close(0.01) == []
            closing = thread.submit(intervals.close, 30)
        assert closing.result() == [str(interval)]


def test_a_write_that_was_not_confirmed_may_still_come(intervals: UsageIntervals) -> None:
    with pytest.raises(AutoReconnect), intervals.current():
        raise AutoReconnect

    assert intervals.close(0.01) == []


def test_what_is_counted_is_gone(intervals: UsageIntervals) -> None:
    with intervals.current() as interval:
        pass
    name = str(interval)
    intervals.close(1)

    for _ in range(2):
        intervals.apply(Batch(new_id(), intervals=(name,)))
        intervals.forget(name)

    assert not intervals.is_registered(name)
    assert name not in intervals.registered()
    assert intervals.close(1) == []
