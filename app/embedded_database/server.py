"""One run of the database server: a child process from its start to its end."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from app.embedded_database import launcher
from app.embedded_database.errors import EmbeddedDatabaseError, ServerEndedError
from app.embedded_database.folder import DatabaseFolder

HOST = "127.0.0.1"
USER = "orquestradora"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
_KNOCKS_PER_SIGNAL = 3
_CALL_SECONDS = 10.0


class DatabaseServer:
    """A SecantusDB process on `store`; it dies with the thread that made this object, at the latest.

    It has its own session, so that a Ctrl-C meant for the service leaves it to `stop`.
    """

    def __init__(self, folder: DatabaseFolder, lock: int, store: Path, port: int, *, password: str | None) -> None:
        self.uri = _uri(port, password)
        self._folder = folder
        self._store = store
        self._port = port
        self._password = password
        self._process = self._spawn(lock, authenticate=password is not None)

    def successor(self, lock: int) -> "DatabaseServer":
        """A new process in the place of this one, which has ended: same store, same port, same URI."""
        return DatabaseServer(self._folder, lock, self._store, self._port, password=self._password)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait_until_ready(self, stopping: threading.Event) -> None:
        """Return when it answers; otherwise stop it and raise `EmbeddedDatabaseError` with the reason."""
        deadline = time.monotonic() + START_SECONDS
        try:
            while not self._answers():
                if self.exit_status is not None:
                    raise ServerEndedError(f"The embedded database ended at once: {self._folder.log_tail()}")
                if time.monotonic() > deadline:
                    raise EmbeddedDatabaseError(
                        f"The embedded database did not start within {START_SECONDS:.0f} s: "
                        f"{self._folder.log_tail()}"
                    )
                if stopping.wait(0.02):
                    raise EmbeddedDatabaseError("The embedded database was stopped while it started.")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it in good order, or by force after `STOP_SECONDS`."""
        deadline = time.monotonic() + STOP_SECONDS
        self._process.terminate()
        knocks = 0
        while self.exit_status is None and time.monotonic() < deadline:
            # Its accept() sleeps through the signal unless somebody knocks. And where the kernel gives the
            # signal to another thread than the main one, Python leaves it unhandled: ask again.
            if _knock(self._port):
                knocks += 1
                if knocks % _KNOCKS_PER_SIGNAL == 0:
                    self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)
        self.kill()

    def kill(self) -> None:
        """End it at once; it syncs on commit, so that nothing acknowledged is lost."""
        self._process.kill()
        self._process.wait()

    def _spawn(self, lock: int, *, authenticate: bool) -> "subprocess.Popen[bytes]":
        self._folder.config.write_bytes(b"")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        log = os.open(self._folder.log, flags, 0o600)
        try:
            return subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", launcher.__file__, str(os.getpid())),
                    *(sys.executable, "-I", "-m", "secantus", "--config", str(self._folder.config)),
                    *("--host", HOST, "--port", str(self._port), "--storage-path", str(self._store)),
                    # A log for replicas, which there are none of, would double what each write costs.
                    *("--standalone", "--cache-size", "256M", "--log-level", "WARNING"),
                    *(["--auth"] if authenticate else []),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder.path,
                env=_environment(self._folder.path),
                pass_fds=(lock,),
                start_new_session=True,
                umask=0o077,
            )
        finally:
            os.close(log)

    def _answers(self) -> bool:
        """Whether this very process answers: another may have taken the port meanwhile."""
        if not _knock(self._port):
            return False
        try:
            with client(self.uri, seconds=1) as connection:
                return bool(connection.admin.command("serverStatus")["pid"] == self.pid)
        except PyMongoError:
            return False


def client(uri: str, seconds: float = _CALL_SECONDS) -> "MongoClient[dict[str, object]]":
    """A connection for the management of the database, on which no call waits longer than `seconds`."""
    milliseconds = int(seconds * 1000)
    return MongoClient(
        uri,
        serverSelectionTimeoutMS=milliseconds,
        connectTimeoutMS=milliseconds,
        socketTimeoutMS=milliseconds,
    )


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _knock(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _uri(port: int, password: str | None) -> str:
    credentials = f"{USER}:{password}@" if password else ""
    # Each write would prune the server's list of retryable writes from end to end: 45 ms after 3,000 chats. It
    # writes its log to the disk at once, with all that came before, for a write that asks for that (`journal`).
    options = f"?{'authSource=admin&' if password else ''}directConnection=true&retryWrites=false&journal=true"
    return f"mongodb://{credentials}{HOST}:{port}/{options}"


def _environment(home: Path) -> dict[str, str]:
    """As little as it needs: inherited SECANTUS_* variables would change what it does."""
    return {"HOME": str(home), "TMPDIR": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}
