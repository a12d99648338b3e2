"""The one database behind all members: an embedded one without a password."""

import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO, cast

from app.embedded_database.folder import DatabaseFolder
from app.embedded_database.server import HOST, DatabaseServer, free_port
from tests.fakes.replica_set.wire import Document, call


class StoreConnection:
    """A connection to the database, made with the first command; for one thread at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: tuple[socket.socket, BinaryIO] | None = None

    def call(self, command: Mapping[str, Any]) -> Document:
        """What the database answers."""
        connection, stream = self._open = self._open or self._connect()
        return call(connection, stream, command)

    def close(self) -> None:
        """Hang up."""
        for one in self._open or ():
            one.close()

    def _connect(self) -> tuple[socket.socket, BinaryIO]:
        connection = socket.create_connection((HOST, self._port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, cast(BinaryIO, connection.makefile("rb"))


@contextmanager
def running_store() -> Iterator[int]:
    """The port of an empty database, which ends with the block (or the thread that entered it)."""
    with tempfile.TemporaryDirectory() as place:
        folder = DatabaseFolder(Path(place))
        with folder.lock() as lock:
            server = DatabaseServer(folder, lock, folder.unfinished_store, port := free_port(), password=None)
            try:
                server.wait_until_ready(Event())
                yield port
            finally:
                server.stop()
