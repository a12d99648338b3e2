"""Shows administrators how the service is, and what it is limited to."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from app.domain.callers import Caller
from app.domain.service_overview import Disk, EmbeddingChange, Limit, ServiceOverview, WorkQueue
from app.services.access import check_administrator
from app.services.ports.metrics import MessageLoad, StoredCounts
from app.services.readiness import Readiness


class FailureCounts(StoredCounts, Protocol):
    """What is in the database, and what failed there."""

    def failures(self) -> Mapping[str, int]: ...


class ModelCounts(Protocol):
    """How many documents were last embedded by which model."""

    def documents_by_model(self) -> Mapping[str, int]: ...


class Disks(Protocol):
    """The folders the service writes to."""

    def spaces(self) -> Sequence[Disk]: ...


class OverviewService:
    """Looks at all of it when asked; everybody but administrators gets `ForbiddenError` `not_allowed`.

    `model` is the embedding model of the settings, `database` the kind of database.
    """

    def __init__(
        self,
        readiness: Readiness,
        counts: FailureCounts,
        messages: MessageLoad,
        disks: Disks,
        models: ModelCounts,
        *,
        model: str,
        database: str,
        limits: Sequence[Limit],
    ) -> None:
        self._readiness = readiness
        self._counts = counts
        self._messages = messages
        self._disks = disks
        self._models = models
        self._model = model
        self._database = database
        self._limits = tuple(limits)

    def limits(self, caller: Caller) -> tuple[Limit, ...]:
        """The limits that the settings set."""
        check_administrator(caller)
        return self._limits

    def overview(self, caller: Caller) -> ServiceOverview:
        """The present state; costs a few counts that end at a bound. Raises `UnavailableError`."""
        check_administrator(caller)
        return ServiceOverview(
            parts=self._readiness.parts(),
            database=self._database,
            documents=self._counts.documents(),
            failures=self._counts.failures(),
            queues=tuple(self._queues()),
            embedding=EmbeddingChange(self._model, self._models.documents_by_model()),
            disks=tuple(self._disks.spaces()),
        )

    def _queues(self) -> list[WorkQueue]:
        under_way, waiting = self._messages.load()
        counts = self._counts
        return [
            WorkQueue("messages_under_way", under_way),
            WorkQueue("messages_waiting", waiting),
            *(WorkQueue(f"documents_{name}", number) for name, number in counts.indexing_queue().items()),
            *(WorkQueue(name, number, age) for name, (number, age) in counts.channel_queues().items()),
            *(WorkQueue(name, number) for name, number in counts.outboxes().items()),
        ]
