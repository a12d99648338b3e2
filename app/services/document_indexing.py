"""Cancels and retries the indexing of a document, and shows its chunks."""

from collections.abc import Sequence

from app.domain.audit import AuditAction
from app.domain.callers import Caller
from app.domain.documents import Document, Piece
from app.domain.errors import ConflictError
from app.domain.permissions import Action
from app.services.audit import AuditLog
from app.services.documents import DocumentService, audited
from app.services.indexing_jobs import IndexingJobs
from app.services.ports.documents import Queue
from app.services.ports.knowledge import Chunks


class DocumentIndexing:
    """Control of a document's indexing; `model` is the embedding model of the settings."""

    def __init__(
        self,
        shown: DocumentService,
        queue: Queue,
        jobs: IndexingJobs,
        chunks: Chunks,
        model: str,
        *,
        audit: AuditLog,
    ) -> None:
        self._shown = shown
        self._queue = queue
        self._jobs = jobs
        self._chunks = chunks
        self._model = model
        self._audit = audit

    def chunks(self, caller: Caller, document_id: str, first: int, limit: int) -> Sequence[Piece]:
        """Up to `limit` chunks of a document from position `first` on; raises `NotFoundError`."""
        document = self._shown.get(caller, document_id)
        if document.indexed_revision is None or not document.indexed_models:
            return []
        ids = self._chunks.chunk_ids(document.id, document.indexed_revision, document.indexed_models[0])
        return self._chunks.pieces(ids[first : first + limit])

    def cancel(self, caller: Caller, document_id: str) -> Document:
        """Cancel indexing; the revision before stays searched. Raises `NotFoundError`, `ConflictError`."""
        document = self._shown.get(caller, document_id, Action.WRITE_DOCUMENTS)
        with self._audit.change(caller, AuditAction.DOCUMENT_CANCEL, *audited(document)):
            if not self._queue.cancel(document.id):
                raise ConflictError("The document is not being worked on.", code="not_in_progress")
        self._queue.embed_if_lacking(document.id, self._model)
        return self._shown.get(caller, document_id)

    def retry(self, caller: Caller, document_id: str) -> Document:
        """Index again what failed, was cancelled or has a warning; raises `NotFoundError`, `ConflictError`."""
        document = self._shown.get(caller, document_id, Action.WRITE_DOCUMENTS)
        with self._audit.change(caller, AuditAction.DOCUMENT_RETRY, *audited(document)):
            if not self._queue.retry(document.id):
                sentence = "Only a document that failed, was cancelled or has a warning can be retried."
                raise ConflictError(sentence, code="not_retryable")
        document = self._shown.get(caller, document_id)
        self._jobs.submit(document)
        return document
