"""Folders that other threads and processes make and remove meanwhile."""

import fcntl
import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from app.domain.errors import UnavailableError

_log = logging.getLogger(__name__)

_TRIES = 100


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`, alone among all processes; raises `OSError`.

    The file may vanish with its folder while somebody waits for it: whoever then gets a lock on a file
    that is no longer there takes it anew.
    """
    while True:
        with open_made(path, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_at(path, file.fileno()):
                yield
                return


def check_writable(folder: Path, setting: str) -> None:
    """Make a folder if need be and write a file in it; raises `UnavailableError` that names the setting."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except OSError as error:
        raise UnavailableError(f"{setting}: {folder} cannot be written ({error.strerror}).") from None


def close_to_others(folder: Path, setting: str) -> None:
    """Take other users' rights to a folder away, and say so; where that may not be, say that instead.

    A folder with the sticky bit, such as /tmp, belongs to all and is left as it is.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & 0o077:
        return
    try:
        if mode & stat.S_ISVTX:
            raise PermissionError
        folder.chmod(mode & 0o700)
    except PermissionError:
        _log.warning(
            "%s: other users of this machine can enter %s (%04o); give it mode 0700", setting, folder, mode
        )
    else:
        _log.warning(
            "%s: other users of this machine could enter %s (%04o); it has mode 0700 now", setting, folder, mode
        )


def make_folder(folder: Path) -> None:
    """Make a folder that somebody may be renaming away just now; raises `OSError`."""
    for _ in range(_TRIES):
        # `Path.mkdir` looks at the folder more than once, so that even `exist_ok` can find it in its way.
        with suppress(FileExistsError, FileNotFoundError):
            folder.mkdir(parents=True, exist_ok=True)
            return
    folder.mkdir(parents=True, exist_ok=True)


def open_made(path: Path, mode: str) -> IO[Any]:
    """Open a file, in a folder that is made if it is not there; raises `OSError`."""
    for _ in range(_TRIES):
        make_folder(path.parent)
        with suppress(FileNotFoundError):  # the folder went again
            return path.open(mode)
    return path.open(mode)


def entries(folder: Path) -> list[Path]:
    """What is in a folder, sorted; nothing, if there is none or it goes just now."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(folder.iterdir())
    return []


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries onto the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
