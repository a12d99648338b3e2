"""The folder of an embedded database: its lock, its password, its log, and where it is running."""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.embedded_database.errors import DatabaseInUseError, EmbeddedDatabaseError

LOCK_SECONDS = 2.0
MAX_LOG_BYTES = 1024 * 1024
ROOM_BYTES = 16 * 1024 * 1024
_TAIL_BYTES = 2000
_TAIL_LINES = 5


class DatabaseFolder:
    """`<data_dir>/database`, readable by its owner only; nothing is touched before `lock`."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir.resolve() / "database"
        self.store = self.path / "store"
        self.unfinished_store = self.path / "store.new"
        self._replaced_store = self.path / "store.old"
        self.config = self.path / "config.toml"
        self.log = self.path / "log"
        self._lock = self.path / "lock"
        self._password = self.path / "password"
        self._uri = self.path / "uri"
        self._deletions = self.path / "deletions"

    @contextmanager
    def lock(self) -> Iterator[int]:
        """Own the folder; gives the descriptor of the lock, which the database process inherits.

        So the folder counts as in use until that process is gone too, even if this one was killed.
        Raises `DatabaseInUseError` if another process still owns it after `LOCK_SECONDS`.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _wait_for_lock(descriptor)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            self._uri.unlink(missing_ok=True)
            self._finish_replacement()
            yield descriptor
        finally:
            os.close(descriptor)

    def is_locked(self) -> bool:
        """Whether a process owns the folder now. Takes the lock shared, so that two askers agree."""
        try:
            descriptor = os.open(self._lock, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def password(self) -> str:
        """The password of the service's user; made at the first start, kept with mode 0600."""
        try:
            return self._password.read_text(encoding="ascii")
        except FileNotFoundError:
            if self.store.exists():
                raise EmbeddedDatabaseError(
                    "The embedded database cannot be opened: the file database/password is missing in DATA_DIR."
                ) from None
        password = secrets.token_urlsafe(32)
        self._write_private(self._password, password)
        return password

    def publish(self, uri: str) -> None:
        """Let `running_uri` find the running database."""
        self._write_private(self._uri, uri)

    def retract(self) -> None:
        """The database is no longer running."""
        self._uri.unlink(missing_ok=True)

    def published_uri(self) -> str | None:
        """What `publish` wrote last, if nothing retracted it."""
        try:
            return self._uri.read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def log_tail(self) -> str:
        """The last lines of the database's log, as one line."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
                lines = log.read().decode(errors="replace").split("\n")
        except FileNotFoundError:
            return ""
        return " | ".join([line.strip() for line in lines if line.strip()][-_TAIL_LINES:])

    def bound_log(self) -> None:
        """Empty the log when it is larger than `MAX_LOG_BYTES`; it is written in append mode."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > MAX_LOG_BYTES:
                os.truncate(self.log, 0)

    def accept_store(self) -> None:
        """The unfinished store is complete: give it its name, durably."""
        self.unfinished_store.rename(self.store)
        self._sync()

    def replace_store(self) -> None:
        """The unfinished store is complete: put it in the place of the store, durably, and delete that one."""
        self.store.rename(self._replaced_store)
        self.accept_store()
        self._finish_replacement()

    def has_room(self) -> bool:
        """Whether a server can start: it writes a log file, and brings on disk what its last run had not."""
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize >= ROOM_BYTES

    def drop_unfinished_store(self) -> None:
        """Delete what is left of a store that was not finished."""
        shutil.rmtree(self.unfinished_store, ignore_errors=True)

    def store_bytes(self) -> int:
        """The size of the store's tables."""
        return sum(table.stat().st_size for table in self.store.glob("*.wt"))

    def remember_deletions(self) -> None:
        """Rows were deleted, whose bytes are still in the store's files."""
        self._deletions.touch(mode=0o600)

    def has_deletions(self) -> bool:
        """Whether `remember_deletions` was called since the last compaction."""
        return self._deletions.exists()

    def forget_deletions(self) -> None:
        """The store was compacted."""
        self._deletions.unlink(missing_ok=True)

    def _finish_replacement(self) -> None:
        """What `replace_store` has begun, and a compaction before it, also where a crash cut it off."""
        if self._replaced_store.exists():
            if not self.store.exists():
                self.accept_store()
            shutil.rmtree(self._replaced_store)
        if self.store.exists():
            self.drop_unfinished_store()

    def _write_private(self, file: Path, text: str) -> None:
        temporary = file.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(descriptor)
        temporary.replace(file)
        self._sync()

    def _sync(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def running_uri(data_dir: Path) -> str | None:
    """The URI, with credentials, of the embedded database that a process runs on `data_dir`, or None."""
    folder = DatabaseFolder(data_dir)
    return folder.published_uri() if folder.is_locked() else None


def _wait_for_lock(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            owner = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
            raise DatabaseInUseError(
                f"The embedded database in DATA_DIR is in use by another process (pid {owner})."
            ) from None
        return
