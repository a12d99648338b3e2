"""The HTTP transport under our client: kept-alive connections over sockets that obey a deadline."""

import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpcore2
import httpx2

from app.net.sockets import DeadlineBackend

_IDLE_SECONDS = 30

_Origin = tuple[bytes, bytes, int | None]


class DeadlineTransport(httpx2.BaseTransport):
    """Sends each request over an idle connection or a new one; raises `httpx2.TransportError`.

    Taking and giving back a connection costs the same however many there are (httpx2's own pool walks all of
    them at every request). No more connections are kept than calls ran at once.
    """

    def __init__(self, backend: DeadlineBackend, ssl_context: ssl.SSLContext) -> None:
        self._backend = backend
        self._ssl_context = ssl_context
        self._idle: defaultdict[_Origin, deque[httpcore2.HTTPConnection]] = defaultdict(deque)
        self._lock = threading.Lock()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response to `request`; closing it frees the connection for the next request."""
        url = request.url
        origin = (url.raw_scheme, url.raw_host, url.port)
        core_url = httpcore2.URL(scheme=origin[0], host=origin[1], port=origin[2], target=url.raw_path)
        core_request = httpcore2.Request(
            request.method,
            core_url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        connection = self._take(origin) or self._connect(core_url.origin)
        try:
            with _as_httpx2_errors():
                response = connection.handle_request(core_request)
        except BaseException:
            connection.close()
            raise
        body = _Body(response, lambda: self._give_back(origin, connection))
        return httpx2.Response(
            response.status, headers=response.headers, stream=body, extensions=response.extensions
        )

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
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=self._backend,
        )

    def _take(self, origin: _Origin) -> httpcore2.HTTPConnection | None:
        """The idle connection used last, if its server has not closed it."""
        while True:
            with self._lock:
                idle = self._idle.get(origin)
                connection = idle.pop() if idle else None
            if connection is None or not connection.has_expired():
                return connection
            connection.close()

    def _give_back(self, origin: _Origin, connection: httpcore2.HTTPConnection) -> None:
        leaving = None if connection.is_available() else connection
        with self._lock:
            if leaving is None:
                idle = self._idle[origin]
                idle.append(connection)
                if idle[0].has_expired():
                    leaving = idle.popleft()
        if leaving is not None:
            leaving.close()


class _Body(httpx2.SyncByteStream):
    """A response's bytes as they arrive; calls `closed` once it is done with."""

    def __init__(self, response: httpcore2.Response, closed: Callable[[], None]) -> None:
        self._response = response
        self._closed = closed

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx2_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._closed()


@contextmanager
def _as_httpx2_errors() -> Iterator[None]:
    """httpcore2's errors become httpx2's, which are those the openai client knows."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise httpx2.TimeoutException("timed out") from error
    except httpcore2.NetworkError as error:
        raise httpx2.NetworkError("the connection failed") from error
    except httpcore2.ProtocolError as error:
        raise httpx2.RemoteProtocolError("the server does not speak HTTP, or broke off") from error
