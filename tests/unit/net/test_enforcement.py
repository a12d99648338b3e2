import threading
import time

import pytest

from app.domain.deadline import Deadline
from app.net.enforcement import enforced, run_within, seconds_left


def test_a_deadline_is_enforced_in_its_own_thread_and_for_a_while() -> None:
    elsewhere: list[float | None] = []
    with enforced(Deadline(60)):
        assert 59 < (seconds_left() or 0) <= 60
        thread = threading.Thread(target=lambda: elsewhere.append(seconds_left()))
        thread.start()
        thread.join()

    assert seconds_left() is None
    assert elsewhere == [None]


def test_work_within_its_time_returns_or_raises() -> None:
    assert run_within(30, lambda: "done") == "done"
    with pytest.raises(ZeroDivisionError):
        run_within(30, lambda: 1 / 0)


def test_work_that_takes_too_long_is_left_behind() -> None:
    release = threading.Event()
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        run_within(0.05, release.wait)

    assert time.monotonic() - started < 20
    release.set()
