"""Tasks, again and again."""

import logging
import threading

import pytest

from app.services.periodic_tasks import PeriodicTasks


def test_a_task_that_fails_keeps_no_other_from_running(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fail() -> None:
        raise RuntimeError("broken")

    with caplog.at_level(logging.ERROR):
        PeriodicTasks((lambda: done.append("first"), fail, lambda: done.append("last"))).run_once()

    assert done == ["first", "last"]
    assert "A background task failed" in caplog.text


def test_rounds_follow_one_another_until_it_is_stopped() -> None:
    rounds = threading.Semaphore(0)
    tasks = PeriodicTasks((rounds.release,), interval_seconds=0.001)
    before = set(threading.enumerate())

    tasks.start()
    before_and_now = set(threading.enumerate())
    assert all(rounds.acquire(timeout=30) for _ in range(3))
    tasks.stop()

    for thread in before_and_now - before:
        thread.join(30)
        assert not thread.is_alive()


def test_the_first_round_is_at_once() -> None:
    done = threading.Event()
    tasks = PeriodicTasks((done.set,), interval_seconds=3600)

    tasks.start()

    assert done.wait(30)
    tasks.stop()
