"""Whether the service can do its work, and no more than that is asked."""

import logging
import threading

import pytest

from app.domain.errors import ModelUnavailableError
from app.services.readiness import Readiness

PATIENCE_SECONDS = 30


def works() -> None:
    """A check that does not raise."""


def refuse() -> None:
    raise ModelUnavailableError("The embedding server could not be reached.")


def break_down() -> None:
    raise RuntimeError("broken")


def test_what_raises_is_missing_in_the_order_of_the_checks(caplog: pytest.LogCaptureFixture) -> None:
    readiness = Readiness({"model": refuse, "database": works, "queue": break_down})

    with caplog.at_level(logging.WARNING):
        assert readiness.missing() == ["model", "queue"]

    assert "Not ready: model: The embedding server could not be reached." in caplog.text
    assert "RuntimeError" in caplog.text


def test_each_question_asks_anew() -> None:
    answers = iter([True, False, True])

    def flap() -> None:
        if not next(answers):
            break_down()

    readiness = Readiness({"model": flap})

    assert [readiness.missing() for _ in range(3)] == [[], ["model"], []]


def test_what_hangs_is_missing_and_is_not_begun_again() -> None:
    begun, may_end, ended = threading.Semaphore(0), threading.Event(), threading.Event()

    def hang() -> None:
        begun.release()
        may_end.wait(PATIENCE_SECONDS)
        ended.set()

    readiness = Readiness({"model": hang, "database": works}, seconds=0.05)

    assert [readiness.missing() for _ in range(3)] == [["model"]] * 3
    assert begun.acquire(timeout=PATIENCE_SECONDS)
    assert not begun.acquire(blocking=False)

    may_end.set()
    assert ended.wait(PATIENCE_SECONDS)
    patient = Readiness({"model": hang}, seconds=PATIENCE_SECONDS)
    assert patient.missing() == []
