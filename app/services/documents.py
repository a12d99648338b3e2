"""Uploads, shows, downloads and deletes documents for those who may use their assistants."""

from pathlib import Path

from app.domain.callers import Caller
from app.domain.documents import Document, DocumentFilter, DocumentType
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.services.access import Access
from app.services.document_cleanup import DocumentCleanup
from app.services.ports.documents import DocumentFiles, Documents
from app.services.uploads import Upload, UploadService


class DocumentService:
    """What callers may do with documents; every method checks that they may."""

    def __init__(
        self,
        access: Access,
        documents: Documents,
        files: DocumentFiles,
        uploads: UploadService,
        cleanup: DocumentCleanup,
    ) -> None:
        self._access = access
        self._documents = documents
        self._files = files
        self._uploads = uploads
        self._cleanup = cleanup

    def add(self, caller: Caller, assistant_id: str, upload: Upload) -> Document:
        """Store an upload, and wait a while until it is searchable.

        Raises `NotFoundError`, `ForbiddenError`, `InvalidError` (empty, or of an unknown format), `TooLargeError`.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.WRITE_DOCUMENTS)
        return self._uploads.add(assistant, upload)

    def get(self, caller: Caller, document_id: str, action: Action = Action.READ_DOCUMENTS) -> Document:
        """One document, for a caller who may do this with it; raises `NotFoundError`, `ForbiddenError`."""
        document = self._documents.by_id(document_id) if is_id(document_id) else None
        if document is None:
            raise NotFoundError("document")
        self._access.assistant(caller, document.assistant_id, action, "document")
        return document

    def page(
        self, caller: Caller, assistant_id: str | None, kind: DocumentType | None, before: str | None, limit: int
    ) -> list[Document]:
        """The caller's documents, newest first; raises `InvalidError` for a filter that cannot be used."""
        asked = DocumentFilter(assistant_id=assistant_id, type=kind)
        wanted = self._access.narrowed(caller, asked, Action.READ_DOCUMENTS)
        return self._documents.page(wanted, before, limit)

    def file(self, caller: Caller, document_id: str) -> tuple[Document, Path]:
        """A document and the path of its file; raises `NotFoundError`."""
        document = self.get(caller, document_id)
        path = self._files.path(document.assistant_id, document.type, document.filename)
        if not path.is_file():
            raise NotFoundError("file")
        return document, path

    def delete(self, caller: Caller, document_id: str) -> None:
        """Delete a document with its file and chunks; raises `NotFoundError`."""
        if not self._cleanup.delete(self.get(caller, document_id, Action.WRITE_DOCUMENTS)):
            raise NotFoundError("document")
