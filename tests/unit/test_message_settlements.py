"""Waiting until somebody else has settled a message."""

from collections.abc import Callable
from threading import Thread

import pytest

from app.services.messages.rules import TimeLimit
from app.services.messages.settlements import Settlements

HANG_SECONDS = 20
ENDLESS = 3600.0


def returns_after(wait: Callable[[], None], happens: Callable[[], None] = lambda: None) -> bool:
    """Whether `wait` returns once that has happened."""
    waiting = Thread(target=wait, daemon=True)
    waiting.start()
    happens()
    waiting.join(HANG_SECONDS)
    return not waiting.is_alive()


@pytest.fixture
def settlements() -> Settlements:
    """One that works on the message "a"."""
    settlements = Settlements()
    settlements.begin("a")
    return settlements


def test_who_waits_for_a_message_of_this_process_is_woken(settlements: Settlements) -> None:
    limit = TimeLimit(ENDLESS)

    assert returns_after(lambda: settlements.wait("a", ENDLESS, limit), lambda: settlements.end("a"))


def test_the_database_is_asked_even_if_nobody_wakes(settlements: Settlements) -> None:
    assert returns_after(lambda: settlements.wait("a", ENDLESS, TimeLimit(ENDLESS)))


def test_another_process_message_is_looked_at_after_the_pause(settlements: Settlements) -> None:
    assert returns_after(lambda: settlements.wait("b", 0.01, TimeLimit(ENDLESS)))


def test_who_is_merged_is_woken(settlements: Settlements) -> None:
    assert returns_after(lambda: settlements.wait_for_another("a", ENDLESS), lambda: settlements.end("a"))


def test_who_is_not_merged_waits_for_the_pause_at_most(settlements: Settlements) -> None:
    assert returns_after(lambda: settlements.wait_for_another("a", 0.01))


def test_ending_twice_is_no_error(settlements: Settlements) -> None:
    settlements.end("a")
    settlements.end("a")

    assert returns_after(lambda: settlements.wait_for_another("a", ENDLESS))


def test_an_error_ends_the_work(settlements: Settlements) -> None:
    with pytest.raises(ValueError, match="broken"), settlements.ended_by_errors("a"):
        raise ValueError("broken")

    assert returns_after(lambda: settlements.wait_for_another("a", ENDLESS))


def test_looks_come_less_often_and_end_with_the_limit(settlements: Settlements) -> None:
    pauses = [pause for _, pause in zip(range(10), settlements.looks(TimeLimit(ENDLESS)), strict=False)]

    assert pauses == sorted(pauses)
    assert 0 < pauses[0] < pauses[-1] <= 1
    assert list(settlements.looks(TimeLimit(0))) == []
    assert next(settlements.looks(TimeLimit(0.001))) <= 0.001
