"""When a delivery is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.ids import new_id
from app.domain.webhooks import LONGEST_PENDING, RETRY_DELAYS, Delivery, EventType
from app.services.webhooks.retries import next_attempt, pause_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def attempted(attempts: int, until: datetime | None = None) -> Delivery:
    event = EventType.DOCUMENT_READY
    return Delivery(new_id(), new_id(), "1", "2", event, "{}", NOW, attempts=attempts, until=until)


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    delays = [next_attempt(attempted(number), NOW, chance=lambda: 0.5) for number in range(1, 10)]

    assert delays == [NOW + delay for delay in RETRY_DELAYS]
    assert next_attempt(attempted(10), NOW) is None
    assert next_attempt(attempted(11), NOW) is None


def test_each_delay_is_up_to_a_tenth_shorter_or_longer() -> None:
    for attempts, delay in enumerate(RETRY_DELAYS, 1):
        shortest = next_attempt(attempted(attempts), NOW, chance=lambda: 0)
        longest = next_attempt(attempted(attempts), NOW, chance=lambda: 1)
        assert shortest is not None
        assert longest is not None
        assert (shortest - NOW) / delay == pytest.approx(0.9)
        assert (longest - NOW) / delay == pytest.approx(1.1)
    assert len({next_attempt(attempted(3), NOW) for _ in range(20)}) > 10


def test_all_attempts_fit_before_a_delivery_is_given_up() -> None:
    at = NOW
    for attempts in range(1, 10):
        following = next_attempt(attempted(attempts, NOW + LONGEST_PENDING), at, chance=lambda: 0.999)
        assert following is not None
        at = following
    assert next_attempt(attempted(1, NOW), NOW) is None


@pytest.mark.parametrize(("wish", "seconds"), [(None, 300), (0, 300), (60, 300), (3600, 3600), (10**9, 24 * 3600)])
def test_a_receiver_may_ask_to_be_left_alone_for_longer(wish: float | None, seconds: float) -> None:
    assert next_attempt(attempted(2), NOW, wish, chance=lambda: 0.5) == NOW + timedelta(seconds=seconds)


def test_a_webhook_that_goes_on_failing_pauses_for_longer_up_to_five_minutes() -> None:
    pauses = [(pause_after(failures, NOW) - NOW).total_seconds() for failures in (1, 2, 3, 4, 5, 10_000)]

    assert pauses == [5, 20, 80, 300, 300, 300]
