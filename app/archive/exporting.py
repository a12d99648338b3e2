"""Out of a database and a documents folder, into one file."""

import gzip
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bson import ObjectId
from pymongo.database import Database

from app.archive.batch import Batch
from app.archive.consistency import ConversationSource, DocumentSource
from app.archive.format import BATCH_ROWS, ArchiveError, Counts, End, Header, Progress
from app.archive.ids import SpooledIds
from app.archive.marker import carried_collections, has_unfinished_import
from app.archive.media_names import media_of
from app.domain.rows import Row

_DELETING = "deleting"
_CONVERSATIONS_AT_ONCE = 200
_READ_WITH_THEIR_ASSISTANT = {"assistants", "documents", "editions", "chunks", "conversations", "chats"}
_MODELS = "embedding_models"
_INBOX = "inbox"


def export_archive(
    database: Database[Row],
    documents_dir: Path,
    media_dir: Path,
    file: Path,
    *,
    fingerprint: str,
    progress: Progress,
) -> Counts:
    """Write all rows and all files to `file` (mode 0600), which appears only when it is complete.

    `fingerprint` tells the SECRET_KEY apart under which keys in the database are encrypted. The service may
    run meanwhile: what changes during the export may be in it or not, but all that is named by what is in it is
    in it, too, except for customers' files that are deleted meanwhile. Raises `ArchiveError`.
    """
    if has_unfinished_import(database):
        raise ArchiveError("An import into this database was cut off: finish it before you export.")
    unfinished = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as stream:
            counts = _Exporter(stream, database, documents_dir, media_dir, progress).write(fingerprint)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise ArchiveError(f"The export could not be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


class _Exporter:
    def __init__(
        self, stream: IO[bytes], database: Database[Row], documents_dir: Path, media_dir: Path, progress: Progress
    ) -> None:
        self._stream = gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
        self._database = database
        self._root = documents_dir
        self._media = media_dir
        self._progress = progress
        self._digest = hashlib.sha256()
        self._rows: Counter[str] = Counter()
        self._files = 0
        self._expected = 0

    def write(self, fingerprint: str) -> Counts:
        """Each assistant with all that is its own; then what they all name, of which nothing is ever deleted."""
        names = carried_collections(self._database)
        self._expected = sum(self._database[name].estimated_document_count() for name in names)
        self._write(Header(secret_key=fingerprint).model_dump_json().encode() + b"\n")
        models_before = list(self._database[_MODELS].find())
        with SpooledIds(self._database["assistants"], {}) as assistant_ids:
            for assistant_id in assistant_ids:
                self._add_assistant(assistant_id)
            self._add_models(models_before)
            known = {one.binary for one in assistant_ids}
        for name in names:
            if name not in _READ_WITH_THEIR_ASSISTANT | {_MODELS}:
                self._add_others(name, known)
        for name in names:
            self._rows.setdefault(name, 0)
        counts = Counts(dict(sorted(self._rows.items())), self._files)
        end = End(rows=dict(counts.rows), files=counts.files, sha256=self._digest.hexdigest())
        self._write(end.model_dump_json().encode() + b"\n")
        self._stream.close()
        self._progress(counts.total, counts.total)
        return counts

    def _add_assistant(self, assistant_id: ObjectId) -> None:
        """What belongs to it, then itself: if it is deleted meanwhile, as one whose cleanup is not done."""
        row = self._database["assistants"].find_one({"_id": assistant_id})
        if row is None:
            return
        if row["state"] != _DELETING:
            self._add_documents(assistant_id)
            self._add_conversations(assistant_id)
        now = self._database["assistants"].find_one({"_id": assistant_id})
        tombstone = {**row, "state": _DELETING, "deleted_at": row.get("deleted_at", datetime.now(UTC))}
        with Batch() as batch:
            batch.add_row("assistants", now or tombstone)
            self._append(batch)

    def _add_documents(self, assistant_id: ObjectId) -> None:
        source = DocumentSource(self._database, self._root)
        carried: set[str] = set()
        with SpooledIds(self._database["documents"], {"assistant_id": assistant_id}) as ids:
            for document_id in ids:
                with Batch() as batch:
                    source.read_into(batch, document_id)
                    carried.update(batch.files)
                    self._append(batch)
        for path in _files_put_by_hand(self._root, str(assistant_id)):
            if path not in carried:
                with Batch() as batch:
                    batch.add_file(path, self._root / path)
                    self._append(batch)

    def _add_conversations(self, assistant_id: ObjectId) -> None:
        source = ConversationSource(self._database)
        with SpooledIds(self._database["conversations"], {"assistant_id": assistant_id}) as ids:
            for some in ids.batches(_CONVERSATIONS_AT_ONCE):
                with Batch() as batch:
                    source.read_into(batch, assistant_id, some)
                    self._add_media(source.media)
                    self._append(batch)

    def _add_media(self, paths: Iterable[str]) -> None:
        """One after another: some have a hundred megabytes."""
        for path in paths:
            with Batch() as batch:
                batch.add_media(path, self._media / path)
                self._append(batch)

    def _add_models(self, before: list[Row]) -> None:
        """The embedding models that there are, and those that a document may name though they went meanwhile."""
        now = {row["_id"]: row for row in self._database[_MODELS].find()}
        with Batch() as batch:
            for row in ({row["_id"]: row for row in before} | now).values():
                batch.add_row(_MODELS, row)
            self._append(batch)

    def _add_others(self, name: str, assistant_ids: set[bytes]) -> None:
        """A whole collection, but for rows of assistants that were added since the export began."""
        with Batch() as batch:
            for row in self._database[name].find({}, batch_size=BATCH_ROWS):
                owner = row.get("assistant_id")
                if isinstance(owner, ObjectId) and owner.binary not in assistant_ids:
                    continue
                if name == _INBOX:
                    self._add_media(media_of(row))
                batch.add_row(name, row)
                if batch.rows[name] == BATCH_ROWS:
                    self._append(batch)
                    batch.clear()
            self._append(batch)

    def _append(self, batch: Batch) -> None:
        for line in batch.lines():
            self._write(line)
        self._rows.update(batch.rows)
        self._files += len(batch.files)
        done = self._rows.total() + self._files
        self._progress(done, max(done, self._expected))

    def _write(self, line: bytes) -> None:
        self._digest.update(line)
        self._stream.write(line)


def _files_put_by_hand(root: Path, assistant_id: str) -> Iterator[str]:
    """All plain files in an assistant's folder, for those that no document names yet; hidden ones are not."""
    for folder, folders, names in os.walk(root / assistant_id):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
        yield from (path.relative_to(root).as_posix() for path in paths if path.is_file() and not path.is_symlink())
