"""What an archive says about itself.

An archive is a ZIP64 file with `collections/<name>.jsonl` (MongoDB's canonical Extended JSON v2, one row a
line), `documents/<path>` (the files of the documents folder) and `manifest.json`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Literal

from bson.json_util import JSONMode, JSONOptions
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.domain.errors import OrquestradoraError

MANIFEST = "manifest.json"
EXTENDED_JSON = JSONOptions(json_mode=JSONMode.CANONICAL, tz_aware=True)
BATCH_ROWS = 500
BLOCK_BYTES = 1024 * 1024

Progress = Callable[[int, int], None]
"""Called with the rows and files done so far, and with how many there are."""


class ArchiveError(OrquestradoraError):
    """An export or import cannot be done; the message says why, and what to do where something can be."""

    code = "archive_failed"


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


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Part):
    """One file inside the archive: its size when unpacked, and its SHA-256 in hexadecimal."""

    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class CollectionMember(Member):
    """The rows of one collection."""

    rows: int = Field(ge=0)


class Manifest(_Part):
    """The table of contents; `documents` are paths relative to the documents folder."""

    format: Literal[1] = 1
    created_at: datetime
    secret_key_fingerprint: str
    collections: dict[Annotated[str, AfterValidator(_checked_collection)], CollectionMember]
    documents: dict[Annotated[str, AfterValidator(_checked_path)], Member]

    @property
    def members(self) -> dict[str, Member]:
        """All that the archive holds beside the manifest, by name."""
        rows = {collection_member(name): member for name, member in self.collections.items()}
        return rows | {document_member(path): member for path, member in self.documents.items()}

    @property
    def counts(self) -> Counts:
        """What an import has to bring."""
        return Counts({name: member.rows for name, member in self.collections.items()}, len(self.documents))


def collection_member(name: str) -> str:
    """Where in the archive the rows of a collection are."""
    return f"collections/{name}.jsonl"


def document_member(path: str) -> str:
    """Where in the archive a file of the documents folder is."""
    return f"documents/{path}"
