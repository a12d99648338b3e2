"""Queues of documents to index, in the storages of Huey (https://huey.readthedocs.io)."""

import hmac
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from huey.storage import BaseStorage, RedisStorage, SqliteStorage
from redis import ConnectionPool
from redis.exceptions import RedisError

from app.domain.errors import UnavailableError

_POLL_SECONDS = 0.5
_PAUSE_AFTER_ERROR_SECONDS = 1.0
_REDIS_SECONDS = 5
_SIGNATURE_BYTES = 16

_log = logging.getLogger(__name__)


class HueyJobs:
    """A queue of document ids for each lane, at the Redis server `url`, or in a SQLite file.

    Jobs are signed with `secret`; others are dropped. Jobs may be lost, as the documents' rows say what is to be
    done. A job of this process wakes a worker at once, one of another process within half a second.
    """

    def __init__(self, url: str | None, file: Path, secret: bytes) -> None:
        self._url = url
        self._file = file
        self._secret = secret
        self._queues: dict[str, BaseStorage] = {}
        self._wakers: dict[str, threading.Semaphore] = {}
        self._workers: list[threading.Thread] = []
        self._stopping = threading.Event()

    def open(self, *lanes: str) -> None:
        """Open the queues; a damaged file is recreated. Raises `UnavailableError`."""
        if self._url is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._wakers = {lane: threading.Semaphore(0) for lane in lanes}
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

    def put(self, lane: str, document_id: str) -> None:
        """Queue a job; raises what the queue's library raises."""
        self._queues[lane].enqueue(self._signed(document_id))
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

    def work(self, lane: str, workers: int, run: Callable[[str], None]) -> None:
        """Start so many threads that run the jobs of a lane."""
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

    def _work(self, lane: str, run: Callable[[str], None]) -> None:
        queue, waker = self._queues[lane], self._wakers[lane]
        while not self._stopping.is_set():
            try:
                job = queue.dequeue()
            except Exception:
                _log.exception("No job can be taken from the queue right now")
                self._stopping.wait(_PAUSE_AFTER_ERROR_SECONDS)
                continue
            if job is not None:
                self._do(job, run)
            elif not queue.blocking:
                waker.acquire(timeout=_POLL_SECONDS)

    def _do(self, job: bytes, run: Callable[[str], None]) -> None:
        document_id = job[_SIGNATURE_BYTES:].decode("ascii", "replace")
        if not hmac.compare_digest(job, self._signed(document_id)):
            _log.warning("A job that was signed with another SECRET_KEY is dropped")
            return
        try:
            run(document_id)
        except Exception:
            _log.exception("Work on document %s failed", document_id)

    def _signed(self, document_id: str) -> bytes:
        data = document_id.encode()
        return hmac.digest(self._secret, data, "sha256")[:_SIGNATURE_BYTES] + data

    def _queue(self, lane: str) -> BaseStorage:
        name = f"orquestradora{lane}"
        if self._url is None:
            # A job that a power cut loses is made anew by the sweep.
            return SqliteStorage(name, str(self._file), fsync=False)
        seconds = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
        return RedisStorage(name, connection_pool=ConnectionPool.from_url(self._url, **seconds))
