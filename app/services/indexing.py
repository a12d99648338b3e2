"""Indexes documents: reads, splits and embeds a file, and publishes the result."""

import logging
from collections.abc import Callable

from app.domain.disk_full import is_disk_full
from app.domain.documents import DocumentType, Lease, Task
from app.domain.errors import (
    DiskFullError,
    ExtractionError,
    ModelError,
    ModelFailedError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from app.domain.prompts import MOST_PROMPT_CHARACTERS
from app.services.document_reader import DocumentReader
from app.services.editions import EditionBuilder
from app.services.indexing_outcome import IndexingOutcome
from app.services.leases import (
    HeldLease,
    InterruptedIndexingError,
    LaneLimits,
    LeaseLostError,
    TooLongForLaneError,
)
from app.services.ports.documents import Queue

_log = logging.getLogger(__name__)

_MAX_ATTEMPTS = 3
_MAX_INTERRUPTIONS = 10
_NO_DATABASE = "The database could not be reached."
_NO_ROOM = "There is no room on the server's disk."
_AGAIN = "It is tried again every minute."
_CANNOT_EMBED = "The embeddings of the new model could not be made."
_CANNOT_PROCESS = "The document could not be processed; please try another format."


class Indexer:
    """Does the pending task of one document at a time; after a crash the work is resumed where it was.

    The order is: the edition that lists the chunks, the chunks, the record that publishes the revision, the new
    version of the assistant's knowledge, the removal of unused chunks. A question asked meanwhile is answered from
    the old revision or the new one.
    """

    def __init__(
        self,
        queue: Queue,
        reader: DocumentReader,
        editions: EditionBuilder,
        outcome: IndexingOutcome,
    ) -> None:
        self._queue = queue
        self._reader = reader
        self._editions = editions
        self._outcome = outcome

    def run(self, document_id: str, stopping: Callable[[], bool], limits: LaneLimits | None = None) -> bool:
        """Do the pending task of a document; nothing, if it has none or another worker has its lease.

        Releases the document when `stopping()` says so. Returns False if it was released because it exceeds the
        `limits` of a lane.
        """
        while (claimed := self._queue.claim(document_id)) is not None:
            lease = HeldLease(self._queue, claimed, stopping)
            try:
                self._work(lease, limits)
                return True
            except ExtractionError as error:
                self._fail(claimed, error.message)
            except LeaseLostError:
                continue
            except TooLongForLaneError:
                self._queue.give_back(claimed)
                return False
            except InterruptedIndexingError:
                self._queue.give_back(claimed)
                return True
            except Exception as error:
                self._fail_or_postpone(claimed, error)
                return True
        return True

    def _fail_or_postpone(self, lease: Lease, error: Exception) -> None:
        """Fail for good if another attempt would not help, else postpone."""
        if self._queue.is_outage(error):
            _log.warning("Document %s waits for the database", lease.document.id, exc_info=error)
            self._queue.postpone(lease, f"{_NO_DATABASE} {_AGAIN}")
        elif isinstance(error, DiskFullError) or is_disk_full(error):
            _log.warning("Document %s waits for room on the disk", lease.document.id, exc_info=error)
            self._queue.postpone(lease, f"{_NO_ROOM} {_AGAIN}")
        elif isinstance(error, ModelTimeoutError | ModelUnavailableError) or lease.task is Task.EMBED:
            _log.warning("Document %s waits for its embeddings: %s", lease.document.id, error)
            reason = error.message if isinstance(error, ModelError) else _CANNOT_EMBED
            self._queue.postpone(lease, f"{reason} {_AGAIN}")
        elif isinstance(error, ModelFailedError):
            self._fail(lease, error.message)
        else:
            _log.exception("Indexing document %s failed (attempt %d)", lease.document.id, lease.attempts)
            if lease.attempts >= _MAX_ATTEMPTS:
                self._fail(lease, _CANNOT_PROCESS)

    def _fail(self, lease: Lease, reason: str) -> None:
        self._outcome.fail(lease, reason, self._editions.model)

    def _work(self, lease: HeldLease, limits: LaneLimits | None) -> None:
        has_others = True
        if lease.task is Task.EMBED:
            self._editions.migrate(lease)
        elif lease.attempts > _MAX_INTERRUPTIONS:
            raise ExtractionError(_CANNOT_PROCESS)
        else:
            text = self._reader.text(lease, limits)
            if lease.document.type is DocumentType.PROMPT:
                self._use_prompt(lease, text)
                return
            has_others = self._editions.build(lease, text, limits)
        self._outcome.finish_searched(lease)
        if has_others:
            self._editions.remove_unused(lease.document)

    def _use_prompt(self, lease: HeldLease, text: str) -> None:
        if len(text) > MOST_PROMPT_CHARACTERS:
            raise ExtractionError(f"The prompt has more than {MOST_PROMPT_CHARACTERS:,} characters.")
        with self._reader.newest(lease, 1.0):
            self._outcome.use_prompt(lease.document, text)
        self._outcome.finish(lease)
