"""Traces by OpenTelemetry. Nothing imports this package where OTEL_EXPORTER_OTLP_ENDPOINT is not set."""

from app.tracing.commands import CommandTracer as CommandTracer
from app.tracing.tracing import OpenTelemetryTracing as OpenTelemetryTracing
from app.tracing.tracing import open_tracing as open_tracing
