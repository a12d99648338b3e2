"""Uploads, shows, downloads and deletes documents for those who may use their assistants."""

from dataclasses import replace
from pathlib import Path

from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.documents import Document, DocumentFilter, DocumentType
from app.domain.errors import NotFoundError
from app.domain.ids import is_id
from app.domain.permissions import Action
from app.domain.prompts import Authorship
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.document_cleanup import DocumentCleanup
from app.services.ports.documents import DocumentFiles, Documents
from app.services.prompts.history import PromptHistory, author_of
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
        *,
        prompts: PromptHistory,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._documents = documents
        self._files = files
        self._uploads = uploads
        self._cleanup = cleanup
        self._prompts = prompts
        self._audit = audit

    def add(self, caller: Caller, assistant_id: str, upload: Upload) -> Document:
        """Store an upload, and wait a while until it is searchable.

        Raises `NotFoundError`, `ForbiddenError`, `InvalidError` (empty, or of an unknown format), `TooLargeError`.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.WRITE_DOCUMENTS)
        upload = replace(upload, authorship=Authorship(author_of(caller)))
        target, place = Target("document", name=upload.filename), Place.of(assistant)
        after = {"type": upload.kind}
        with self._audit.change(caller, AuditAction.DOCUMENT_ADD, target, place, after=after) as change:
            document = self._uploads.add(assistant, upload)
            change.target = target_document(document)
        return document

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
        document = self.get(caller, document_id, Action.WRITE_DOCUMENTS)
        assistant = self._access.assistant(caller, document.assistant_id, Action.WRITE_DOCUMENTS, "document")
        with self._audit.change(caller, AuditAction.DOCUMENT_DELETE, *audited(document)):
            if not self._cleanup.delete(document):
                raise NotFoundError("document")
            if document.type is DocumentType.PROMPT:
                self._prompts.removed(assistant, Authorship(author_of(caller)))


def target_document(document: Document) -> Target:
    """A document as a target of the audit."""
    return Target("document", document.id, document.filename)


def audited(document: Document) -> tuple[Target, Place]:
    """What the audit keeps of a document."""
    return target_document(document), Place(document.assistant_id, document.owner_id)
