"""Work on documents in the background: small ones by a lane of their own, so that they never wait for big ones."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.domain.documents import UNFINISHED, Document
from app.services.indexing import Indexer
from app.services.leases import LaneLimits
from app.services.ports import Clock
from app.services.ports.documents import Documents, Jobs, Lane, Queue

_log = logging.getLogger(__name__)

_WORKERS_A_LANE = 2
_QUICK_BYTES = 256 * 1024
_QUICK = LaneLimits(chunks=100, seconds=2)
_POLL_SECONDS = 1.0
# A batch of embeddings takes a few seconds.
_STOP_SECONDS = 5
_JOB_LOST = timedelta(minutes=10)


class _Watch:
    """Somebody who waits for news of a document."""

    def __init__(self) -> None:
        self.news = threading.Event()
        self.is_long = False


class IndexingJobs:
    """Makes jobs of documents and does jobs; a document's row remembers what no job stands for any more.

    Documents with a `slow_extension` take long however small they are.
    """

    def __init__(
        self,
        jobs: Jobs,
        indexer: Indexer,
        queue: Queue,
        documents: Documents,
        clock: Clock,
        *,
        slow_extensions: tuple[str, ...] = (),
    ) -> None:
        self._jobs = jobs
        self._indexer = indexer
        self._queue = queue
        self._documents = documents
        self._clock = clock
        self._slow_extensions = slow_extensions
        self._watches: dict[str, list[_Watch]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin to work."""
        self._jobs.work(Lane.QUICK, _WORKERS_A_LANE, self._run_quick)
        self._jobs.work(Lane.SLOW, _WORKERS_A_LANE, self._run_slow)

    def stop(self) -> None:
        """Take no new work. What is under way goes on at the next start, in this process or another."""
        self._stopping.set()
        self._jobs.stop(_STOP_SECONDS)

    def submit(self, document: Document) -> Lane | None:
        """Have a document worked on by any process; None: no job can be made now, a sweep makes it later."""
        lane = Lane.QUICK if self._looks_quick(document) else Lane.SLOW
        return lane if self._put(lane, document.id) else None

    def submit_and_wait(self, document: Document, seconds: float) -> Document:
        """The same; returns it when the work is done, as soon as it is known to take long, or after `seconds`."""
        with self._watch(document.id) as watch:
            watch.is_long = self.submit(document) is not Lane.QUICK
            until = time.monotonic() + seconds
            while not watch.is_long and (left := until - time.monotonic()) > 0:
                watch.news.wait(min(left, _POLL_SECONDS))
                watch.news.clear()
                now = self._documents.by_id(document.id)
                if now is None or now.status not in UNFINISHED or now.error:  # then it is put off
                    return now or document
        return self._documents.by_id(document.id) or document

    def sweep(self) -> None:
        """Make jobs for what was left over by a process that died, or failed for a passing reason."""
        now = self._clock()
        waiting = self._queue.waiting(now if self._jobs.are_empty() else now - _JOB_LOST)
        for document in waiting:
            self.submit(document)
        if waiting:
            self._queue.queued([document.id for document in waiting])

    def _looks_quick(self, document: Document) -> bool:
        is_small = document.size <= _QUICK_BYTES and document.status in UNFINISHED
        return is_small and not document.filename.lower().endswith(self._slow_extensions)

    @contextmanager
    def _watch(self, document_id: str) -> Iterator[_Watch]:
        watch = _Watch()
        with self._lock:
            self._watches.setdefault(document_id, []).append(watch)
        try:
            yield watch
        finally:
            with self._lock:
                self._watches[document_id].remove(watch)
                if not self._watches[document_id]:
                    del self._watches[document_id]

    def _tell(self, document_id: str, *, is_long: bool) -> None:
        with self._lock:
            for watch in self._watches.get(document_id, ()):
                watch.is_long |= is_long
                watch.news.set()

    def _put(self, lane: Lane, document_id: str) -> bool:
        try:
            self._jobs.put(lane, document_id)
        except Exception:
            _log.exception("No job could be made for document %s; a sweep will", document_id)
            return False
        return True

    def _run_quick(self, document_id: str) -> None:
        finished = self._run(document_id, _QUICK)
        if not finished:
            self._put(Lane.SLOW, document_id)
        self._tell(document_id, is_long=not finished)

    def _run_slow(self, document_id: str) -> None:
        self._run(document_id, None)
        self._tell(document_id, is_long=False)

    def _run(self, document_id: str, limits: LaneLimits | None) -> bool:
        try:
            return self._indexer.run(document_id, self._stopping.is_set, limits)
        except Exception:
            _log.exception("Work on document %s was interrupted", document_id)
            return True
