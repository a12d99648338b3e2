"""A web server on a real socket that sends the bytes it is told to send, well- or ill-behaved."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

Sending = Callable[[socket.socket], None]


def reply(
    body: bytes = b"", content_type: str = "text/html", status: str = "200 OK", **headers: str | int | None
) -> bytes:
    """A response; header names are written with underscores, None leaves one out."""
    named: dict[str, str | int | None] = {"Content_Type": content_type, "Content_Length": len(body), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """A response that leads elsewhere."""
    return reply(status=status, Location=location)


@dataclass
class WebServer:
    """Answers each path with its bytes, or lets a function write to the connection; a context manager.

    `requests` has the first line and the headers of each request, `closed` is set when it ends.
    """

    pages: Mapping[str, bytes | Sending]
    host: str = "127.0.0.9"
    tls: ssl.SSLContext | None = None
    requests: list[str] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, 0), family=family)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Where a page is; `host` for one that a resolver of the test knows."""
        scheme = "https" if self.tls else "http"
        shown = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{scheme}://{shown}:{self.port}{path}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            secured = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
            with secured:
                head = secured.recv(65_536)
                while head.startswith(b"GET ") and b"\r\n\r\n" not in head:
                    head += secured.recv(65_536) or b"\r\n\r\n"
                if not head.startswith(b"GET "):
                    return
                self.requests.append(head.decode())
                page = self.pages.get(head.split()[1].decode(), reply(b"?", status="404 Not Found"))
                if callable(page):
                    page(secured)
                else:
                    secured.sendall(page)
