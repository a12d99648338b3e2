"""What an archive looks like: JSON lines, compressed with gzip, of which no more than one is ever in memory.

The first line is the header. A row of the database is one line, in MongoDB's canonical Extended JSON v2. A file
of the documents folder, or of that of customers' files, is a line with its path, size and SHA-256, followed by
lines with its bytes in base64. The last line has the counts, and the SHA-256 of all lines before it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from bson.json_util import JSONMode, JSONOptions
from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field

from app.domain.errors import OrquestradoraError

EXTENDED_JSON = JSONOptions(json_mode=JSONMode.CANONICAL, tz_aware=True)
BATCH_ROWS = 500
BLOCK_BYTES = 1024 * 1024
# A row has up to 16 MB of BSON; ids take three times as much in Extended JSON.
MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_COLLECTIONS = 200
_SHA256 = Field(pattern=r"^[0-9a-f]{64}$")

Progress = Callable[[int, int], None]
"""Called with the rows and files done so far, and with how many there are, as far as that is known."""


class ArchiveError(OrquestradoraError):
    """An export or import cannot be done; the message says why, and what to do where something can be."""

    code = "archive_failed"


class UnusableArchiveError(ArchiveError):
    """The archive itself is wrong: importing it again would end in the same way."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was carried: rows by collection, and files."""

    rows: Mapping[str, int]
    files: int

    @property
    def total(self) -> int:
        """Rows and files together."""
        return sum(self.rows.values()) + self.files


def _checked_path(path: str) -> str:
    parts = path.split("/")
    if "\\" in path or any(part in ("", ".", "..") for part in parts) or not path.isprintable():
        raise ValueError("is no relative path")
    return str(PurePosixPath(*parts))


def _checked_collection(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", name) or name.startswith("system."):
        raise ValueError("is no name of a collection")
    return name


def _checked_row(row: dict[str, Any]) -> dict[str, Any]:
    if "_id" not in row:
        raise ValueError("has no _id")
    return row


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


CollectionName = Annotated[str, AfterValidator(_checked_collection)]


class Header(_Line):
    """The first line. `secret_key` tells the SECRET_KEY apart under which keys in the rows are encrypted."""

    orquestradora: Literal[2] = 2
    secret_key: str


class RowLine(_Line):
    """A row and the collection it belongs to."""

    collection: CollectionName
    row: Annotated[dict[str, Any], AfterValidator(_checked_row)]


class FileLine(_Line):
    """A file follows; its path is relative to the folder."""

    folder: Literal["documents", "media"] = "documents"
    file: Annotated[str, AfterValidator(_checked_path)]
    bytes: int = Field(ge=0)
    sha256: Annotated[str, _SHA256]


class DataLine(_Line):
    """The next bytes of a file."""

    data: Base64Bytes


class End(_Line):
    """The last line."""

    rows: dict[CollectionName, int]
    files: int
    sha256: Annotated[str, _SHA256]

    @property
    def counts(self) -> Counts:
        """What an import has to bring."""
        return Counts(self.rows, self.files)
