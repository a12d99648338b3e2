"""Whether a file is an archive, and whole; each line is checked before anybody gets it."""

import gzip
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from bson import json_util
from pydantic import BaseModel, ValidationError

from app.archive.format import (
    EXTENDED_JSON,
    MAX_COLLECTIONS,
    MAX_LINE_BYTES,
    ArchiveError,
    DataLine,
    End,
    FileLine,
    Header,
    RowLine,
    UnusableArchiveError,
)
from app.archive.marker import NOT_CARRIED

# A row of 16 MB has fewer values than this; each takes at least three bytes, and the digits of its place in a list.
_MOST_VALUES = 2_500_000
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_LONG_LINE_BYTES = 1024 * 1024

_L = TypeVar("_L", bound=BaseModel)


class ArchiveReader:
    """Reads an archive once, from its first line to its last. `end` is there when `entries` has ended.

    `line_bytes` is how long the line was that was read last.
    """

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self._rows: Counter[str] = Counter()
        self._files = 0
        self.end: End | None = None
        self.line_bytes = 0
        self.header = self._header()

    def entries(self) -> Iterator[RowLine | tuple[FileLine, Iterator[bytes]]]:
        """The rows and files, in their order; a file with its bytes, to be read before the next entry."""
        while (line := self._next()) is not None:
            if "file" in line:
                file = _parsed(FileLine, line)
                blocks = self._blocks(file)
                yield file, blocks
                for _ in blocks:
                    pass
                self._files += 1
            else:
                row = _parsed(RowLine, line)
                self._rows[row.collection] += 1
                if row.collection in NOT_CARRIED or len(self._rows) > MAX_COLLECTIONS:
                    damaged("it has collections that no export writes")
                yield row

    def _header(self) -> Header:
        line = self._decoded(self._line())
        if "orquestradora" not in line:
            raise ArchiveError("The file is not an export: its first line is none.")
        if line["orquestradora"] != Header.model_fields["orquestradora"].default:
            raise ArchiveError("The export was made by another version that writes another format.")
        return _parsed(Header, line)

    def _blocks(self, file: FileLine) -> Iterator[bytes]:
        digest, missing = hashlib.sha256(), file.bytes
        while missing > 0:
            line = self._next()
            block = _parsed(DataLine, line).data if line is not None else b""
            if not 0 < len(block) <= missing:
                damaged(f"{file.file} is not as long as it says")
            digest.update(block)
            missing -= len(block)
            yield block
        if digest.hexdigest() != file.sha256:
            damaged(f"{file.file} is not what its line says")

    def _next(self) -> dict[str, Any] | None:
        """The next line; None when that was the last, and it is right."""
        digest = self._digest.hexdigest()
        line = self._decoded(self._line())
        if "files" not in line:
            return line
        end = _parsed(End, line)
        rows = {name: count for name, count in end.rows.items() if count}
        if (end.sha256, rows, end.files) != (digest, dict(self._rows), self._files):
            damaged("it does not hold what its last line says")
        if self._stream.read(1):
            damaged("something follows its last line")
        self.end = end
        return None

    def _line(self) -> bytes:
        line = self._stream.readline(MAX_LINE_BYTES)
        if not line.endswith(b"\n"):
            damaged("a line is cut off")
        self._digest.update(line)
        self.line_bytes = len(line)
        return line

    @staticmethod
    def _decoded(line: bytes) -> dict[str, Any]:
        if len(line) > _LONG_LINE_BYTES and _values_in(line) > _MOST_VALUES:
            damaged("a line has more values than a row")
        try:
            decoded = json_util.loads(line, json_options=EXTENDED_JSON)
        except Exception:  # on lines that were made up, the library raises whatever its helpers do
            damaged("a line cannot be read")
        if not isinstance(decoded, dict):
            damaged("a line cannot be read")
        return decoded


@contextmanager
def open_archive(file: Path) -> Iterator[ArchiveReader]:
    """Read an archive; whatever is wrong with it becomes an `ArchiveError`."""
    with file.open("rb") as raw, gzip.GzipFile(fileobj=raw, mode="rb") as stream:
        try:
            yield ArchiveReader(stream)
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            damaged(str(error))


def damaged(reason: str) -> NoReturn:
    """Refuse an archive."""
    raise UnusableArchiveError(f"The archive is damaged, or was not made by an export: {reason}.")


def _values_in(line: bytes) -> int:
    """About how many values a line of JSON has, before they take a hundred bytes of memory each."""
    bare = _STRINGS.sub(b"", line)
    return max(bare.count(b","), bare.count(b"{"), bare.count(b"["))


def _parsed(kind: type[_L], line: dict[str, Any]) -> _L:
    try:
        return kind.model_validate(line)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        damaged(f"a line is not right ({first['msg'].removeprefix('Value error, ')})")
