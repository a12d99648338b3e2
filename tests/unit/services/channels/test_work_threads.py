import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from app.services.channels.work_threads import Outcome, Waiting, WorkThreads

PATIENCE_SECONDS = 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def nothing(moment: datetime) -> list[Waiting]:
    return []


@contextmanager
def started(
    work: Callable[[str], Outcome], look: Callable[[datetime], list[Waiting]] = nothing
) -> Iterator[WorkThreads]:
    threads = WorkThreads("test", look, work, lambda: NOW)
    threads.start()
    try:
        yield threads
    finally:
        threads.stop()


def test_what_is_handed_over_is_worked_on_again_when_it_says_so() -> None:
    done, calls = threading.Event(), []

    def work(conversation_id: str) -> Outcome:
        calls.append(conversation_id)
        if len(calls) == 2:
            done.set()
        return Outcome(again_seconds=0 if len(calls) < 2 else None)

    with started(work) as threads:
        threads.hand_over("c", "one")
        assert done.wait(PATIENCE_SECONDS)
    assert calls == ["one", "one"]


def test_it_begins_with_all_that_is_due_and_then_takes_what_others_left_behind() -> None:
    looked, moments = threading.Event(), []

    def look(moment: datetime) -> list[Waiting]:
        moments.append(moment)
        if len(moments) == 2:
            looked.set()
        return []

    with started(lambda _: Outcome(), look):
        assert looked.wait(PATIENCE_SECONDS)
    assert moments[:2] == [NOW, NOW - timedelta(seconds=5)]


def test_a_channel_that_hangs_holds_up_no_other() -> None:
    hanging, done = threading.Event(), threading.Event()

    def work(conversation_id: str) -> Outcome:
        if conversation_id.startswith("slow"):
            hanging.wait(PATIENCE_SECONDS)
        else:
            done.set()
        return Outcome()

    with started(work) as threads:
        for number in range(200):
            threads.hand_over("slow", f"slow {number}")
        threads.hand_over("quick", "quick")
        try:
            assert done.wait(PATIENCE_SECONDS)
        finally:
            hanging.set()


def test_a_channel_that_fails_has_two_threads() -> None:
    lock, running, most = threading.Lock(), 0, 0
    failed, enough = threading.Event(), threading.Semaphore(0)

    def work(conversation_id: str) -> Outcome:
        nonlocal running, most
        if conversation_id == "first":
            return Outcome(False)
        with lock:
            running += 1
            most = max(most, running)
        failed.wait(0.05)
        with lock:
            running -= 1
        enough.release()
        return Outcome(False)

    with started(work) as threads:
        threads.hand_over("c", "first")
        for number in range(8):
            threads.hand_over("c", str(number), 0.2)
        for _ in range(8):
            assert enough.acquire(timeout=PATIENCE_SECONDS)
    assert most == 2


def test_work_that_raises_is_begun_again_later() -> None:
    def work(conversation_id: str) -> Outcome:
        if conversation_id == "broken":
            raise RuntimeError("broken")
        done.set()
        return Outcome()

    done = threading.Event()
    with started(work) as threads:
        threads.hand_over("c", "broken")
        threads.hand_over("c", "whole")
        assert done.wait(PATIENCE_SECONDS)
