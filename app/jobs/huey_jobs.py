"""Which documents have to be worked on, as jobs of Huey's (https://huey.readthedocs.io)."""

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from huey import RedisHuey, SqliteHuey
from huey.api import Huey, TaskWrapper
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from redis import ConnectionPool
from redis.exceptions import RedisError

from app.domain.errors import UnavailableError

_POLL_SECONDS = 0.05
_LONGEST_POLL_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 10.0
_REDIS_SECONDS = 5


class _Consumer(Consumer):  # type: ignore[misc]
    """Huey's workers as threads of this process, whose signals are none of their business."""

    def _set_signal_handlers(self) -> None:
        pass


class HueyJobs:
    """A queue of document ids for each lane, at the Redis server `url`, or in a SQLite file.

    Jobs are signed with `secret`, as Huey unpickles them. They may be lost: what they are about says so itself.
    Raises `UnavailableError` where the Redis server cannot be used.
    """

    def __init__(self, url: str | None, file: Path, secret: bytes) -> None:
        self._url = url
        self._file = file
        self._secret = secret
        self._lanes: dict[str, tuple[Huey, TaskWrapper]] = {}
        self._consumers: list[_Consumer] = []
        self._work: dict[str, Callable[[str], None]] = {}
        # It says at each poll what it does.
        logging.getLogger("huey").setLevel(logging.ERROR)

    def open(self, *lanes: str) -> None:
        """Make the queues; one that is damaged is made anew. Raises `UnavailableError`."""
        if self._url is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lanes = {lane: self._lane(lane) for lane in lanes}
            self.check()
        except sqlite3.OperationalError as error:  # it is locked, or the disk is full
            raise UnavailableError(f"The queue {self._file.name} cannot be used: {error}.") from error
        except sqlite3.DatabaseError:
            for leftover in self._file.parent.glob(f"{self._file.name}*"):
                leftover.unlink(missing_ok=True)
            self._lanes = {lane: self._lane(lane) for lane in lanes}
        except (RedisError, ValueError) as error:
            raise UnavailableError(f"QUEUE_URL: the queue cannot be used ({type(error).__name__}).") from None

    def put(self, lane: str, document_id: str) -> None:
        """Make a job; raises what the queue's own library raises."""
        _, task = self._lanes[lane]
        task(document_id)

    def are_empty(self) -> bool:
        """Whether it is certain that no job waits in any lane."""
        with suppress(RedisError, sqlite3.Error):
            return not any(huey.pending_count() for huey, _ in self._lanes.values())
        return False

    def check(self) -> None:
        """Raise unless the queues answer."""
        for huey, _ in self._lanes.values():
            huey.pending_count()

    def clear(self) -> None:
        """Drop all jobs."""
        for huey, _ in self._lanes.values():
            huey.flush()

    def work(self, lane: str, workers: int, run: Callable[[str], None]) -> None:
        """Do the jobs of a lane in so many threads, one after another each."""
        self._work[lane] = run
        huey, _ = self._lanes[lane]
        longest = _LONGEST_POLL_SECONDS if self._url is None else _LONGEST_PAUSE_SECONDS
        consumer = _Consumer(
            huey, workers=workers, periodic=False, initial_delay=_POLL_SECONDS, backoff=1.3, max_delay=longest
        )
        consumer.start()
        self._consumers.append(consumer)

    def stop(self, seconds: float) -> None:
        """Take no new job, and wait so long for those under way."""
        for consumer in self._consumers:
            consumer.stop()
        until = time.monotonic() + seconds
        for consumer in self._consumers:
            for _, thread in consumer.worker_threads:
                thread.join(max(0.0, until - time.monotonic()))
        for huey, _ in self._lanes.values():
            huey.storage.close()

    def _lane(self, lane: str) -> tuple[Huey, TaskWrapper]:
        options: dict[str, Any] = {
            "name": f"orquestradora{lane}",
            "results": False,
            "serializer": SignedSerializer(secret=self._secret),
        }
        if self._url is None:
            huey = SqliteHuey(filename=str(self._file), **options)
        else:
            seconds = {"socket_timeout": _REDIS_SECONDS, "socket_connect_timeout": _REDIS_SECONDS}
            huey = RedisHuey(connection_pool=ConnectionPool.from_url(self._url, **seconds), **options)

        def work_on(document_id: str) -> None:
            self._work[lane](document_id)

        return huey, huey.task(name="work_on")(work_on)
