"""Out of one file, into an empty database and a documents folder."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bson import json_util
from bson.errors import BSONError
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.archive.manifest import (
    BATCH_ROWS,
    BLOCK_BYTES,
    EXTENDED_JSON,
    ArchiveError,
    Counts,
    Manifest,
    Member,
    Progress,
    collection_member,
    document_member,
)
from app.archive.marker import begin_import, end_import
from app.archive.verifying import damage_reported, read_manifest, verify_members
from app.repositories.mongo import Row

_DUPLICATE_KEY = 11000
_MAX_LINE_BYTES = 128 * 1024 * 1024
_MAX_BATCH_BYTES = 16 * 1024 * 1024


def import_archive(
    database: Database[Row], documents_dir: Path, file: Path, *, fingerprint: str, progress: Progress
) -> Counts:
    """Bring everything that `export_archive` wrote to `file`; the archive is verified before a byte is written.

    An import that was cut off is finished by importing the same file again. A file that is in the documents
    folder already stays if it is the same. Raises `ArchiveError`: for a file that is no whole archive,
    an archive made with another SECRET_KEY, a database with rows, and when not all has arrived at the end.
    """
    try:
        with damage_reported(), zipfile.ZipFile(file) as archive:
            manifest, archive_id = read_manifest(archive)
            if manifest.secret_key_fingerprint != fingerprint:
                raise ArchiveError(
                    "This export was made with another SECRET_KEY: set the SECRET_KEY of the service "
                    "that made it, and import again."
                )
            verify_members(archive, manifest)
            importer = _Importer(archive, manifest, database, documents_dir, progress)
            importer.check_files()
            begin_import(database, archive_id)
            importer.write()
    except OSError as error:
        raise ArchiveError(f"The import could not read or write a file: {error.strerror}.") from error
    end_import(database)
    return manifest.counts


class _Importer:
    def __init__(
        self,
        archive: zipfile.ZipFile,
        manifest: Manifest,
        database: Database[Row],
        documents_dir: Path,
        progress: Progress,
    ) -> None:
        self._archive = archive
        self._manifest = manifest
        self._database = database
        self._root = documents_dir.resolve()
        self._progress = progress
        self._done = 0

    def check_files(self) -> None:
        """No file of another content is in the way, no path leads out of the folder, and there is room."""
        needed = 0
        for path, member in self._manifest.documents.items():
            target = self._root / path
            if not target.parent.resolve().is_relative_to(self._root):
                raise ArchiveError(f"A link leads out of the documents folder: {path}.")
            if not os.path.lexists(target):
                needed += member.bytes
            elif not _is_same(target, member):
                raise ArchiveError(f"The documents folder has another file in the place of {path}.")
        self._root.mkdir(parents=True, exist_ok=True)
        if needed > shutil.disk_usage(self._root).free:
            raise ArchiveError("There is not enough room on the disk of the documents folder.")

    def write(self) -> None:
        """Files before rows: a row never names a file that is not there."""
        for path in self._manifest.documents:
            self._write_file(path)
            self._advance(1)
        for name in self._manifest.collections:
            for batch in self._batches(name):
                self._insert(name, batch)
                self._advance(len(batch))
        self._check_counts()

    def _write_file(self, path: str) -> None:
        target = self._root / path
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._root / ".import.part"
        with self._archive.open(document_member(path)) as source, unfinished.open("wb") as copy:
            shutil.copyfileobj(source, copy, BLOCK_BYTES)
            copy.flush()
            os.fsync(copy.fileno())
        unfinished.replace(target)

    def _batches(self, name: str) -> Iterator[list[Row]]:
        batch: list[Row] = []
        size = 0
        with self._archive.open(collection_member(name)) as lines:
            while line := lines.readline(_MAX_LINE_BYTES):
                batch.append(_row(line))
                size += len(line)
                if len(batch) == BATCH_ROWS or size > _MAX_BATCH_BYTES:
                    yield batch
                    batch, size = [], 0
        if batch:
            yield batch

    def _insert(self, name: str, batch: list[Row]) -> None:
        try:
            self._database[name].insert_many(batch, ordered=False)
        except BulkWriteError as error:
            # A duplicate came with the import that was cut off; if it is another row, the counts will tell.
            if any(failed["code"] != _DUPLICATE_KEY for failed in error.details["writeErrors"]):
                raise ArchiveError(f"The database refused rows of {name}.") from None

    def _check_counts(self) -> None:
        for name, expected in self._manifest.counts.rows.items():
            found = self._database[name].count_documents({})
            if found != expected:
                raise ArchiveError(
                    f"The import is not right: {name} has {found} rows instead of {expected}. "
                    "Start again with an empty database."
                )
        for path, member in self._manifest.documents.items():
            if not _is_same(self._root / path, member):
                raise ArchiveError(f"The import is not right: the file {path} is not as it was exported.")

    def _advance(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._manifest.counts.total)


def _row(line: bytes) -> Row:
    try:
        row = json_util.loads(line, json_options=EXTENDED_JSON)
    except (ValueError, TypeError, BSONError):
        row = None
    if not isinstance(row, dict):
        raise ArchiveError("The archive is damaged: a row cannot be read.")
    return row


def _is_same(file: Path, member: Member) -> bool:
    if file.is_symlink() or not file.is_file() or file.stat().st_size != member.bytes:
        return False
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == member.sha256
