"""Records which chunk is in which row: 8 bytes a row, in an append-only file."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

_BYTES = 8


def chunk_key(chunk_id: str) -> int:
    """A 64-bit hash of a chunk's id (BLAKE2); collisions within one document are practically impossible."""
    return int.from_bytes(hashlib.blake2b(chunk_id.encode(), digest_size=_BYTES).digest(), "little")


def require_keys(path: Path, rows: int) -> None:
    """Raise `ValueError` unless the file holds so many rows."""
    if rows and not (path.exists() and path.stat().st_size >= rows * _BYTES):
        raise ValueError("not a whole key file")


def read_keys(path: Path, rows: NDArray[np.int32]) -> list[int]:
    """The keys of some rows; raises `ValueError` if the file is missing or truncated."""
    if not len(rows):
        return []
    try:
        keys: list[int] = np.memmap(path, "<u8", "r")[rows].tolist()
    except (OSError, IndexError) as error:
        raise ValueError("not a readable key file") from error
    return keys


class ChunkKeyWriter:
    """Appends keys from `first_row` on, as `VectorWriter` does vectors."""

    def __init__(self, path: Path, first_row: int) -> None:
        self._path = path
        self._working_path = path if first_row else path.with_suffix(".new")
        self._file = self._working_path.open("rb+" if first_row else "wb")
        self._file.seek(first_row * _BYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, keys: Iterable[int]) -> None:
        """Append the keys of the next rows."""
        self._file.write(b"".join(key.to_bytes(_BYTES, "little") for key in keys))

    def commit(self) -> None:
        """Commit the rows to disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        if self._working_path != self._path:
            self._working_path.replace(self._path)
