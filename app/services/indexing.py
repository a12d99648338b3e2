"""A document's way from a file to something that can be found."""

import logging
import math
import time
from collections.abc import Callable

from app.domain.documents import DocumentType, Lease, Stage, Task
from app.domain.errors import (
    ExtractionError,
    ModelError,
    ModelFailedError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from app.services.announcements import Announcements
from app.services.embedding import Embedding
from app.services.leases import (
    HeldLease,
    InterruptedIndexingError,
    LaneLimits,
    LeaseLostError,
    TooLongForLaneError,
)
from app.services.ports.documents import DocumentFiles, Queue
from app.services.ports.knowledge import Reader

_log = logging.getLogger(__name__)

_MAX_ATTEMPTS = 3
_MAX_INTERRUPTIONS = 10
_MAX_PROMPT_CHARACTERS = 20_000
# The share of reading in the whole work where it is so slow that it tells how far it is.
_SLOW_READING = 0.9
_CANNOT_EMBED = "The embeddings of the new model could not be made."
_CANNOT_PROCESS = "The document could not be processed; please try another format."


class Indexer:
    """Does what has to be done with one document at a time; cut off anywhere, it goes on where it was.

    The order is: new chunks, the edition that lists them, then the record that makes it count, then the news of
    it, then the removal of what is left over. A question asked meanwhile sees the old revision or the new one.
    """

    def __init__(
        self, queue: Queue, embedding: Embedding, news: Announcements, files: DocumentFiles, reader: Reader
    ) -> None:
        self._queue = queue
        self._embedding = embedding
        self._news = news
        self._files = files
        self._reader = reader

    def run(self, document_id: str, stopping: Callable[[], bool], limits: LaneLimits | None = None) -> bool:
        """Work on a document until nothing is left to do for it; does nothing if somebody else is at it.

        Asks `stopping` now and then, and if so gives the document back. False when it was given back because
        it goes beyond the `limits` of a lane.
        """
        while (claimed := self._queue.claim(document_id)) is not None:
            lease = HeldLease(self._queue, claimed, stopping)
            try:
                self._work(lease, limits)
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
                self._give_up_for_now(claimed, error)
                return True
        return True

    def _give_up_for_now(self, lease: Lease, error: Exception) -> None:
        """Fail what another attempt will not cure; leave the rest for later."""
        if isinstance(error, ModelTimeoutError | ModelUnavailableError) or lease.task is Task.EMBED:
            _log.warning("Document %s waits for its embeddings: %s", lease.document.id, error)
            reason = error.message if isinstance(error, ModelError) else _CANNOT_EMBED
            self._queue.postpone(lease, f"{reason} It is tried again every minute.")
        elif isinstance(error, ModelFailedError):
            self._fail(lease, error.message)
        else:
            _log.exception("Indexing document %s failed (attempt %d)", lease.document.id, lease.attempts)
            if lease.attempts >= _MAX_ATTEMPTS:
                self._fail(lease, _CANNOT_PROCESS)

    def _fail(self, lease: Lease, reason: str) -> None:
        self._queue.fail(lease, reason)
        self._queue.embed_if_lacking(lease.document.id, self._reader.model)

    def _work(self, lease: HeldLease, limits: LaneLimits | None) -> None:
        if lease.task is Task.EMBED:
            self._embedding.embed_anew(lease)
        elif lease.attempts > _MAX_INTERRUPTIONS:
            raise ExtractionError(_CANNOT_PROCESS)
        else:
            text = self._text(lease, limits)
            if lease.document.type is DocumentType.PROMPT:
                self._use_prompt(lease, text)
                return
            self._embedding.embed(lease, self._reader.pieces(text), limits)
        self._news.knowledge_changed(lease.document.assistant_id)
        lease.finish()
        self._news.show(lease.document.assistant_id)
        self._embedding.tidy(lease.document)

    def _text(self, lease: HeldLease, limits: LaneLimits | None) -> str:
        document = lease.document
        with self._files.exclusive(document.assistant_id):
            lease.hold(Stage.READING, 0.0)
            self._files.publish(document.assistant_id, document.revision, document.type, document.filename)
        path = self._files.path(document.assistant_id, document.type, document.filename)
        if not path.is_file():
            raise ExtractionError("The document's file is no longer there; please upload it again.")
        until = math.inf if limits is None else time.monotonic() + limits.seconds

        def check(read: float) -> None:
            if time.monotonic() > until:
                raise TooLongForLaneError
            lease.check(_SLOW_READING * read)

        text, warning = self._reader.text(path, document.filename, check)
        if warning:
            lease.warn(warning)
        return text

    def _use_prompt(self, lease: HeldLease, text: str) -> None:
        if len(text) > _MAX_PROMPT_CHARACTERS:
            raise ExtractionError(f"The prompt has more than {_MAX_PROMPT_CHARACTERS:,} characters.")
        with self._files.exclusive(lease.document.assistant_id):  # in which no newer one is uploaded
            lease.hold(Stage.READING, 1.0)
            self._news.prompt_changed(lease.document.assistant_id, text)
        lease.finish()
