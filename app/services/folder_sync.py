"""Indexes files that were put into the documents folder by hand."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.documents import UNFINISHED, Document, DocumentStatus, DocumentType
from app.domain.errors import OrquestradoraError
from app.services.ports.accounts import Assistants
from app.services.ports.documents import DocumentFiles, Documents
from app.services.uploads import Upload, UploadService

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What happened to one file: `new`, `changed`, `unchanged`, `refused`, `failed` or `skipped`, and why."""

    path: str
    outcome: str
    reason: str = ""


class FolderSync:
    """Brings the database up to date with the documents folder."""

    def __init__(
        self, assistants: Assistants, documents: Documents, files: DocumentFiles, uploads: UploadService
    ) -> None:
        self._assistants = assistants
        self._documents = documents
        self._files = files
        self._uploads = uploads

    def run(self) -> Iterator[SyncResult]:
        """Index every file that is new or has other bytes than were uploaded; yields one result an entry."""
        for shown, reason in self._files.skipped():
            yield SyncResult(shown, "skipped", reason)
        for assistant_id in self._files.assistants():
            for kind, path in list(self._files.files(assistant_id)):
                yield self._sync(assistant_id, kind, path)

    def _sync(self, assistant_id: str, kind: DocumentType, path: Path) -> SyncResult:
        shown = self._files.public_path(assistant_id, kind, path.name)
        assistant = self._assistants.by_id(assistant_id)
        if assistant is None:
            return SyncResult(shown, "refused", "There is no such assistant.")
        if self._files.safe_name(path.name) != path.name:
            return SyncResult(shown, "refused", "The name has characters that cannot be kept; please rename it.")
        known = self._documents.at(assistant_id, kind, path.name)
        try:
            if known and _digest(path) == known.sha256:
                return SyncResult(shown, "unchanged")
            with path.open("rb") as stream:
                document = self._uploads.add(assistant, Upload(kind, path.name, stream))
        except OrquestradoraError as error:
            return SyncResult(shown, "refused", error.message)
        except OSError as error:
            return SyncResult(shown, "refused", f"The file cannot be read ({error.strerror}).")
        return _result(shown, "changed" if known else "new", self._when_done(document))

    def _when_done(self, document: Document) -> Document:
        """Wait until a document is indexed; the workers' own limits bound the time."""
        while document.status in UNFINISHED:
            time.sleep(_POLL_SECONDS)
            document = self._documents.by_id(document.id) or replace(document, status=DocumentStatus.FAILED)
        return document


def _result(shown: str, outcome: str, document: Document) -> SyncResult:
    if document.status is DocumentStatus.FAILED:
        return SyncResult(shown, "failed", document.error or "")
    return SyncResult(shown, outcome)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
