"""A member of a replica set as its clients see it: an address that answers, hangs up or says nothing."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, Protocol, cast

from tests.fakes.replica_set.wire import ConnectionClosedError, Document, Message, read_message, send_reply

_HOST = "127.0.0.1"


class DropConnectionError(Exception):
    """The client is to get no answer, and its connection is closed."""


class Conversation(Protocol):
    """What a member says on one connection."""

    def answer(self, command: Document) -> Document:
        """The reply; raises `DropConnectionError`."""

    def news(self, command: Document) -> Document:
        """The reply to a `hello` that waits for a change."""

    def close(self) -> None:
        """The client has gone."""


class Member:
    """Listens on a port of its own, the same for all its lives; each connection has a thread."""

    def __init__(self, begin: Callable[[], Conversation]) -> None:
        self._begin = begin
        self._port = 0
        self._listener: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._speaks = threading.Event()
        self._speaks.set()
        self.start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{_HOST}:{self._port}"

    def start(self) -> None:
        """Listen, again after `stop`."""
        listener = socket.create_server((_HOST, self._port), backlog=512)
        self._port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="member", daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, and hang up on all clients."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Close all connections."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        """Answer nobody any more, as if the network lost every packet."""
        self._speaks.clear()

    def speak(self) -> None:
        """Answer again; the connections from before are closed."""
        self.hang_up()
        self._speaks.set()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), name="member", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        conversation = self._begin()
        stream = cast(BinaryIO, connection.makefile("rb"))
        try:
            while True:
                self._reply(connection, conversation, read_message(stream))
        except (DropConnectionError, ConnectionClosedError, OSError):
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            stream.close()
            connection.close()
            conversation.close()

    def _reply(self, connection: socket.socket, conversation: Conversation, message: Message) -> None:
        self._speaks.wait()
        if message.allows_exhaust:
            self._keep_telling(connection, conversation, message)
        reply = conversation.answer(message.command)
        self._speaks.wait()
        if message.wants_reply:
            send_reply(connection, message.request_id, reply, legacy=message.is_legacy)

    def _keep_telling(self, connection: socket.socket, conversation: Conversation, message: Message) -> None:
        """Reply to one `hello` again and again, whenever something has changed; ends with the connection."""
        to = message.request_id
        while True:
            reply = conversation.news(message.command)
            self._speaks.wait()
            to = send_reply(connection, to, reply, more=True)
            message.command["topologyVersion"] = reply["topologyVersion"]
