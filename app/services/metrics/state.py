"""How the service is: what is in its database, its memory and its queues."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.services.ports.metrics import MessageLoad, OpenIndexes, StoredCounts

_GOOD_FOR_SECONDS = 120


@dataclass(frozen=True, slots=True)
class _Stored:
    """What was in the database at a moment of the monotonic clock."""

    documents: Mapping[str, int]
    indexing_queue: Mapping[str, int]
    outboxes: Mapping[str, int]
    channel_queues: Mapping[str, tuple[int, float]]
    at: float


class ServiceState:
    """Looks into the database when told to, so that whoever reads metrics never waits for it."""

    def __init__(self, counts: StoredCounts) -> None:
        self._counts = counts
        self._latest: _Stored | None = None

    def refresh(self) -> None:
        """Look again; one round costs a few counts that end at a bound."""
        counts = self._counts
        found = (counts.documents(), counts.indexing_queue(), counts.outboxes(), counts.channel_queues())
        self._latest = _Stored(*found, at=time.monotonic())

    def latest(self) -> _Stored | None:
        """What was found last; None if that is long ago, as nobody should take it for the present."""
        latest = self._latest
        return latest if latest and time.monotonic() - latest.at < _GOOD_FOR_SECONDS else None


class StateCollector(Collector):
    """The state as gauges."""

    def __init__(self, state: ServiceState, indexes: OpenIndexes, messages: MessageLoad) -> None:
        self._state = state
        self._indexes = indexes
        self._messages = messages

    def collect(self) -> Iterator[Metric]:
        """All gauges; those of the database are left out while it cannot be read."""
        under_way, waiting = self._messages.load()
        yield GaugeMetricFamily("orquestradora_messages_under_way", "Messages being worked on", under_way)
        yield GaugeMetricFamily(
            "orquestradora_messages_waiting", "Of these, waiting for an earlier one of their conversation", waiting
        )
        number, size = self._indexes.open_indexes()
        yield GaugeMetricFamily("orquestradora_open_indexes", "Knowledge indexes that are open", number)
        yield GaugeMetricFamily("orquestradora_index_memory_bytes", "About what they take in memory", size)
        stored = self._state.latest()
        yield GaugeMetricFamily(
            "orquestradora_database_read", "Whether the counts of the database are fresh", int(stored is not None)
        )
        if stored:
            yield _family("orquestradora_documents", "Documents by status", "status", stored.documents)
            yield _family(
                "orquestradora_indexing_queue", "Documents that wait for indexing", "task", stored.indexing_queue
            )
            yield _family("orquestradora_outbox", "What is to be sent yet", "kind", stored.outboxes)
            yield from _channel_queues(stored.channel_queues)


def _channel_queues(queues: Mapping[str, tuple[int, float]]) -> Iterator[Metric]:
    lengths = {name: length for name, (length, _) in queues.items()}
    yield _family("orquestradora_channel_queue", "What came and is to go by channels", "queue", lengths)
    ages = {name: age for name, (_, age) in queues.items()}
    yield _family("orquestradora_channel_queue_oldest_seconds", "Age of the oldest of it", "queue", ages)


def _family(name: str, what: str, label: str, counts: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=(label,))
    for value, count in counts.items():
        family.add_metric((value,), count)
    return family
