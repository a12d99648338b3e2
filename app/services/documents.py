"""Documents: uploaded, shown, downloaded and deleted by those who own their assistant."""

from dataclasses import replace
from pathlib import Path
from typing import IO

from app.domain.assistants import Assistant
from app.domain.documents import Document, DocumentFilter, DocumentType
from app.domain.errors import NotFoundError
from app.domain.ids import is_id, new_id
from app.domain.users import User
from app.services.access import Access
from app.services.document_remains import DocumentRemains
from app.services.indexing_pool import IndexingPool
from app.services.ports import Clock, DocumentFiles, Documents

_WAIT_SECONDS = 10


class DocumentService:
    """What a dashboard does with documents."""

    def __init__(
        self,
        access: Access,
        documents: Documents,
        files: DocumentFiles,
        pool: IndexingPool,
        remains: DocumentRemains,
        clock: Clock,
        *,
        max_bytes: int,
    ) -> None:
        self._access = access
        self._documents = documents
        self._files = files
        self._pool = pool
        self._remains = remains
        self._clock = clock
        self._max_bytes = max_bytes

    def add(
        self, caller: User, assistant_id: str, kind: DocumentType, filename: str, stream: IO[bytes]
    ) -> Document:
        """Store an upload and wait a while until it is searchable; replaces a document of that name (or the prompt).

        `filename` is a safe name. Raises `NotFoundError`, `InvalidError` (empty), `TooLargeError`.
        """
        assistant = self._access.assistant(caller, assistant_id)
        document = self.store(assistant, kind, filename, stream)
        self._pool.submit(document.id, _WAIT_SECONDS)
        return self._documents.by_id(document.id) or document

    def store(self, assistant: Assistant, kind: DocumentType, filename: str, stream: IO[bytes]) -> Document:
        """Put an upload on disk and on record, for the indexing threads to find: first the bytes, then the row."""
        revision = new_id()
        try:
            size, sha256 = self._files.stage(assistant.id, revision, stream, self._max_bytes)
            with self._files.exclusive(assistant.id):
                document = self._record(assistant, kind, filename, revision, size, sha256)
                self._files.publish(assistant.id, revision, kind, filename)
        except BaseException:
            self._files.discard(assistant.id, revision)
            raise
        return document

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
        """A document and where its bytes are; raises `NotFoundError`."""
        document = self.get(caller, document_id)
        path = self._files.path(document.assistant_id, document.type, document.filename)
        if not path.is_file():
            raise NotFoundError("file")
        return document, path

    def delete(self, caller: User, document_id: str) -> None:
        """Delete a document with its file and chunks; done for good once it is marked, whatever happens then."""
        document = self.get(caller, document_id)
        if not self._documents.mark_deleted(document.id, self._clock()):
            raise NotFoundError("document")
        self._remains.remove(document)

    def _record(
        self, assistant: Assistant, kind: DocumentType, filename: str, revision: str, size: int, sha256: str
    ) -> Document:
        now = self._clock()
        document = Document(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            type=kind,
            filename=filename,
            filepath=self._files.public_path(assistant.id, kind, filename),
            size=size,
            sha256=sha256,
            revision=revision,
            created_at=now,
            updated_at=now,
        )
        existing = self._documents.at(assistant.id, kind, filename)
        if existing is None:
            self._documents.add(document)
            return document
        replaced = replace(document, id=existing.id, created_at=existing.created_at)
        self._documents.replace_upload(replaced)
        return replaced
