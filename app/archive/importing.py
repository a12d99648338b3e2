"""Out of one file, into an empty database and a documents folder."""

import hashlib
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import bson
from bson.errors import BSONError
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DocumentTooLarge, PyMongoError

from app.archive.format import (
    BATCH_ROWS,
    ArchiveError,
    Counts,
    End,
    FileLine,
    Progress,
    RowLine,
    UnusableArchiveError,
)
from app.archive.marker import begin_import, end_import
from app.archive.reading import damaged, open_archive
from app.domain.rows import Row

_DUPLICATE_KEY = 11000
_BATCH_BYTES = 16 * 1024 * 1024
# For this service's user alone.
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_MOST_ROW_BYTES = 16 * 1024 * 1024


def import_archive(
    database: Database[Row],
    documents_dir: Path,
    media_dir: Path,
    file: Path,
    *,
    fingerprints: Collection[str],
    is_readable: Callable[[str, Row], bool],
    make_indexes: Callable[[], None],
    progress: Progress,
) -> Counts:
    """Bring everything that `export_archive` wrote to `file`; the archive is verified before a byte is written.

    `is_readable` says whether the service could read a row of a collection. `make_indexes` makes the indexes, while
    the database is still empty. A file that is in its folder already stays if it is the same. An import
    that was cut off is finished by importing the same file again; one of an archive that cannot be imported is
    undone. Raises `ArchiveError`: for a file that is no whole archive, an archive made with a SECRET_KEY of none of
    the `fingerprints`, a database with rows, and when not all has arrived at the end.
    """
    folders = {"documents": documents_dir, "media": media_dir}
    importer = _Importer(database, folders, file, is_readable, progress)
    try:
        end = importer.check(fingerprints)
        begin_import(database, end.sha256)
        make_indexes()
        try:
            importer.write(end)
        except UnusableArchiveError:
            importer.undo()
            end_import(database)
            raise
    except OSError as error:
        raise ArchiveError(f"The import could not read or write a file: {error.strerror}.") from error
    end_import(database)
    return end.counts


class _Importer:
    def __init__(
        self,
        database: Database[Row],
        folders: Mapping[str, Path],
        file: Path,
        is_readable: Callable[[str, Row], bool],
        progress: Progress,
    ) -> None:
        self._database = database
        self._roots = {name: folder.resolve() for name, folder in folders.items()}
        self._file = file
        self._is_readable = is_readable
        self._progress = progress
        self._done = 0
        self._written: list[Path] = []

    def check(self, fingerprints: Collection[str]) -> End:
        """The archive is whole, no file of another content is in the way, and there is room; writes nothing."""
        needed: Counter[str] = Counter()
        with open_archive(self._file) as archive:
            if archive.header.secret_key not in fingerprints:
                raise ArchiveError(
                    "This export was made with another SECRET_KEY: set the SECRET_KEY of the service that made it, "
                    "or name it in SECRET_KEYS_OLD, and import again."
                )
            for entry in archive.entries():
                if isinstance(entry, tuple):
                    needed[entry[0].folder] += self._bytes_needed(entry[0])
                else:
                    self._check_row(entry)
            end = archive.end
        for folder in self._roots.values():
            folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self._check_room(needed)
        return end or damaged("it has no last line")

    def _check_room(self, needed: Mapping[str, int]) -> None:
        """Raise `ArchiveError` where the files are too many for a disk, on which both folders may be."""
        of_disks: Counter[int] = Counter()
        for name, folder in self._roots.items():
            of_disks[folder.stat().st_dev] += needed.get(name, 0)
        for name, folder in self._roots.items():
            if of_disks[folder.stat().st_dev] > shutil.disk_usage(folder).free:
                raise ArchiveError(f"There is not enough room on the disk of the {name} folder.")

    def write(self, end: End) -> None:
        """In the order of the archive, where a document's file goes before its row."""
        total = end.counts.total
        waiting: defaultdict[str, list[Row]] = defaultdict(list)
        size = 0
        with open_archive(self._file) as archive:
            for entry in archive.entries():
                if isinstance(entry, tuple):
                    self._write_file(*entry)
                else:
                    waiting[entry.collection].append(entry.row)
                    size += archive.line_bytes
                    if size > _BATCH_BYTES or len(waiting[entry.collection]) == BATCH_ROWS:
                        self._insert(waiting)
                        size = 0
                self._done += 1
                if self._done % BATCH_ROWS == 0 or isinstance(entry, tuple):
                    self._progress(self._done, total)
        self._insert(waiting)
        self._progress(self._done, total)
        self._check_counts(end.counts)

    def undo(self) -> None:
        """Remove the rows of the archive that are there as they are in it, and the files that `write` wrote."""
        for target in self._written:
            target.unlink(missing_ok=True)
        waiting: defaultdict[str, list[Row]] = defaultdict(list)
        with open_archive(self._file) as archive:
            for entry in archive.entries():
                if not isinstance(entry, tuple):
                    waiting[entry.collection].append(entry.row)
                    if len(waiting[entry.collection]) == BATCH_ROWS:
                        self._remove(waiting)
        self._remove(waiting)

    def _check_row(self, line: RowLine) -> None:
        try:
            size = len(bson.encode(line.row))
        except (BSONError, OverflowError):
            size = _MOST_ROW_BYTES + 1
        if size > _MOST_ROW_BYTES:
            damaged(f"a row of {line.collection} cannot be stored")
        if not self._is_readable(line.collection, line.row):
            damaged(f"a row of {line.collection} is not one of this service")

    def _bytes_needed(self, file: FileLine) -> int:
        root = self._roots[file.folder]
        target = root / file.file
        if not target.parent.resolve().is_relative_to(root):
            raise ArchiveError(f"A link leads out of the {file.folder} folder: {file.file}.")
        if not os.path.lexists(target):
            return file.bytes
        if not _is_same(target, file):
            raise UnusableArchiveError(f"The {file.folder} folder has another file in the place of {file.file}.")
        return 0

    def _write_file(self, file: FileLine, blocks: Iterator[bytes]) -> None:
        root = self._roots[file.folder]
        target = root / file.file
        if self._bytes_needed(file) == 0 and target.exists():
            return
        for folder in reversed(target.relative_to(root).parents):
            (root / folder).mkdir(mode=_FOLDER_MODE, exist_ok=True)
        unfinished = root / ".import.part"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE), "wb") as copy:
            for block in blocks:
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        unfinished.replace(target)
        self._written.append(target)

    def _insert(self, waiting: dict[str, list[Row]]) -> None:
        """Insert all that waits; what is there already came with the import that was cut off."""
        for name, rows in waiting.items():
            try:
                self._database[name].insert_many(rows, ordered=False)
            except BulkWriteError as error:
                if {failed["code"] for failed in error.details["writeErrors"]} - {_DUPLICATE_KEY}:
                    raise UnusableArchiveError(f"The database refused rows of {name}.") from None
                if error.details["writeConcernErrors"]:
                    sentence = f"The majority did not confirm rows of {name}; import the same file again."
                    raise ArchiveError(sentence) from None
                self._check_duplicates(name, [failed["op"] for failed in error.details["writeErrors"]])
            except (BSONError, OverflowError, DocumentTooLarge):
                damaged(f"a row of {name} cannot be stored")
            except PyMongoError as error:
                failure = type(error).__name__
                raise ArchiveError(f"The database failed ({failure}); import the same file again.") from error
        waiting.clear()

    def _check_duplicates(self, name: str, rows: list[Row]) -> None:
        there = self._ids_of_same(name, rows)
        if any(row["_id"] not in there for row in rows):
            raise UnusableArchiveError(
                f"The database holds other rows than the archive in {name}, or the archive has rows of one id. "
                "Start again with an empty database."
            )

    def _remove(self, waiting: dict[str, list[Row]]) -> None:
        for name, rows in waiting.items():
            self._database[name].delete_many({"_id": {"$in": self._ids_of_same(name, rows)}})
        waiting.clear()

    def _ids_of_same(self, name: str, rows: list[Row]) -> list[Any]:
        """The ids of the rows that are in the database exactly as in the archive."""
        wanted = {bson.encode(row) for row in rows}
        found = self._database[name].find({"_id": {"$in": [row["_id"] for row in rows]}})
        return [row["_id"] for row in found if bson.encode(row) in wanted]

    def _check_counts(self, counts: Counts) -> None:
        for name, expected in counts.rows.items():
            found = self._database[name].count_documents({})
            if found != expected:
                raise ArchiveError(
                    f"The import is not right: {name} has {found} rows instead of {expected}. "
                    "Start again with an empty database."
                )


def _is_same(target: Path, file: FileLine) -> bool:
    if target.is_symlink() or not target.is_file() or target.stat().st_size != file.bytes:
        return False
    with target.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
