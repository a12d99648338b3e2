"""A mail server on a real socket, that takes mails or does not."""

import base64
import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import BinaryIO, Self

_EXTENSIONS = {"plain": "250-here\r\n250 AUTH PLAIN", "starttls": "250-here\r\n250 STARTTLS"}


@dataclass
class Connection:
    """What one client did: whether it was encrypted, whom it signed in as, for whom its mail was."""

    encrypted: bool = False
    user: str = ""
    password: str = ""
    recipients: list[str] = field(default_factory=list)


@dataclass
class FakeSmtpServer:
    """Understands what smtplib says; a context manager. `replies` replaces the answer to a command (`RCPT`).

    With `tls` it is encrypted from the beginning, or after STARTTLS where `starttls` says so.
    """

    replies: Mapping[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    starttls: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        seen = Connection()
        self.connections.append(seen)
        with contextlib.suppress(OSError), client:
            if self.tls and not self.starttls:
                client, seen.encrypted = self.tls.wrap_socket(client, server_side=True), True
            client.sendall(b"220 here\r\n")
            stream = client.makefile("rb")
            while line := stream.readline().decode().strip():
                name, _, rest = line.partition(" ")
                answer = self.replies.get(name.upper()) or self._answer(name.upper(), rest, seen, stream, client)
                client.sendall(f"{answer}\r\n".encode())
                if name.upper() == "STARTTLS" and self.tls:
                    client, seen.encrypted = self.tls.wrap_socket(client, server_side=True), True
                    stream = client.makefile("rb")

    def _answer(self, name: str, rest: str, seen: Connection, stream: BinaryIO, client: socket.socket) -> str:
        if name == "EHLO":
            return _EXTENSIONS["starttls" if self.starttls and not seen.encrypted else "plain"]
        if name == "AUTH":
            _, seen.user, seen.password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
            return "235 ok"
        if name == "STARTTLS":
            return "220 go on"
        if name == "RCPT":
            seen.recipients.append(rest.partition("<")[2].rstrip(">"))
        if name == "DATA":
            client.sendall(b"354 go on\r\n")
            body = b""
            while not body.endswith(b"\r\n.\r\n"):
                body += stream.readline()
            self.mails.append(email.message_from_bytes(body[:-3], policy=email.policy.default))
        return "250 ok"
