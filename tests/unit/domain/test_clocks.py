"""What is over, also by a clock that was set back."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.clocks import is_over
from app.domain.conversations import LONGEST_MESSAGE, QueueEntry

LONGEST = timedelta(minutes=1)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "over"), [(-3600, True), (0, True), (1, False), (60, False), (61, True), (3600, True)]
)
def test_what_has_passed_or_lasts_impossibly_long_is_over(seconds: int, over: bool) -> None:
    assert is_over(NOON + timedelta(seconds=seconds), NOON, LONGEST) == over


def test_an_entry_from_before_the_clock_was_set_back_is_over() -> None:
    entry = QueueEntry("a", NOON + timedelta(hours=1))

    assert entry.is_over(NOON)
    assert not entry.is_over(NOON + timedelta(hours=1) - LONGEST_MESSAGE)
