"""The database's commands as spans: their names and collections, and nothing of what is in them."""

import threading
from typing import Any

from opentelemetry.trace import SpanKind
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from app.tracing.tracing import OpenTelemetrySpan, OpenTelemetryTracing

_Command = tuple[Any, int]


class CommandTracer(CommandListener):
    """Makes a span of each command of a request; those of the background have no trace to belong to."""

    def __init__(self, tracing: OpenTelemetryTracing) -> None:
        self._tracing = tracing
        self._lock = threading.Lock()
        self._under_way: dict[_Command, OpenTelemetrySpan] = {}

    def started(self, event: CommandStartedEvent) -> None:
        """A command is being sent."""
        if not self._tracing.is_under_way():
            return
        name = event.command_name
        collection = event.command.get("collection") if name == "getMore" else event.command.get(name)
        is_named = isinstance(collection, str)
        span = self._tracing.begin(f"{name} {collection}" if is_named else name, SpanKind.CLIENT)
        span.set("db.system.name", "mongodb")
        span.set("db.operation.name", name)
        if is_named:
            span.set("db.collection.name", str(collection))
        with self._lock:
            self._under_way[event.connection_id, event.request_id] = span

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """The database answered."""
        self._end((event.connection_id, event.request_id))

    def failed(self, event: CommandFailedEvent) -> None:
        """The database refused, or did not answer."""
        code = event.failure.get("code")
        self._end((event.connection_id, event.request_id), str(code or "failed"))

    def _end(self, command: _Command, error: str | None = None) -> None:
        with self._lock:
            span = self._under_way.pop(command, None)
        if span is not None:
            if error:
                span.fail(error)
            span.end()
