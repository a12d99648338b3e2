"""What follows when a document is deleted or its upload was cut off; each step can be repeated."""

from app.domain.documents import Document, DocumentType
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.documents import DocumentFiles, Documents
from app.services.ports.knowledge import Chunks
from app.services.retention import TOMBSTONE_RETENTION


class DocumentCleanup:
    """Removes files and chunks that belong to no live document, and publishes uploads that were cut off."""

    def __init__(
        self, documents: Documents, chunks: Chunks, assistants: Assistants, files: DocumentFiles, clock: Clock
    ) -> None:
        self._documents = documents
        self._chunks = chunks
        self._assistants = assistants
        self._files = files
        self._clock = clock

    def delete(self, document: Document) -> bool:
        """Delete a document, for good once it is marked; False when it was deleted already."""
        marked = self._documents.mark_deleted(document.id, self._clock())
        if marked:
            self._remove(document)
        return marked

    def _remove(self, document: Document) -> None:
        """Remove what a deleted document had, unless a new one is in its place already."""
        with self._files.exclusive(document.assistant_id):
            if self._documents.at(document.assistant_id, document.type, document.filename) is None:
                self._files.delete(document.assistant_id, document.type, document.filename)
                if document.type is DocumentType.PROMPT:
                    self._assistants.set_prompt(document.assistant_id, None)
        if self._chunks.exist_of(document.id):
            self._assistants.knowledge_changed(document.assistant_id)
            self._chunks.delete_of_document(document.id)

    def sweep(self) -> None:
        """Finish what a crash cut off."""
        settled_before = self._clock() - TOMBSTONE_RETENTION
        for document in self._documents.being_deleted():
            self._remove(document)
            if document.updated_at < settled_before:
                self._documents.remove(document.id)
        for assistant_id in self._files.assistants():
            for revision, since in self._files.staged_revisions(assistant_id):
                if since < settled_before:
                    self._finish_upload(assistant_id, revision)

    def _finish_upload(self, assistant_id: str, revision: str) -> None:
        with self._files.exclusive(assistant_id):
            for document in self._documents.of_assistant(assistant_id):
                if document.revision == revision:
                    self._files.publish(assistant_id, revision, document.type, document.filename)
            self._files.discard(assistant_id, revision)
