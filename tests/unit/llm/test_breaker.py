import logging
import time

import pytest

from app.domain.errors import ModelUnavailableError
from app.llm.breaker import Breaker

SECONDS = 0.05


def broken(seconds: float = 60) -> Breaker:
    breaker = Breaker("m", failures=3, seconds=seconds)
    for _ in range(3):
        breaker.admit()
        breaker.record(is_up=False)
    return breaker


def is_spared(breaker: Breaker) -> bool:
    try:
        breaker.admit()
    except ModelUnavailableError:
        return True
    return False


def on_trial() -> Breaker:
    breaker = broken(SECONDS)
    time.sleep(SECONDS)
    breaker.admit()
    return breaker


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = Breaker("m", failures=3, seconds=60)
    for is_up in (False, False, True, False, False):
        breaker.record(is_up=is_up)
    assert not is_spared(breaker)
    assert breaker.is_closed

    breaker.record(is_up=False)

    assert is_spared(breaker)
    assert not breaker.is_closed


def test_what_does_not_tell_neither_counts_nor_makes_forget() -> None:
    breaker = Breaker("m", failures=2, seconds=60)
    for is_up in (False, None, None, None):
        breaker.record(is_up=is_up)
    assert not is_spared(breaker)

    breaker.record(is_up=False)

    assert is_spared(breaker)


@pytest.mark.parametrize(("seconds", "retry_after"), [(60, range(59, 61)), (0.3, range(1, 2))])
def test_who_is_spared_is_told_when_to_come_back(seconds: float, retry_after: range) -> None:
    breaker = broken(seconds)

    with pytest.raises(ModelUnavailableError) as raised:
        breaker.admit()

    assert raised.value.retry_after in retry_after


def test_a_late_failure_does_not_prolong_it() -> None:
    breaker = broken(SECONDS * 2)
    time.sleep(SECONDS)
    breaker.record(is_up=False)
    time.sleep(SECONDS)

    assert not is_spared(breaker)


def test_then_one_attempt_goes_through() -> None:
    breaker = on_trial()

    assert is_spared(breaker)


def test_a_trial_that_works_closes_it() -> None:
    breaker = on_trial()
    breaker.record(is_up=True)

    assert [is_spared(breaker) for _ in range(3)] == [False] * 3


def test_a_trial_that_fails_opens_it_again() -> None:
    breaker = on_trial()
    breaker.record(is_up=False)
    assert is_spared(breaker)

    time.sleep(SECONDS)

    assert not is_spared(breaker)


def test_a_trial_that_never_ends_does_not_block_for_ever() -> None:
    breaker = on_trial()
    time.sleep(SECONDS)

    assert not is_spared(breaker)
    assert is_spared(breaker)


def test_its_changes_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        broken()

    assert caplog.messages == ["language model m: circuit breaker open"]


def test_it_is_logged_that_a_provider_is_back(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        on_trial().record(is_up=True)

    assert caplog.messages[-1] == "language model m: circuit breaker closed"
