"""An HTTP proxy on a real socket: it forwards requests with a whole URL and tunnels after CONNECT."""

import base64
import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit


@dataclass
class Proxy:
    """Connects to every host under the address that `hosts` has for it; a context manager.

    `requests` has the first line of each request to the proxy itself. With `credentials` (`user:password`) it
    wants them, and answers 407 without. With `refusal` (`403 Forbidden`) it lets nothing through. With `hangs`
    it never answers.
    """

    hosts: dict[str, str] = field(default_factory=dict)
    credentials: str | None = None
    refusal: str | None = None
    hangs: bool = False
    requests: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def url(self) -> str:
        """What goes into `HTTPS_PROXY`."""
        credentials = f"{self.credentials}@" if self.credentials else ""
        return f"http://{credentials}127.0.0.1:{self.port}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            received = b""
            while b"\r\n\r\n" not in received:
                received += client.recv(65_536) or b"\r\n\r\n"
            head, _, body = received.partition(b"\r\n\r\n")
            first, *headers = head.decode("latin-1").split("\r\n")
            if not first:
                return
            self.requests.append(first)
            if self.hangs:
                self._closing.wait()
            elif refusal := self._refusal(headers):
                client.sendall(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            else:
                self._connect(client, first, headers, body)

    def _refusal(self, headers: list[str]) -> str | None:
        wanted = base64.b64encode((self.credentials or "").encode()).decode()
        if self.credentials and f"Proxy-Authorization: Basic {wanted}" not in headers:
            return "407 Proxy Authentication Required"
        return self.refusal

    def _connect(self, client: socket.socket, first: str, headers: list[str], body: bytes) -> None:
        method, target, version = first.split(" ")
        url = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((self.hosts.get(url.hostname or "", "0.0.0.0"), url.port or 80)) as server:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                kept = [line for line in headers if not line.lower().startswith("proxy-")]
                path = f"{url.path or '/'}{'?' if url.query else ''}{url.query}"
                server.sendall("\r\n".join([f"{method} {path} {version}", *kept, "", ""]).encode("latin-1") + body)
            _pump_both_ways(client, server)


def _pump_both_ways(client: socket.socket, server: socket.socket) -> None:
    back = threading.Thread(target=_pump, args=(server, client), daemon=True)
    back.start()
    _pump(client, server)
    back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
