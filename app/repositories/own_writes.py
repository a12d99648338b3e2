"""Counts what this process writes, so that what it has read need not be read again until then."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

T = TypeVar("T")

_WRITES = frozenset({"insert", "update", "delete", "findAndModify"})
# A command of `python -m app` may write beside the service, though none writes to users and roles.
_LONGEST_SECONDS = 60.0
_MOST = 10_000


class OwnWrites(CommandListener):
    """The number of writes to each collection that have ended; for a database that no other service works on.

    A write counts when it has ended, so that what is read meanwhile, and may be older, is read again after it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._under_way: dict[int, str] = {}

    def count(self, collections: Collection[str]) -> int:
        """Equal as long as this process has written to none of these collections."""
        return sum(self._counts[one] for one in collections)

    def started(self, event: CommandStartedEvent) -> None:
        """Remember which collection is written to."""
        if event.command_name in _WRITES:
            self._under_way[event.request_id] = event.command[event.command_name]

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It is done."""
        self._ended(event.request_id)

    def failed(self, event: CommandFailedEvent) -> None:
        """It may have been done."""
        self._ended(event.request_id)

    def _ended(self, request_id: int) -> None:
        collection = self._under_way.pop(request_id, None)
        if collection is not None:
            with self._lock:
                self._counts[collection] += 1


class ReadUntilWritten(Generic[T]):
    """What was read of some collections, by name, until this process writes to one of them, or for a minute.

    Without `writes` nothing is known of other processes, and all is read each time.
    """

    def __init__(self, writes: OwnWrites | None, collections: Collection[str]) -> None:
        self._writes = writes
        self._collections = collections
        self._known: dict[str, tuple[int, float, T]] = {}

    def get(self, name: str, read: Callable[[], T]) -> T:
        """The value of a name; `read` is asked where it is not known, or may be another by now."""
        if self._writes is None:
            return read()
        count, now = self._writes.count(self._collections), time.monotonic()
        known = self._known.get(name)
        if known is not None and known[0] == count and known[1] > now:
            return known[2]
        value = read()
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[name] = (count, now + _LONGEST_SECONDS, value)
        return value
