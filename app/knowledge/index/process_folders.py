"""The folders `0`, `1`, … in which the processes that share a DATA_DIR keep their indexes, one each."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.ids import is_id

_MOST_PROCESSES = 64
_LOCK = ".lock"


@contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """The first folder that no other process uses: index files have one writer. Raises `RuntimeError`."""
    for number in range(_MOST_PROCESSES):
        folder = parent / str(number)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder) as is_ours:
            if is_ours:
                yield folder
                return
    raise RuntimeError(f"More than {_MOST_PROCESSES} processes share one DATA_DIR.")


class IndexFolders:
    """The indexes that this process may remove: its own, and those of processes that are gone.

    `forget` removes an assistant's index from the process's `own` folder, where it may be open.
    """

    def __init__(self, own: Path, forget: Callable[[str], None]) -> None:
        self._own = own
        self._forget = forget

    def assistants(self) -> set[str]:
        """The ids of the assistants that have an index."""
        folders = [self._own, *self._others()]
        return {path.name for folder in folders for path in folder.glob("*") if is_id(path.name)}

    def remove(self, assistant_id: str) -> None:
        """Remove an assistant's index."""
        if (self._own / assistant_id).exists():
            self._forget(assistant_id)
        for folder in self._others():
            with _locked(folder) as is_ours:
                if is_ours:
                    shutil.rmtree(folder / assistant_id, ignore_errors=True)

    def _others(self) -> list[Path]:
        found = self._own.parent.glob("[0-9]*")
        return [folder for folder in found if folder != self._own and (folder / _LOCK).is_file()]


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold a folder while inside; False if another process does."""
    with (folder / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
