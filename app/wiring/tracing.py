"""Traces, where the settings name a collector; OpenTelemetry is imported there alone."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pymongo.monitoring import CommandListener

from app.services.ports.conversations import Answerer
from app.services.ports.knowledge import PassageSearch
from app.services.ports.tracing import Tracing
from app.services.traced import TracedAnswerer, TracedKnowledge
from app.settings import Settings


@dataclass(frozen=True)
class TracingEngine:
    """What makes spans, and what hears of the database's commands."""

    tracing: Tracing | None = None
    listeners: Sequence[CommandListener] = ()

    def answerer(self, answerer: Answerer) -> Answerer:
        """The answerer, traced where traces are on."""
        return TracedAnswerer(answerer, self.tracing) if self.tracing else answerer

    def knowledge(self, knowledge: PassageSearch) -> PassageSearch:
        """The knowledge, traced where traces are on."""
        return TracedKnowledge(knowledge, self.tracing) if self.tracing else knowledge


def tracing_of(settings: Settings, closing: ExitStack) -> TracingEngine:
    """Traces for the collector that the settings name; without one, nothing of them is even imported."""
    endpoint = settings.otel_exporter_otlp_endpoint
    if endpoint is None:
        return TracingEngine()
    from app.tracing import CommandTracer, open_tracing  # noqa: PLC0415

    tracing = open_tracing(endpoint)
    closing.callback(tracing.close)
    return TracingEngine(tracing, (CommandTracer(tracing),))
