"""Out of a database and a documents folder, into one file."""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from bson import json_util
from pymongo.database import Database

from app.archive.manifest import (
    BATCH_ROWS,
    BLOCK_BYTES,
    EXTENDED_JSON,
    MANIFEST,
    ArchiveError,
    CollectionMember,
    Counts,
    Manifest,
    Member,
    Progress,
    collection_member,
    document_member,
)
from app.archive.marker import carried_collections, has_unfinished_import
from app.repositories.mongo import Row


def export_archive(
    database: Database[Row], documents_dir: Path, file: Path, *, fingerprint: str, progress: Progress
) -> Counts:
    """Write all rows and all documents' files to `file` (mode 0600), which appears only when it is complete.

    `fingerprint` tells the SECRET_KEY apart under which keys in the database are encrypted. The service may
    run meanwhile, but what changes during an export may be in it or not. Raises `ArchiveError`.
    """
    if has_unfinished_import(database):
        raise ArchiveError("An import into this database was cut off: finish it before you export.")
    unfinished = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                manifest = _Exporter(archive, database, documents_dir, progress).write(fingerprint)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise ArchiveError(f"The export could not be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest.counts


class _Exporter:
    def __init__(
        self, archive: zipfile.ZipFile, database: Database[Row], documents_dir: Path, progress: Progress
    ) -> None:
        self._archive = archive
        self._database = database
        self._documents_dir = documents_dir
        self._progress = progress
        self._done = 0
        self._total = 0
        self._now = datetime.now(UTC)

    def write(self, fingerprint: str) -> Manifest:
        """Rows before files: a document that is added meanwhile leaves a file too many, not one too few."""
        names = carried_collections(self._database)
        self._total = sum(self._database[name].count_documents({}) for name in names)
        self._total += sum(1 for _ in _files(self._documents_dir))
        manifest = Manifest(
            created_at=self._now,
            secret_key_fingerprint=fingerprint,
            collections={name: self._add_collection(name) for name in names},
            documents=dict(self._add_documents()),
        )
        self._archive.writestr(self._info(MANIFEST), manifest.model_dump_json(indent=1))
        self._progress(self._done, self._done)
        return manifest

    def _add_collection(self, name: str) -> CollectionMember:
        rows = 0

        def lines() -> Iterator[bytes]:
            nonlocal rows
            for row in self._database[name].find({}, batch_size=BATCH_ROWS):
                rows += 1
                if rows % BATCH_ROWS == 0:
                    self._advance(BATCH_ROWS)
                yield json_util.dumps(row, json_options=EXTENDED_JSON).encode() + b"\n"

        member = self._add(collection_member(name), lines())
        self._advance(rows % BATCH_ROWS)
        return CollectionMember(bytes=member.bytes, sha256=member.sha256, rows=rows)

    def _add_documents(self) -> Iterator[tuple[str, Member]]:
        for file in _files(self._documents_dir):
            path = file.relative_to(self._documents_dir).as_posix()
            try:
                blocks = _blocks(file)
                first = next(blocks, b"")
            except FileNotFoundError:  # deleted meanwhile
                continue
            yield path, self._add(document_member(path), chain([first], blocks))
            self._advance(1)

    def _add(self, name: str, blocks: Iterable[bytes]) -> Member:
        digest, size = hashlib.sha256(), 0
        with self._archive.open(self._info(name), "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                size += len(block)
                member.write(block)
        return Member(bytes=size, sha256=digest.hexdigest())

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, date_time=self._now.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        return info

    def _advance(self, count: int) -> None:
        self._done += count
        self._progress(self._done, max(self._done, self._total))


def _files(documents_dir: Path) -> Iterator[Path]:
    """The plain files of the folder, uploads on their way included; hidden ones are locks and the like."""
    for folder, folders, names in os.walk(documents_dir):
        folders.sort()
        paths = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block
