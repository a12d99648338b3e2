"""Indexes of assistants that were deleted while the process that made them was down."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from app.services.ports import Clock

_INTERVAL = timedelta(hours=1)


class ExistingAssistants(Protocol):
    def existing(self, assistant_ids: Collection[str]) -> set[str]: ...


class IndexFolders(Protocol):
    """The indexes on disk that this process may remove."""

    def assistants(self) -> set[str]: ...
    def remove(self, assistant_id: str) -> None: ...


class IndexCleanup:
    """Compares the indexes on disk with the assistants that there are, at the start and every hour.

    A tombstone tells the processes that run of a deletion; one that is down for longer than it is kept misses it.
    """

    def __init__(self, assistants: ExistingAssistants, folders: IndexFolders, clock: Clock) -> None:
        self._assistants = assistants
        self._folders = folders
        self._clock = clock
        self._next: datetime | None = None

    def sweep(self) -> None:
        """Remove the indexes of assistants that are deleted, if it is time."""
        now = self._clock()
        if self._next is not None and now < self._next:
            return
        indexed = self._folders.assistants()
        for assistant_id in indexed - self._assistants.existing(indexed):
            self._folders.remove(assistant_id)
        self._next = now + _INTERVAL
