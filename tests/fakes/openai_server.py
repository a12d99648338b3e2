"""A stub OpenAI-compatible server on a real socket, well- or ill-behaved as told.

Standard library only, a thread per connection and no work per request beyond what HTTP needs, so that it can
serve hundreds of waiting clients and serve a benchmark: `python -m tests.fakes.openai_server --port 9000`.
"""

import argparse
import contextlib
import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.fakes.openai_replies import Reply, WireReply, render

_KEPT_REQUESTS = 10_000
_DRIP_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it arrived; header names in lower case, `body` parsed."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


Answering = Reply | Callable[[RecordedRequest], Reply]


@dataclass
class OpenAIServer:
    """Answers `/v1/chat/completions` and `/v1/embeddings`; a context manager.

    Replies in `script` are used once each, in order; after them every request gets `reply`. A function in
    their place is given the request and says which reply it gets. With `tls` the server speaks HTTPS.
    `accepted` counts connections, `most_at_once` those open at one time.
    """

    reply: Answering = field(default_factory=Reply)
    script: deque[Answering] = field(default_factory=deque)
    port: int = 0
    tls: ssl.SSLContext | None = None
    requests: deque[RecordedRequest] = field(default_factory=lambda: deque(maxlen=_KEPT_REQUESTS))

    def __post_init__(self) -> None:
        self.accepted = 0
        self.most_at_once = 0
        self._closing = threading.Event()
        self._connections: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=1024)
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        _hang_up(self._listener)
        self.drop_connections()
        self._acceptor.join()

    @property
    def url(self) -> str:
        """What goes into `LLM_BASE_URL`."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/v1"

    @property
    def chat_requests(self) -> list[RecordedRequest]:
        """The requests for completions, oldest first."""
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._connections)

    def drop_connections(self) -> None:
        """Close every open connection, as a restarting server does."""
        for connection in tuple(self._connections):
            _hang_up(connection)

    def wait(self) -> None:
        """Serve until another thread closes the server."""
        self._closing.wait()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self._connections.add(connection)
            self.most_at_once = max(self.most_at_once, len(self._connections))
            received = bytearray()
            while (request := _read_request(connection, received)) is not None:
                self.requests.append(request)
                if not self._answer(connection, request):
                    return
        except OSError:
            return  # the client left, or the server is closing
        finally:
            self._connections.discard(connection)
            _hang_up(connection)

    def _answer(self, connection: socket.socket, request: RecordedRequest) -> bool:
        """Whether the connection may be used again."""
        answering = self.script.popleft() if self.script else self.reply
        reply = answering if isinstance(answering, Reply) else answering(request)
        if reply.delay_seconds and self._closing.wait(reply.delay_seconds):
            return False
        wire = render(reply, request.path, request.body)
        connection.sendall(wire.at_once)
        return self._drip(connection, wire) and not wire.hang_up

    def _drip(self, connection: socket.socket, wire: WireReply) -> bool:
        for byte in wire.dripping:
            if self._closing.wait(_DRIP_SECONDS):
                return False
            connection.sendall(bytes((byte,)))
        if wire.hang:
            self._closing.wait()
        return not wire.hang


def unused_url() -> str:
    """A base URL at which every connection is refused."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def _read_request(connection: socket.socket, received: bytearray) -> RecordedRequest | None:
    """The next request, or None at the end; `received` carries what was read too far."""
    while (end := received.find(b"\r\n\r\n")) < 0:
        if not _receive(connection, received):
            return None
    first, *lines = received[:end].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    size = end + 4 + int(headers.get("content-length", "0"))
    while len(received) < size:
        if not _receive(connection, received):
            return None
    body = bytes(received[end + 4 : size])
    del received[:size]
    method, path, _ = first.split(" ")
    return RecordedRequest(method, path.partition("?")[0], headers, json.loads(body) if body else None)


def _receive(connection: socket.socket, received: bytearray) -> bool:
    data = connection.recv(65_536)
    received += data
    return bool(data)


def _hang_up(open_socket: socket.socket) -> None:
    with contextlib.suppress(OSError):  # never connected, or gone already
        open_socket.shutdown(socket.SHUT_RDWR)
    open_socket.close()


def main() -> None:
    """Serve `ok` replies until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--text", default=Reply().text, help="what it answers")
    arguments = parser.parse_args()
    reply = Reply(text=arguments.text, delay_seconds=arguments.delay_ms / 1000)
    with OpenAIServer(reply, port=arguments.port) as server:
        print(server.url, flush=True)  # noqa: T201 - a benchmark reads where to send its questions
        try:
            server.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
