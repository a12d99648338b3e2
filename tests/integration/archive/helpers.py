"""Exports, imports, and archives that were tampered with."""

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from app.archive import ArchiveError, Counts, export_archive, import_archive
from app.domain.rows import Row

FINGERPRINT = "1f0c"
ASSISTANT = "64a000000000000000000001"
MANY = 3000
FILES = {
    f"{ASSISTANT}/prompt.txt": "Você é um atendente.".encode(),
    f"{ASSISTANT}/knowledge/política de devolução 📦.md": b"# 30 dias\n" * 1000,
    f"{ASSISTANT}/knowledge/empty.txt": b"",
    f"{ASSISTANT}/knowledge/scan.pdf": os.urandom(2_500_000),
}

Line = dict[str, Any]


class Progressed:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.calls.append((done, total))


class CutOffError(Exception):
    """Stands for a kill in the middle."""


def media_of(documents: Path) -> Path:
    """The folder of customers' files that goes with a documents folder."""
    return documents.with_name("media")


def exported(database: Database[Row], documents: Path, into: Path) -> Path:
    file = into / "export.jsonl.gz"
    export_archive(database, documents, media_of(documents), file, fingerprint=FINGERPRINT, progress=Progressed())
    return file


def take(
    target: Database[Row],
    folder: Path,
    archive: Path,
    *,
    fingerprint: str = FINGERPRINT,
    is_readable: Callable[[str, Row], bool] = lambda collection, row: True,
    make_indexes: Callable[[], None] = lambda: None,
    progress: Callable[[int, int], None] | None = None,
) -> Counts:
    """Import an archive."""
    return import_archive(
        target,
        folder,
        media_of(folder),
        archive,
        fingerprints={fingerprint},
        is_readable=is_readable,
        make_indexes=make_indexes,
        progress=progress or Progressed(),
    )


def refuse(target: Database[Row], folder: Path, archive: Path, sentence: str) -> None:
    """The import fails with `sentence`, in one line, and has written nothing."""
    before = {name: target[name].count_documents({}) for name in target.list_collection_names()}
    with pytest.raises(ArchiveError, match=sentence) as failure:
        take(target, folder, archive)
    assert "\n" not in failure.value.message
    assert len(failure.value.message) < 300
    assert {name: target[name].count_documents({}) for name in target.list_collection_names()} == before
    assert not files_in(folder)


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def rows_of(database: Database[Row], collection: str) -> dict[Any, Row]:
    return {row["_id"]: row for row in database[collection].find()}


def lines_of(archive: Path) -> list[Line]:
    """All lines but the last."""
    return [json.loads(line) for line in gzip.decompress(archive.read_bytes()).splitlines()][:-1]


def made_of(lines: Sequence[Line], into: Path, **end: Any) -> Path:
    """An archive of these lines, with a last line that fits them, but for what `end` says."""
    rows = [line["collection"] for line in lines if "collection" in line]
    raw = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    last = {
        "rows": {name: rows.count(name) for name in rows},
        "files": sum("file" in line for line in lines),
        "sha256": hashlib.sha256(raw).hexdigest(),
        **end,
    }
    return packed(raw + json.dumps(last).encode() + b"\n", into)


def packed(raw: bytes, into: Path) -> Path:
    file = into / "made.jsonl.gz"
    file.write_bytes(gzip.compress(raw))
    return file


def file_lines(path: str, content: bytes) -> list[Line]:
    """The lines of a file in an archive."""
    start = {"file": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return [start, {"data": base64.b64encode(content).decode()}]
