"""Uploads, shows, downloads and deletes documents for the owners of their assistants."""

from pathlib import Path

from app.domain.documents import Document, DocumentFilter, DocumentType
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.users import User
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

    def add(self, caller: User, assistant_id: str, upload: Upload) -> Document:
        """Store an upload, and wait a while until it is searchable.

        Raises `NotFoundError`, `InvalidError` (empty, or of an unknown format), `TooLargeError`.
        """
        assistant = self._access.assistant(caller, assistant_id)
        return self._uploads.add(assistant, upload)

    def get(self, caller: User, document_id: str) -> Document:
        """One document; raises `NotFoundError`."""
        document = self._documents.by_id(document_id) if is_id(document_id) else None
        if document is None or not self._access.may_touch(caller, document.assistant_id):
            raise NotFoundError("document")
        return document

    def page(
        self, caller: User, assistant_id: str | None, kind: DocumentType | None, before: str | None, limit: int
    ) -> list[Document]:
        """The caller's documents, newest first; raises `InvalidError` for a filter that cannot be used."""
        self._access.check_filter(caller, assistant_id)
        hidden = self._access.hidden_assistants(caller)
        wanted = DocumentFilter(self._access.owner_scope(caller), assistant_id, kind, hidden)
        return self._documents.page(wanted, before, limit)

    def file(self, caller: User, document_id: str) -> tuple[Document, Path]:
        """A document and the path of its file; raises `NotFoundError`."""
        document = self.get(caller, document_id)
        path = self._files.path(document.assistant_id, document.type, document.filename)
        if not path.is_file():
            raise NotFoundError("file")
        return document, path

    def delete(self, caller: User, document_id: str) -> None:
        """Delete a document with its file and chunks; raises `NotFoundError`."""
        if not self._cleanup.delete(self.get(caller, document_id)):
            raise NotFoundError("document")
