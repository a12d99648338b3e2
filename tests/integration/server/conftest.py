"""waitress with bounded connections, and clients that behave badly at sockets of their own."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from waitress import wasyncore
from waitress.server import TcpWSGIServer, create_server

from app.server import bound_connections

PATIENCE_SECONDS = 20


@dataclass
class Application:
    """Notes what it was asked, and answers with the length of the body; `/large` with many bytes, `/held` late."""

    asked: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    allowed: int = 1_000_000
    # More than both ends' systems keep of what is not read.
    large_bytes: int = 24_000_000

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/held":
            self.go_on.wait(PATIENCE_SECONDS)
        is_large = environ["PATH_INFO"] == "/large"
        body = [b"x" * 1_000_000] * (self.large_bytes // 1_000_000) if is_large else [self._told(environ)]
        start_response("200 OK", [("Content-Length", str(sum(map(len, body))))])
        return body

    def body_limit(self, environ: WSGIEnvironment) -> int:
        """Who names himself may send much."""
        return self.allowed if "HTTP_AUTHORIZATION" in environ else 0

    def _told(self, environ: WSGIEnvironment) -> bytes:
        sent = len(environ["wsgi.input"].read())
        return f"{sent} of {environ.get('CONTENT_LENGTH') or 0}".encode()


class Client:
    """A connection to the server."""

    def __init__(self, port: int, address: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS, source_address=(address, 0))
        self._answers = self._socket.makefile("rb")

    def send(self, text: str | bytes) -> "Client":
        self._socket.sendall(text if isinstance(text, bytes) else text.encode())
        return self

    def get(self, path: str = "/") -> "Client":
        return self.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")

    def answer(self) -> tuple[str, dict[str, str], bytes]:
        """The status line, the headers and the body of the next answer."""
        first = self._answers.readline().decode().strip()
        headers = {}
        while line := self._answers.readline().decode().strip():
            name, _, value = line.partition(": ")
            headers[name] = value
        return first, headers, self._answers.read(int(headers.get("Content-Length", 0)))

    def body(self) -> bytes:
        first, _, body = self.answer()
        assert first == "HTTP/1.1 200 OK"
        return body

    def is_closed(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Whether the server closes the connection within this time; answers are thrown away."""
        self._socket.settimeout(seconds)
        try:
            while self._socket.recv(65536):
                pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


Connect = Callable[..., Client]
Serve = Callable[..., Connect]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def serve(application: Application) -> Iterator[Serve]:
    """Serves the application with waitress' settings as they are given; returns what connects to it."""
    with ExitStack() as running:
        running.callback(application.go_on.set)

        def start(*, behind_proxies: bool = False, **settings: Any) -> Connect:
            server = running.enter_context(_running(application, behind_proxies, settings))

            def connect(address: str = "127.0.0.1") -> Client:
                client = Client(server.effective_port, address)
                running.callback(client.close)
                return client

            return connect

        yield start


@contextmanager
def _running(application: Application, behind_proxies: bool, settings: dict[str, Any]) -> Iterator[Any]:
    before = TcpWSGIServer.channel_class
    bound_connections(application.body_limit, behind_proxies=behind_proxies)
    connections: dict[int, Any] = {}
    server = create_server(application, connections, host="127.0.0.1", port=0, ident=None, **settings)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield server
    finally:
        TcpWSGIServer.channel_class = before
        with suppress(OSError):  # its loop has ended by itself
            server.pull_trigger()
            server.trigger.pull_trigger(lambda: wasyncore.close_all(connections, ignore_all=True))
        loop.join(PATIENCE_SECONDS)
        server.task_dispatcher.shutdown()


def is_cut_off(client: Client, length: int) -> bool:
    """Whether an answer of this length does not come whole."""
    try:
        return len(client.body()) < length
    except OSError:
        return True


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that is about to be."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
