"""The HTTP transport under our client: kept-alive connections over sockets that obey a deadline."""

import ssl
import threading
from collections import defaultdict, deque

import httpcore2
import httpx2

from app.net.core import core_request, httpx2_errors, response_of
from app.net.sockets import DeadlineBackend

IDLE_SECONDS = 30


class DeadlineTransport(httpx2.BaseTransport):
    """Sends each request over an idle connection or a new one; raises `httpx2.TransportError`.

    Taking and giving back a connection costs the same however many there are (httpx2's own pool walks all of
    them at every request). No more connections are kept than calls ran at once.
    """

    def __init__(self, backend: DeadlineBackend, ssl_context: ssl.SSLContext) -> None:
        self._backend = backend
        self._ssl_context = ssl_context
        self._idle: defaultdict[str, deque[httpcore2.HTTPConnection]] = defaultdict(deque)
        self._lock = threading.Lock()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response to `request`; closing it frees the connection for the next request."""
        asked = core_request(request)
        origin = asked.url.origin
        connection = self._take(str(origin)) or self._connect(origin)
        try:
            with httpx2_errors():
                response = connection.handle_request(asked)
        except BaseException:
            connection.close()
            raise
        return response_of(response, lambda: self._give_back(str(origin), connection))

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            connections = [connection for idle in self._idle.values() for connection in idle]
            self._idle.clear()
        for connection in connections:
            connection.close()

    def _connect(self, origin: httpcore2.Origin) -> httpcore2.HTTPConnection:
        return httpcore2.HTTPConnection(
            origin,
            ssl_context=self._ssl_context,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._backend,
        )

    def _take(self, origin: str) -> httpcore2.HTTPConnection | None:
        """The idle connection used last, if its server has not closed it."""
        while True:
            with self._lock:
                idle = self._idle.get(origin)
                connection = idle.pop() if idle else None
            if connection is None or not connection.has_expired():
                return connection
            connection.close()

    def _give_back(self, origin: str, connection: httpcore2.HTTPConnection) -> None:
        leaving = None if connection.is_available() else connection
        with self._lock:
            if leaving is None:
                idle = self._idle[origin]
                idle.append(connection)
                if idle[0].has_expired():
                    leaving = idle.popleft()
        if leaving is not None:
            leaving.close()
