"""A document's way from a file to something that can be found."""

import logging
from collections.abc import Callable

from app.domain.documents import DocumentType, Lease
from app.domain.errors import ExtractionError
from app.services.ports import Assistants, Chunks, DocumentFiles, Queue, Reader

_log = logging.getLogger(__name__)

_MAX_ATTEMPTS = 3
_MAX_INTERRUPTIONS = 10
_MAX_PROMPT_CHARACTERS = 20_000
_CANNOT_PROCESS = "The document could not be processed; please try another format."


class LeaseLostError(Exception):
    """The document was replaced or deleted, or another worker has it: this one stops."""


class InterruptedIndexingError(Exception):
    """The process is stopping; the document is left for the next one."""


class Indexer:
    """Indexes one document at a time; cut off anywhere, it can begin again.

    The order is: chunks of the new revision, then the record that makes them count, then the news of it, then
    the removal of the old ones. A question asked meanwhile sees the old revision or the new one.
    """

    def __init__(
        self, queue: Queue, chunks: Chunks, assistants: Assistants, files: DocumentFiles, reader: Reader
    ) -> None:
        self._queue = queue
        self._chunks = chunks
        self._assistants = assistants
        self._files = files
        self._reader = reader

    def run(self, document_id: str, stopping: Callable[[], bool]) -> None:
        """Index a document until there is nothing left to do for it; does nothing if somebody else is at it.

        Asks `stopping` now and then, and if so gives the document back.
        """
        while (lease := self._queue.claim(document_id)) is not None:
            try:
                self._index(lease, stopping)
            except ExtractionError as error:
                self._queue.fail(lease, error.message)
            except LeaseLostError:
                self._chunks.delete_revision(document_id, lease.document.revision)
            except InterruptedIndexingError:
                self._queue.give_back(lease)
                return
            except Exception:
                _log.exception("Indexing document %s failed (attempt %d)", document_id, lease.attempts)
                if lease.attempts >= _MAX_ATTEMPTS:
                    self._queue.fail(lease, _CANNOT_PROCESS)
                return

    def _index(self, lease: Lease, stopping: Callable[[], bool]) -> None:
        document = lease.document
        if lease.attempts > _MAX_INTERRUPTIONS:
            raise ExtractionError(_CANNOT_PROCESS)
        with self._files.exclusive(document.assistant_id):
            self._hold(lease)
            self._files.publish(document.assistant_id, document.revision, document.type, document.filename)
        path = self._files.path(document.assistant_id, document.type, document.filename)
        if not path.is_file():
            raise ExtractionError("The document's file is no longer there; please upload it again.")
        text = self._reader.text(path, document.filename)
        if document.type is DocumentType.PROMPT:
            self._use_prompt(lease, text)
        else:
            self._make_searchable(lease, text, stopping)

    def _use_prompt(self, lease: Lease, text: str) -> None:
        if len(text) > _MAX_PROMPT_CHARACTERS:
            raise ExtractionError(f"The prompt has more than {_MAX_PROMPT_CHARACTERS:,} characters.")
        self._hold(lease)
        self._assistants.set_prompt(lease.document.assistant_id, text)
        self._check(self._queue.finish(lease))

    def _make_searchable(self, lease: Lease, text: str, stopping: Callable[[], bool]) -> None:
        document, count = lease.document, 0
        if (document.indexed_revision, document.indexed_model) != (document.revision, self._reader.model):
            self._chunks.delete_revision(document.id, document.revision)
            for batch in self._reader.chunks(document, text):
                if stopping():
                    raise InterruptedIndexingError
                self._hold(lease)
                self._chunks.add(batch)
                count += len(batch)
            self._check(self._queue.publish(lease, count, self._reader.model))
        self._assistants.knowledge_changed(document.assistant_id)
        self._check(self._queue.finish(lease))
        self._chunks.delete_other_revisions(document.id, keep=document.revision)

    def _hold(self, lease: Lease) -> None:
        self._check(self._queue.renew(lease))

    @staticmethod
    def _check(held: bool) -> None:
        if not held:
            raise LeaseLostError
