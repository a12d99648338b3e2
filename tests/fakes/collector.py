"""A collector of OpenTelemetry: takes spans by OTLP over http/protobuf, and keeps them."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """Listens at `endpoint`; a context manager."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.paths: set[str] = set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Keep what was sent."""
                collector.paths.add(f"{self.path} {self.headers['Content-Type']}")
                collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def requests(self) -> list[ExportTraceServiceRequest]:
        """What was sent."""
        return [ExportTraceServiceRequest.FromString(body) for body in self.bodies]

    def spans(self, root: str, seconds: float = 20) -> list[Span]:
        """All spans, once that of this name has come."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [
                span
                for request in self.requests()
                for resource in request.resource_spans
                for scope in resource.scope_spans
                for span in scope.spans
            ]
            if root in {span.name for span in found}:
                return found
            time.sleep(0.05)
        raise AssertionError(f"no span {root} came")
