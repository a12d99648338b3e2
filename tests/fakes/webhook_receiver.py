"""A webhook's receiver on a real socket, well- or ill-behaved."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from standardwebhooks import Webhook

Behaviour = Callable[["WebhookReceiver", socket.socket], None]


@dataclass(frozen=True)
class Received:
    """A request; the names of `headers` are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def verified(self, secret: str) -> dict[str, Any]:
        """The event, if the signature is good; raises `WebhookVerificationError`."""
        return dict(Webhook(secret).verify(self.body, self.headers))


def answer(status: str = "204 No Content", **headers: str | int) -> Behaviour:
    """Answers with this status; header names are written with underscores."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {"Content_Length": 0, **headers}.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode()
    return lambda _, connection: connection.sendall(head)


def hang(receiver: "WebhookReceiver", connection: socket.socket) -> None:
    """Never answers."""
    receiver.closed.wait(60)


def drip(head: bytes, every_seconds: float = 0.05) -> Behaviour:
    """Sends the beginning of an answer, then one byte after another."""

    def dripping(receiver: "WebhookReceiver", connection: socket.socket) -> None:
        connection.sendall(head)
        while not receiver.closed.wait(every_seconds):
            connection.sendall(b"a")

    return dripping


def flood(head: bytes) -> Behaviour:
    """Sends the beginning of an answer, and then sends for ever."""

    def flooding(receiver: "WebhookReceiver", connection: socket.socket) -> None:
        connection.sendall(head)
        while not receiver.closed.is_set():
            connection.sendall(b"a" * 65_536)

    return flooding


@dataclass
class WebhookReceiver:
    """Accepts everything with 204, but behaves at some paths as it is told; a context manager."""

    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self.host, 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Where to post to; `host` for a name that a resolver of the test knows."""
        return f"{'https' if self.tls else 'http'}://{host or self.host}:{self.port}{path}"

    def at(self, path: str) -> list[Received]:
        """What came to a path."""
        return [one for one in self.received if one.path == path]

    def wait_for(self, count: int, path: str = "/", seconds: float = 20) -> list[Received]:
        """The first `count` requests to a path, once they have come."""
        until = time.monotonic() + seconds
        while len(found := self.at(path)) < count:
            assert time.monotonic() < until, f"{len(found)} of {count} came to {path}: {self.received}"
            time.sleep(0.01)
        return found

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            secured = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
            with secured:
                request = _read(secured)
                if request is not None:
                    self.received.append(request)
                    self.behaviours.get(request.path, answer())(self, secured)


def _read(connection: socket.socket) -> Received | None:
    content = b""
    while b"\r\n\r\n" not in content:
        piece = connection.recv(65_536)
        if not piece:
            return None
        content += piece
    head, _, body = content.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65_536)
    return Received(first.split()[1], headers, body)
