"""Waiting until a message has ended."""

from collections.abc import Callable
from threading import Thread

import pytest

from app.domain.deadline import Deadline
from app.services.messages.completion import CompletionSignals, pauses

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
def signals() -> CompletionSignals:
    """One that works on the message "a"."""
    signals = CompletionSignals()
    signals.begin("a")
    return signals


def test_who_waits_for_a_message_of_this_process_is_woken(signals: CompletionSignals) -> None:
    deadline = Deadline(ENDLESS)

    assert returns_after(lambda: signals.wait("a", ENDLESS, deadline), lambda: signals.end("a"))


def test_the_database_is_asked_even_if_nobody_wakes(signals: CompletionSignals) -> None:
    assert returns_after(lambda: signals.wait("a", ENDLESS, Deadline(ENDLESS)))


def test_another_process_message_is_looked_at_after_the_pause(signals: CompletionSignals) -> None:
    assert returns_after(lambda: signals.wait("b", 0.01, Deadline(ENDLESS)))


def test_who_is_merged_is_woken(signals: CompletionSignals) -> None:
    assert returns_after(lambda: signals.wait_for_end("a", ENDLESS), lambda: signals.end("a"))


def test_who_is_not_merged_waits_for_the_pause_at_most(signals: CompletionSignals) -> None:
    assert returns_after(lambda: signals.wait_for_end("a", 0.01))


def test_ending_twice_is_no_error(signals: CompletionSignals) -> None:
    signals.end("a")
    signals.end("a")

    assert returns_after(lambda: signals.wait_for_end("a", ENDLESS))


def test_looks_come_less_often_and_end_with_the_deadline() -> None:
    first = [pause for _, pause in zip(range(10), pauses(Deadline(ENDLESS)), strict=False)]

    assert first == sorted(first)
    assert 0 < first[0] < first[-1] <= 1
    assert list(pauses(Deadline(0))) == []
    assert next(pauses(Deadline(0.001))) <= 0.001
