"""Indexing in the background, with a lane for small documents, so that they never wait for large ones."""

import logging
import threading
from datetime import timedelta

from app.domain.documents import UNFINISHED, Document
from app.services.indexing import Indexer
from app.services.indexing_waits import IndexingWaits
from app.services.leases import LaneLimits
from app.services.ports import Clock
from app.services.ports.documents import Jobs, Lane, Queue

_log = logging.getLogger(__name__)

# One owner may have two of them.
_WORKERS_A_LANE = 3
_QUICK_BYTES = 256 * 1024
_QUICK = LaneLimits(chunks=100, seconds=2)
# A batch of embeddings takes a few seconds.
_STOP_SECONDS = 5
_JOB_LOST = timedelta(minutes=10)


class IndexingJobs:
    """Queues jobs and runs them; jobs may be lost, as the documents' rows say what is to be done.

    Documents with one of the `slow_extensions` take long however small they are.
    """

    def __init__(
        self,
        jobs: Jobs,
        indexer: Indexer,
        queue: Queue,
        waits: IndexingWaits,
        clock: Clock,
        *,
        slow_extensions: tuple[str, ...] = (),
    ) -> None:
        self._jobs = jobs
        self._indexer = indexer
        self._queue = queue
        self._waits = waits
        self._clock = clock
        self._slow_extensions = slow_extensions
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the workers."""
        self._jobs.work(Lane.QUICK, _WORKERS_A_LANE, self._run_quick)
        self._jobs.work(Lane.SLOW, _WORKERS_A_LANE, self._run_slow)

    def stop(self) -> None:
        """Stop the workers. What is under way is resumed at the next start, by this process or another."""
        self._stopping.set()
        self._jobs.stop(_STOP_SECONDS)

    def submit(self, document: Document) -> Lane | None:
        """Queue a job, and return its lane; None if the queue is down, then a sweep queues it later."""
        lane = Lane.QUICK if self._looks_quick(document) else Lane.SLOW
        return lane if self._put(lane, document.id, document.owner_id) else None

    def submit_and_wait(self, document: Document, seconds: float) -> Document:
        """Queue a job; return the document when it is done, when it turns out to take long, or after `seconds`.

        At once, when too many requests wait for documents of its owner.
        """
        with self._waits.begin(document) as wait:
            wait.takes_long |= self.submit(document) is not Lane.QUICK
            return self._waits.result(wait, document, seconds)

    def sweep(self) -> None:
        """Queue jobs for documents whose worker died, or that failed for a temporary reason."""
        now = self._clock()
        waiting = self._queue.waiting(now if self._jobs.are_empty() else now - _JOB_LOST)
        for document in waiting:
            self.submit(document)
        if waiting:
            self._queue.queued([document.id for document in waiting])

    def _looks_quick(self, document: Document) -> bool:
        is_small = document.size <= _QUICK_BYTES and document.status in UNFINISHED
        return is_small and not document.filename.lower().endswith(self._slow_extensions)

    def _put(self, lane: Lane, document_id: str, owner_id: str) -> bool:
        try:
            self._jobs.put(lane, document_id, owner_id)
        except Exception:
            _log.exception("No job could be made for document %s; a sweep will", document_id)
            return False
        return True

    def _run_quick(self, document_id: str, owner_id: str) -> None:
        finished = self._run(document_id, _QUICK)
        if not finished:
            self._put(Lane.SLOW, document_id, owner_id)
        self._waits.notify(document_id, takes_long=not finished)

    def _run_slow(self, document_id: str, _owner_id: str) -> None:
        self._run(document_id, None)
        self._waits.notify(document_id, takes_long=False)

    def _run(self, document_id: str, limits: LaneLimits | None) -> bool:
        try:
            return self._indexer.run(document_id, self._stopping.is_set, limits)
        except Exception:
            _log.exception("Work on document %s was interrupted", document_id)
            return True
