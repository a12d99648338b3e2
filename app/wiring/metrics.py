"""Metrics, put together; nothing is counted without METRICS_TOKEN."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics, generate_latest

from app.services.metrics import MeteredAnswerer, Meters, ServiceState, StateCollector
from app.services.periodic_tasks import PeriodicTasks
from app.services.ports.conversations import Answerer
from app.services.ports.metrics import MessageLoad, OpenIndexes
from app.settings import Settings
from app.wiring.repositories import Repositories

_REFRESHED_SECONDS = 15


@dataclass(frozen=True)
class MetricsServices:
    """What counts, what looks into the database, and what shows all that (None of it where metrics are off)."""

    registry: CollectorRegistry
    meters: Meters | None
    state: ServiceState
    refreshing: PeriodicTasks

    @property
    def render(self) -> Callable[[], bytes] | None:
        """The metrics in Prometheus' text format."""
        return partial(generate_latest, self.registry) if self.meters else None

    def channel_attempt(self, kind: str, outcome: str) -> None:
        """Count an attempt to send a part by a channel."""
        if self.meters:
            self.meters.channel_attempt(kind, outcome)

    def media_refused(self, reason: str) -> None:
        """Count a customer's file that is not kept."""
        if self.meters:
            self.meters.media_refused(reason)

    def metered(self, answerer: Answerer, settings: Settings) -> Answerer:
        """The answerer, counted where metrics are on."""
        return MeteredAnswerer(answerer, self.meters, settings.llm_model) if self.meters else answerer

    def watch(self, indexes: OpenIndexes, messages: MessageLoad) -> None:
        """Show the state of these, too."""
        if self.meters:
            self.registry.register(StateCollector(self.state, indexes, messages))


def compose_metrics(settings: Settings, rows: Repositories) -> MetricsServices:
    """The services for metrics."""
    registry, state = CollectorRegistry(), ServiceState(rows.stored_counts)
    if not settings.metrics_token:
        return MetricsServices(registry, None, state, PeriodicTasks(()))
    # When each counter was made: as many lines again, which nobody asks for.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    ProcessCollector(registry=registry)
    models = {*settings.service_models, *settings.models_to_choose}
    refreshing = PeriodicTasks((state.refresh,), _REFRESHED_SECONDS)
    return MetricsServices(registry, Meters(registry, models), state, refreshing)
