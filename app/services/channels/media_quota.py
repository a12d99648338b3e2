"""How much room the files of one assistant's customers may take."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_MEGABYTE = 2**20
# What other processes write and what is deleted is seen after so long; a full one is looked at again sooner.
_COUNTED_SECONDS = 900.0
_FULL_SECONDS = 60.0
_MOST_ASSISTANTS = 10_000


class SizedFiles(Protocol):
    """Where files are kept."""

    def size_of(self, assistant_id: str) -> int: ...


@dataclass(slots=True)
class _Count:
    size: int
    until: float


class MediaQuota:
    """At most `most_megabytes` (2²⁰ bytes; 0: no bound) for each assistant.

    A folder is counted once, and what is written is added to that; for a quarter of an hour, or a minute where it
    is full. What other processes write meanwhile is beyond the bound.
    """

    def __init__(
        self, files: SizedFiles, most_megabytes: int, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._files = files
        self._most = most_megabytes * _MEGABYTE
        self._seconds = seconds
        self._lock = threading.Lock()
        self._counts: dict[str, _Count] = {}
        self.sentence = (
            f"The files of this assistant's customers have {most_megabytes:,} MB in all, which is the most; "
            "no more are kept."
        )

    def left(self, assistant_id: str) -> int | None:
        """How many bytes there is room for, 0 at the least; None: any number."""
        return max(0, self._most - self._size(assistant_id)) if self._most else None

    def has_room(self, assistant_id: str) -> bool:
        """Whether anything more is kept."""
        return self.left(assistant_id) != 0

    def added(self, assistant_id: str, size: int) -> None:
        """A file was written."""
        with self._lock:
            count = self._counts.get(assistant_id)
            if count is not None:
                count.size += size
                if count.size >= self._most:
                    count.until = min(count.until, self._seconds() + _FULL_SECONDS)

    def _size(self, assistant_id: str) -> int:
        now = self._seconds()
        with self._lock:
            known = self._counts.get(assistant_id)
        if known is not None and now < known.until:
            return known.size
        size = self._files.size_of(assistant_id)
        until = now + (_FULL_SECONDS if size >= self._most else _COUNTED_SECONDS)
        with self._lock:
            if len(self._counts) >= _MOST_ASSISTANTS:
                self._counts.clear()
            self._counts[assistant_id] = _Count(size, until)
        return size
