"""Spans, and their way to a collector by OTLP (http/protobuf)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Token

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

from app.domain.errors import OrquestradoraError

_NAME = "orquestradora"
# A collector that does not answer is given up after this long, and holds up nothing but the thread that exports.
_EXPORT_SECONDS = 3.0
_MOST_WAITING = 4096


def open_tracing(endpoint: str) -> "OpenTelemetryTracing":
    """Traces for the collector at `endpoint`, as the variable OTEL_EXPORTER_OTLP_ENDPOINT has it.

    Spans wait in memory for their export, 4,096 at most; further ones are dropped.
    """
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_EXPORT_SECONDS)
    # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES go before the name given here.
    resource = Resource({SERVICE_NAME: _NAME}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=_MOST_WAITING))
    return OpenTelemetryTracing(provider)


class OpenTelemetryTracing:
    """Makes spans; see `app.services.ports.tracing.Tracing`."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer(_NAME)

    def request(self, name: str) -> "OpenTelemetrySpan":
        """A request, with which a trace begins."""
        span = self._tracer.start_span(name, context=Context(), kind=SpanKind.SERVER)
        return OpenTelemetrySpan(span, context.attach(trace.set_span_in_context(span, Context())))

    @contextmanager
    def step(self, name: str) -> Iterator["OpenTelemetrySpan"]:
        """A step that this thread is in for the time of the block."""
        span = self._tracer.start_span(name)
        step = OpenTelemetrySpan(span, context.attach(trace.set_span_in_context(span)))
        try:
            yield step
        except Exception as error:
            step.fail(error.code if isinstance(error, OrquestradoraError) else type(error).__name__)
            raise
        finally:
            step.end()

    def begin(self, name: str, kind: SpanKind = SpanKind.INTERNAL) -> "OpenTelemetrySpan":
        """A step that this thread is not in."""
        return OpenTelemetrySpan(self._tracer.start_span(name, kind=kind))

    @staticmethod
    def is_under_way() -> bool:
        """Whether this thread is in a span; what the service does by itself has no trace."""
        return trace.get_current_span().is_recording()

    def close(self) -> None:
        """Export what waits, for a few seconds at the most."""
        self._provider.shutdown()


class OpenTelemetrySpan:
    """A step under way; see `app.services.ports.tracing.Span`."""

    def __init__(self, span: trace.Span, token: Token[Context] | None = None) -> None:
        self._span = span
        self._token = token

    def set(self, name: str, value: str | float | bool) -> None:
        """Say something about it."""
        self._span.set_attribute(name, value)

    def fail(self, kind: str) -> None:
        """It failed; messages may have texts of customers, and are left out."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        """It is over."""
        self._span.end()
        if self._token is not None:
            context.detach(self._token)
            self._token = None
