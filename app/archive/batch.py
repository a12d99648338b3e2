"""Lines that go into an archive together, or not at all."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any

from bson import json_util

from app.archive.format import BLOCK_BYTES, EXTENDED_JSON
from app.domain.rows import Row

_IN_MEMORY_BYTES = 8 * 1024 * 1024


class Batch:
    """Rows and files on their way into an archive; what is large waits on disk."""

    def __init__(self) -> None:
        self._lines = SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - closed by `__exit__`
        self.rows: Counter[str] = Counter()
        self.files: list[str] = []

    def __enter__(self) -> "Batch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()

    def clear(self) -> None:
        """Forget all lines."""
        self._lines.seek(0)
        self._lines.truncate()
        self.rows.clear()
        self.files.clear()

    def add_row(self, collection: str, row: Row) -> None:
        """Add a row."""
        line = {"collection": collection, "row": row}
        self._lines.write(json_util.dumps(line, json_options=EXTENDED_JSON).encode() + b"\n")
        self.rows[collection] += 1

    def add_media(self, path: str, file: Path) -> bool:
        """Add a customer's file; as `add_file`."""
        return self.add_file(path, file, told={"folder": "media"})

    def add_file(
        self, path: str, file: Path, sha256: str | None = None, *, told: dict[str, Any] | None = None
    ) -> bool:
        """Add a file under `path`; False, and nothing is added, if it is not there, or not whole any more.

        It is read twice, as its SHA-256 goes before its bytes. With `sha256`, only a file that has it is added.
        """
        start = self._lines.tell()
        try:
            size, digest = _digest(file)
            head = {**(told or {}), "file": path, "bytes": size, "sha256": digest}
            if sha256 in (None, digest) and self._copy(head, file):
                self.files.append(path)
                return True
        except FileNotFoundError:
            pass
        self._lines.seek(start)
        self._lines.truncate()
        return False

    def lines(self) -> Iterator[bytes]:
        """All lines, each with its line feed."""
        self._lines.seek(0)
        yield from self._lines

    def _copy(self, head: dict[str, Any], file: Path) -> bool:
        self._write(head)
        copied = hashlib.sha256()
        for block in _blocks(file):
            copied.update(block)
            self._write({"data": base64.b64encode(block).decode()})
        return bool(copied.hexdigest() == head["sha256"])

    def _write(self, line: dict[str, Any]) -> None:
        self._lines.write(json.dumps(line).encode() + b"\n")


def _digest(file: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(file):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block
