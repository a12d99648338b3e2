"""Queues of documents to index, in the storages of Huey (https://huey.readthedocs.io)."""

import hmac
import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from huey.storage import BaseStorage, PriorityRedisStorage, SqliteStorage
from redis import ConnectionPool
from redis.exceptions import RedisError

from app.domain.errors import UnavailableError
from app.jobs.turns import Turns

_POLL_SECONDS = 0.5
_PAUSE_AFTER_ERROR_SECONDS = 1.0
_REDIS_SECONDS = 5
_SIGNATURE_BYTES = 16
# Those at the head of a queue whose owners have as many workers as they may have.
_MOST_SKIPPED = 16
_NICENESS = 10

_log = logging.getLogger(__name__)

Run = Callable[[str, str], None]
"""Works on a document, which is given by its id and its owner's."""


class _Job(NamedTuple):
    number: int
    owner_id: str
    document_id: str

    @classmethod
    def parsed(cls, text: bytes) -> Self | None:
        """A job as it was queued; None if another version did."""
        parts = text.decode("ascii", "replace").split()
        return cls(int(parts[0]), *parts[1:]) if len(parts) == len(cls._fields) and parts[0].isdecimal() else None

    def __bytes__(self) -> bytes:
        return f"{self.number} {self.owner_id} {self.document_id}".encode()


class HueyJobs:
    """A queue of documents for each lane, at the Redis server `url`, or in a SQLite file.

    Owners take turns, and one who has all workers but one leaves that to others (app/jobs/turns.py). Jobs are
    signed with `secret`; those signed with neither that nor one of `old_secrets` are dropped. Jobs may be lost, as
    the documents' rows say what is to be done. A job of this process wakes a worker at once, one of another process
    within half a second.
    """

    def __init__(self, url: str | None, file: Path, secret: bytes, old_secrets: Sequence[bytes] = ()) -> None:
        self._url = url
        self._file = file
        self._secrets = (secret, *old_secrets)
        self._queues: dict[str, BaseStorage] = {}
        self._wakers: dict[str, threading.Semaphore] = {}
        self._turns: dict[str, Turns] = {}
        self._taking: dict[str, threading.Lock] = {}
        self._workers: list[threading.Thread] = []
        self._stopping = threading.Event()

    def open(self, *lanes: str) -> None:
        """Open the queues; a damaged file is recreated. Raises `UnavailableError`."""
        if self._url is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._wakers = {lane: threading.Semaphore(0) for lane in lanes}
        self._turns = {lane: Turns() for lane in lanes}
        self._taking = {lane: threading.Lock() for lane in lanes}
        try:
            self._queues = {lane: self._queue(lane) for lane in lanes}
            self.check()
        except sqlite3.OperationalError as error:  # it is locked, or the disk is full
            raise UnavailableError(f"The queue {self._file.name} cannot be used: {error}.") from error
        except sqlite3.DatabaseError:
            for leftover in self._file.parent.glob(f"{self._file.name}*"):
                leftover.unlink(missing_ok=True)
            self._queues = {lane: self._queue(lane) for lane in lanes}
        except (RedisError, ValueError) as error:
            raise UnavailableError(f"QUEUE_URL: the queue cannot be used ({type(error).__name__}).") from None

    def put(self, lane: str, document_id: str, owner_id: str) -> None:
        """Queue a job; raises what the queue's library raises."""
        self._enqueue(lane, _Job(self._turns[lane].number(owner_id), owner_id, document_id))
        self._wakers[lane].release()

    def are_empty(self) -> bool:
        """Whether all queues are known to be empty; False if they cannot be read."""
        with suppress(RedisError, sqlite3.Error):
            return not any(queue.queue_size() for queue in self._queues.values())
        return False

    def check(self) -> None:
        """Raise unless the queues answer."""
        for queue in self._queues.values():
            queue.queue_size()

    def clear(self) -> None:
        """Delete all jobs."""
        for queue in self._queues.values():
            queue.flush_queue()

    def work(self, lane: str, workers: int, run: Run) -> None:
        """Start so many threads that run the jobs of a lane; where there are several, one owner has all but one."""
        self._turns[lane].most_of_one = max(1, workers - 1)
        for number in range(workers):
            worker = threading.Thread(target=self._work, args=(lane, run), name=f"{lane}-{number + 1}", daemon=True)
            worker.start()
            self._workers.append(worker)

    def stop(self, seconds: float) -> None:
        """Take no new jobs, and wait up to `seconds` for the running ones."""
        self._stopping.set()
        for waker in self._wakers.values():
            waker.release(len(self._workers) or 1)
        until = time.monotonic() + seconds
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))
        for queue in self._queues.values():
            queue.close()

    def _work(self, lane: str, run: Run) -> None:
        _let_requests_go_first()
        while not self._stopping.is_set():
            try:
                job = self._take(lane)
            except Exception:
                _log.exception("No job can be taken from the queue right now")
                self._stopping.wait(_PAUSE_AFTER_ERROR_SECONDS)
                continue
            if job is None:
                self._wakers[lane].acquire(timeout=_POLL_SECONDS)
                continue
            try:
                run(job.document_id, job.owner_id)
            except Exception:
                _log.exception("Work on document %s failed", job.document_id)
            finally:
                self._turns[lane].end(job.owner_id)

    def _take(self, lane: str) -> _Job | None:
        """The next job whose owner may have a worker; one worker at a time looks, as it puts back what it skips."""
        with self._taking[lane]:
            skipped: list[_Job] = []
            try:
                while len(skipped) < _MOST_SKIPPED and (taken := self._queues[lane].dequeue()) is not None:
                    job = self._verified(taken)
                    if job is None:
                        continue
                    if self._turns[lane].begin(job.owner_id, job.number):
                        return job
                    skipped.append(job)
            finally:
                for job in skipped:
                    self._enqueue(lane, job)
        return None

    def _enqueue(self, lane: str, job: _Job) -> None:
        data = bytes(job)
        self._queues[lane].enqueue(_signature(data, self._secrets[0]) + data, priority=-job.number)

    def _verified(self, taken: bytes) -> _Job | None:
        signature, data = taken[:_SIGNATURE_BYTES], taken[_SIGNATURE_BYTES:]
        if not any(hmac.compare_digest(signature, _signature(data, secret)) for secret in self._secrets):
            _log.warning("A job that was signed with another SECRET_KEY is dropped")
            return None
        return _Job.parsed(data)

    def _queue(self, lane: str) -> BaseStorage:
        name = f"orquestradora_{lane}"
        if self._url is None:
            # A job that a power cut loses is made anew by the sweep.
            return SqliteStorage(name, str(self._file), fsync=False)
        seconds = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
        return PriorityRedisStorage(
            name, blocking=False, connection_pool=ConnectionPool.from_url(self._url, **seconds)
        )


def _let_requests_go_first() -> None:
    """Give this thread, and the processes it starts, the processors that nobody else wants.

    Of Linux alone: threads have priorities of their own there (setpriority(2)), and processes elsewhere.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS)


def _signature(data: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, data, "sha256")[:_SIGNATURE_BYTES]
