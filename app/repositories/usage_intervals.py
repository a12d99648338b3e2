"""The collection `usage_intervals`: the stretches of time whose ended messages are not in the counters yet.

The write that ends a message leaves the id of the interval on its chat, so that no further write has to say that
the chat was counted: it is, once its interval is gone from this collection.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.ids import new_id
from app.domain.rows import Row
from app.domain.usage_batches import Batch
from app.repositories.mongo import repeated

_ANY_TIME = datetime.min.replace(tzinfo=UTC)
# Who counts closes an interval every few seconds. Where nobody does, it takes no further writes after so long.
_LONGEST_SECONDS = 60.0
# What was not confirmed may still be written by then: longer than the driver waits and repeats.
_UNCONFIRMED_SECONDS = 180.0


@dataclass(eq=False)
class _Interval:
    """`closes_at`, `settled_at`: seconds on the monotonic clock."""

    id: ObjectId
    closes_at: float
    under_way: int = 0
    settled_at: float = 0.0


class UsageIntervals:
    """The intervals of this process, and which ones of all processes are not counted."""

    def __init__(self, database: Database[Row], clock: Callable[[], datetime]) -> None:
        self._rows = database["usage_intervals"]
        self._clock = clock
        self._changed = threading.Condition()
        self._current: _Interval | None = None
        self._closed: dict[str, _Interval] = {}

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("opened_at", ASCENDING)])

    @contextmanager
    def current(self) -> Iterator[ObjectId]:
        """The id that goes with a write that ends messages; the write is to be made in this block."""
        with self._changed:
            interval = self._opened()
            interval.under_way += 1
        try:
            yield interval.id
        except BaseException:
            interval.settled_at = time.monotonic() + _UNCONFIRMED_SECONDS
            raise
        finally:
            with self._changed:
                interval.under_way -= 1
                self._changed.notify_all()

    def close(self, wait_seconds: float) -> list[str]:
        """The intervals of this process that no write will come to any more; the current one is closed first.

        Writes that are under way are waited for; an interval whose writes take longer is left to the next time.
        """
        with self._changed:
            self._close_current()
            self._changed.wait_for(lambda: not any(one.under_way for one in self._closed.values()), wait_seconds)
            now = time.monotonic()
            return [name for name, one in self._closed.items() if not one.under_way and one.settled_at <= now]

    def forget(self, interval_id: str) -> None:
        """An interval of this process was counted."""
        with self._changed:
            self._closed.pop(interval_id, None)

    def registered(self) -> dict[str, datetime]:
        """The intervals of all processes that are not counted, and when they were opened."""
        rows = self._rows.find({"opened_at": {"$gt": _ANY_TIME}})
        return {str(row["_id"]): row["opened_at"] for row in rows}

    def is_registered(self, interval_id: str) -> bool:
        """Whether an interval is not counted."""
        return self._rows.find_one({"_id": ObjectId(interval_id)}) is not None

    def apply(self, batch: Batch) -> None:
        """The intervals of a batch are counted."""
        if batch.intervals:
            counted = {"_id": {"$in": [ObjectId(one) for one in batch.intervals]}}
            repeated(lambda: self._rows.delete_many(counted))

    def _opened(self) -> _Interval:
        if self._current is not None and self._current.closes_at < time.monotonic():
            self._close_current()
        if self._current is None:
            interval = _Interval(ObjectId(new_id()), time.monotonic() + _LONGEST_SECONDS)
            self._rows.insert_one({"_id": interval.id, "opened_at": self._clock()})
            self._current = interval
        return self._current

    def _close_current(self) -> None:
        if self._current is not None:
            self._closed[str(self._current.id)] = self._current
            self._current = None
