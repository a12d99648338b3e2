"""A store of counts that fails."""

import logging

import pytest

from app.domain.errors import UnavailableError
from app.services.rate_limits.outages import Outages
from tests.unit.services.rate_limits.test_windows import Seconds


class Store:
    """Counts how often it is asked."""

    asked = 0
    is_down = True

    def answer(self) -> str:
        self.asked += 1
        if self.is_down:
            raise UnavailableError("It is down.")
        return "answer"


def test_it_is_not_asked_again_for_five_seconds() -> None:
    clock, store = Seconds(), Store()
    outages = Outages(clock)

    assert [outages.ask(store.answer) for _ in range(3)] == [None, None, None]
    assert store.asked == 1
    clock.now += 5
    store.is_down = False

    assert outages.ask(store.answer) == "answer"


def test_the_log_says_so_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock, store = Seconds(), Store()
    outages = Outages(clock)

    with caplog.at_level(logging.WARNING):
        for _ in range(24):
            outages.ask(store.answer)
            clock.now += 5

    assert store.asked == 24
    assert len(caplog.messages) == 2
    assert "It is down." in caplog.text


def test_a_bug_is_not_taken_for_an_outage() -> None:
    with pytest.raises(ZeroDivisionError):
        Outages().ask(lambda: 1 // 0)
