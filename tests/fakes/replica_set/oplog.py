"""Secondaries that lag behind: the writes of the primary, made again on a copy some time later."""

import queue
import threading
import time
from collections.abc import Callable

from tests.fakes.replica_set.store import StoreConnection
from tests.fakes.replica_set.wire import Document

_COPY = "_behind"


class Oplog:
    """Keeps a copy of each database, `lag` seconds behind it. Without a lag there is no copy."""

    def __init__(self, port: int, lag: float) -> None:
        self._lag = lag
        self._entries: queue.Queue[tuple[float, Document] | None] = queue.Queue()
        self._order = threading.Lock()
        self._applier: threading.Thread | None = None
        if lag:
            self._applier = threading.Thread(target=self._apply, args=(port,), name="oplog", daemon=True)
            self._applier.start()

    def write(self, command: Document, execute: Callable[[], Document]) -> Document:
        """Make a write; the copy makes it later, in the same order."""
        if self._applier is None:
            return execute()
        with self._order:
            reply = execute()
            self._entries.put((time.monotonic() + self._lag, of_copy(command)))
        return reply

    def read(self, command: Document, execute: Callable[[Document], Document]) -> Document:
        """Read as a secondary does."""
        if self._applier is None:
            return execute(command)
        reply = execute(of_copy(command))
        cursor = reply.get("cursor")
        if cursor and "ns" in cursor:
            database, _, collection = cursor["ns"].partition(".")
            reply = {**reply, "cursor": {**cursor, "ns": f"{database.removesuffix(_COPY)}.{collection}"}}
        return reply

    def close(self) -> None:
        """Forget what is not applied yet."""
        if self._applier is not None:
            self._entries.put(None)
            self._applier.join()

    def _apply(self, port: int) -> None:
        store = StoreConnection(port)
        while (entry := self._entries.get()) is not None:
            due, command = entry
            time.sleep(max(0.0, due - time.monotonic()))
            store.call(command)
        store.close()


def of_copy(command: Document) -> Document:
    """The same command, at the copy of its database."""
    return {**command, "$db": command["$db"] + _COPY}
