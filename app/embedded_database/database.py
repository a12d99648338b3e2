"""The embedded database as the service sees it: start, stop, and kept running in between."""

import logging
import threading
import time
from concurrent.futures import Future
from pathlib import Path

from app.embedded_database.compaction import compact, compact_at_start
from app.embedded_database.errors import EmbeddedDatabaseError
from app.embedded_database.folder import DatabaseFolder
from app.embedded_database.health import ServerHealth
from app.embedded_database.opening import open_server
from app.embedded_database.server import DatabaseServer

_log = logging.getLogger(__name__)

_WATCH_SECONDS = 0.2
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 30.0
_STABLE_SECONDS = 60.0


class EmbeddedDatabase:
    """SecantusDB as a child process on `<data_dir>/database`, started again on its port when it dies.

    One thread starts every process and lives until `stop`: on Linux the kernel ends a child with the
    thread that started it, and the thread that calls `start` may be a short-lived one.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = DatabaseFolder(data_dir)
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None
        self._server: DatabaseServer | None = None

    def compact(self) -> None:
        """Rewrite the files of a database that is stopped, so that what was deleted is in none of them.

        Raises `DatabaseInUseError`, and `EmbeddedDatabaseError`.
        """
        compact(self._folder)

    def compact_at_start(self) -> None:
        """The same, where something was deleted and it takes seconds; what goes wrong is logged."""
        compact_at_start(self._folder)

    def start(self) -> str:
        """Start it and return its URI, with credentials, once it answers.

        Raises `DatabaseInUseError` if another process owns the folder, and `EmbeddedDatabaseError`,
        with the last lines of its log, if it ends at once or does not answer within 30 seconds.
        """
        if self._keeper is not None:
            raise EmbeddedDatabaseError("The embedded database was started already.")
        self._stopping.clear()
        ready: Future[str] = Future()
        self._keeper = threading.Thread(target=self._keep, args=(ready,), name="embedded-database", daemon=True)
        self._keeper.start()
        try:
            return ready.result()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it, by force after 10 seconds, and remove its run-time files; harmless when it is stopped."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None

    @property
    def pid(self) -> int | None:
        """The id of the database's process; None while there is none."""
        server = self._server
        return server.pid if server is not None and server.exit_status is None else None

    def _keep(self, ready: "Future[str]") -> None:
        try:
            with self._folder.lock() as lock:
                server = open_server(self._folder, lock, self._stopping)
                self._folder.publish(server.uri)
                ready.set_result(server.uri)
                self._watch(server, lock)
        except Exception as error:
            if ready.done():
                _log.exception("The embedded database is no longer watched")
            else:
                ready.set_exception(_for_the_operator(error))

    def _watch(self, server: DatabaseServer, lock: int) -> None:
        self._server = server
        pause, started = _FIRST_PAUSE_SECONDS, time.monotonic()
        health = ServerHealth(server.uri)
        try:
            while not self._stopping.wait(_WATCH_SECONDS):
                self._folder.bound_log()
                if self._server.exit_status is not None:
                    self._log_end(self._server)
                elif health.is_broken() and self._folder.has_room():
                    _log.error("The embedded database answers nothing but errors; it is started again")
                    self._server.kill()
                else:
                    continue
                if time.monotonic() - started > _STABLE_SECONDS:
                    pause = _FIRST_PAUSE_SECONDS
                if self._stopping.wait(pause):
                    break
                pause, started = min(2 * pause, _LONGEST_PAUSE_SECONDS), time.monotonic()
                self._restart(self._server, lock)
        finally:
            health.close()
            self._server.stop()
            self._folder.retract()

    def _restart(self, server: DatabaseServer, lock: int) -> None:
        """Try once, on the same port: the clients of the service know no other."""
        try:
            self._server = server.successor(lock)
            self._server.wait_until_ready(self._stopping)
        except (EmbeddedDatabaseError, OSError) as error:
            _log.error("The embedded database could not be started again: %s", error)
        else:
            _log.warning("The embedded database runs again")

    def _log_end(self, server: DatabaseServer) -> None:
        _log.error(
            "The embedded database ended unexpectedly (exit status %s): %s",
            server.exit_status,
            self._folder.log_tail(),
        )


def _for_the_operator(error: Exception) -> Exception:
    if isinstance(error, OSError):
        return EmbeddedDatabaseError(f"The embedded database cannot use DATA_DIR: {error.strerror}.")
    return error
