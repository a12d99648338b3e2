"""How the service is as a whole, and what it is limited to: what administrators look after."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """What waits in one place; `oldest_seconds` is None where that is not kept."""

    name: str
    waiting: int
    oldest_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of a folder that a setting names; bytes, `free` for an ordinary user."""

    setting: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class EmbeddingChange:
    """The embedding model of the settings, and how many documents were last embedded by which model."""

    model: str
    documents: Mapping[str, int]

    @property
    def lacking(self) -> int:
        """Documents that other models embedded last, and that are still searched by these."""
        return sum(number for model, number in self.documents.items() if model != self.model)


@dataclass(frozen=True, slots=True)
class ServiceOverview:
    """The state at one moment; `parts` says of each that the service needs whether it works."""

    parts: Mapping[str, bool]
    database: str
    documents: Mapping[str, int]
    failures: Mapping[str, int]
    queues: tuple[WorkQueue, ...]
    embedding: EmbeddingChange
    disks: tuple[Disk, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that a setting sets; an `amount` of None is no bound, `seconds` is the window it counts in."""

    setting: str
    amount: int | None
    unit: str
    seconds: int | None = None
