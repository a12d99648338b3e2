"""What the service looks like from outside, in numbers."""

from collections.abc import Mapping
from typing import Protocol


class StoredCounts(Protocol):
    """What is in the database; no count goes beyond a bound."""

    def documents(self) -> Mapping[str, int]: ...
    def indexing_queue(self) -> Mapping[str, int]: ...
    def outboxes(self) -> Mapping[str, int]: ...
    def channel_queues(self) -> Mapping[str, tuple[int, float]]: ...


class OpenIndexes(Protocol):
    """The knowledge indexes that are open in this process."""

    def open_indexes(self) -> tuple[int, int]:
        """How many, and about how many bytes of memory they take."""
        ...


class MessageLoad(Protocol):
    """The messages this process works on."""

    def load(self) -> tuple[int, int]:
        """How many are under way, and how many of these wait for another one of their conversation."""
        ...
