"""Jobs for workers: in a SQLite file, and at a real Redis server where there is one to start."""

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.jobs import HueyJobs, huey_jobs
from tests.e2e.service import free_port
from tests.fakes.redis_server import redis_server

SECRET = b"a secret for tests, long enough to be one"
PATIENCE_SECONDS = 20
OWNER = "ana"

Open = Callable[[], HueyJobs]


@pytest.fixture(params=["sqlite", "redis"])
def open_jobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same queues, as several processes would."""
    opened: list[HueyJobs] = []

    def opening(url: str | None) -> Open:
        def one() -> HueyJobs:
            jobs = HueyJobs(url, tmp_path / "data" / "queue.sqlite3", SECRET)
            jobs.open("quick", "slow")
            opened.append(jobs)
            return jobs

        return one

    if request.param == "sqlite":
        yield opening(None)
    else:
        with redis_server(tmp_path) as url:
            yield opening(url)
    for jobs in opened:
        jobs.stop(1)


class Collector:
    """Notes what was worked on, and can be waited for."""

    def __init__(self, expected: int) -> None:
        self.done: list[str] = []
        self._expected = expected
        self._all = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, document_id: str, _owner_id: str) -> None:
        with self._lock:
            self.done.append(document_id)
            if len(self.done) == self._expected:
                self._all.set()

    def wait(self) -> list[str]:
        assert self._all.wait(PATIENCE_SECONDS), self.done
        return self.done


def test_jobs_are_done_in_their_order_after_a_restart(open_jobs: Open) -> None:
    first = open_jobs()
    for number in range(5):
        first.put("quick", str(number), OWNER)
    assert not first.are_empty()
    first.stop(1)

    second, collected = open_jobs(), Collector(5)
    second.work("quick", 1, collected)

    assert collected.wait() == ["0", "1", "2", "3", "4"]
    assert second.are_empty()


def test_a_lane_does_not_wait_for_another(open_jobs: Open) -> None:
    jobs, collected, go_on = open_jobs(), Collector(10), threading.Event()

    def wait(_document_id: str, _owner_id: str) -> None:
        go_on.wait(PATIENCE_SECONDS)

    jobs.work("slow", 1, wait)
    jobs.work("quick", 1, collected)

    jobs.put("slow", "big", OWNER)
    for number in range(10):
        jobs.put("quick", str(number), OWNER)

    assert len(collected.wait()) == 10
    go_on.set()


def test_several_processes_share_the_jobs(open_jobs: Open) -> None:
    collected, workers = Collector(60), [open_jobs() for _ in range(3)]
    for one in workers:
        one.work("quick", 2, collected)
    for number in range(60):
        workers[number % 3].put("quick", str(number), OWNER)

    assert sorted(collected.wait(), key=int) == [str(number) for number in range(60)]


def test_a_job_that_raises_does_not_keep_the_next_from_being_done(open_jobs: Open) -> None:
    jobs, collected = open_jobs(), Collector(2)

    def work(document_id: str, owner_id: str) -> None:
        collected(document_id, owner_id)
        raise ValueError("broken")

    jobs.work("quick", 1, work)
    jobs.put("quick", "a", OWNER)
    jobs.put("quick", "b", OWNER)

    assert collected.wait() == ["a", "b"]


def test_jobs_can_be_dropped(open_jobs: Open) -> None:
    jobs = open_jobs()
    jobs.put("quick", "a", OWNER)
    jobs.put("slow", "b", OWNER)

    jobs.clear()

    assert jobs.are_empty()


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "queue.sqlite3"
    file.write_bytes(b"this is no database" * 500)
    jobs, collected = HueyJobs(None, file, SECRET), Collector(1)

    jobs.open("quick")
    jobs.work("quick", 1, collected)
    jobs.put("quick", "a", OWNER)

    assert collected.wait() == ["a"]
    jobs.stop(1)


def test_a_file_that_somebody_holds_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "queue.sqlite3"
    jobs = HueyJobs(None, file, SECRET)
    jobs.open("quick")
    jobs.put("quick", "a", OWNER)

    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UnavailableError, match=r"queue\.sqlite3 cannot be used: database is locked"):
            HueyJobs(None, file, SECRET).open("quick")

    assert not jobs.are_empty()


def test_a_job_that_was_not_signed_by_us_is_not_done(tmp_path: Path) -> None:
    file = tmp_path / "queue.sqlite3"
    stranger, jobs = HueyJobs(None, file, b"another secret"), HueyJobs(None, file, SECRET)
    stranger.open("quick")
    jobs.open("quick")
    collected = Collector(1)
    stranger.put("quick", "theirs", OWNER)
    jobs.put("quick", "ours", OWNER)

    jobs.work("quick", 1, collected)

    assert collected.wait() == ["ours"]
    jobs.stop(1)


def test_a_redis_server_that_is_not_there_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    jobs = HueyJobs(f"redis://127.0.0.1:{free_port()}/0", tmp_path / "queue.sqlite3", SECRET)

    with pytest.raises(UnavailableError, match=r"^QUEUE_URL: the queue cannot be used"):
        jobs.open("quick")


def test_a_job_of_this_process_waits_for_no_poll(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huey_jobs, "_POLL_SECONDS", 10 * PATIENCE_SECONDS)
    jobs, collected = HueyJobs(None, tmp_path / "queue.sqlite3", SECRET), Collector(1)
    jobs.open("quick")
    jobs.work("quick", 1, collected)
    time.sleep(0.2)  # the worker has found nothing by then

    jobs.put("quick", "a", OWNER)

    assert collected.wait() == ["a"]
    jobs.stop(1)


def test_owners_take_turns_however_many_jobs_each_has(open_jobs: Open) -> None:
    jobs, collected = open_jobs(), Collector(8)
    for number in range(5):
        jobs.put("quick", f"ana-{number}", "ana")
    for owner in ("bia", "cid", "bia"):
        jobs.put("quick", f"{owner}", owner)

    jobs.work("quick", 1, collected)

    assert collected.wait() == ["ana-0", "bia", "cid", "ana-1", "bia", "ana-2", "ana-3", "ana-4"]


def test_one_owner_leaves_a_worker_to_others(open_jobs: Open) -> None:
    jobs, collected, go_on = open_jobs(), Collector(1), threading.Event()
    running: list[str] = []

    def work(document_id: str, owner_id: str) -> None:
        if owner_id == "bia":
            collected(document_id, owner_id)
            return
        running.append(document_id)
        go_on.wait(PATIENCE_SECONDS)

    jobs.work("slow", 3, work)
    for number in range(20):
        jobs.put("slow", str(number), "ana")
    time.sleep(1.2)  # the third worker has looked more than once by then
    jobs.put("slow", "b", "bia")

    assert collected.wait() == ["b"]
    assert running == ["0", "1"]
    go_on.set()


def test_a_job_that_is_left_waiting_is_done_in_its_turn(open_jobs: Open) -> None:
    jobs, collected = open_jobs(), Collector(30)

    def work(document_id: str, owner_id: str) -> None:
        time.sleep(0.01)
        collected(document_id, owner_id)

    jobs.work("slow", 3, work)
    for number in range(30):
        jobs.put("slow", str(number), "ana")

    assert len(set(collected.wait())) == 30


def test_a_job_of_another_version_is_dropped(tmp_path: Path) -> None:
    jobs, collected = HueyJobs(None, tmp_path / "queue.sqlite3", SECRET), Collector(1)
    jobs.open("quick")
    jobs.put("quick", "two words", OWNER)
    jobs.put("quick", "a", OWNER)

    jobs.work("quick", 1, collected)

    assert collected.wait() == ["a"]
    jobs.stop(1)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")
def test_workers_let_requests_go_first(tmp_path: Path) -> None:
    jobs, collected = HueyJobs(None, tmp_path / "queue.sqlite3", SECRET), Collector(1)
    priorities: list[int] = []

    def work(document_id: str, owner_id: str) -> None:
        priorities.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        collected(document_id, owner_id)

    jobs.open("quick")
    jobs.work("quick", 1, work)
    jobs.put("quick", "a", OWNER)

    collected.wait()
    assert priorities[0] > os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    jobs.stop(1)
