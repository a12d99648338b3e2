"""Background threads that index documents."""

import logging
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from queue import SimpleQueue

from app.services.indexing import Indexer
from app.services.ports import Assistants, Documents, Knowledge, Queue

_log = logging.getLogger(__name__)

# A batch of embeddings takes a few seconds.
_STOP_SECONDS = 5

_Job = tuple[str, Future[None]]


class IndexingPool:
    """A few threads that index what is asked of them; the database remembers what they have not come to."""

    def __init__(
        self, indexer: Indexer, queue: Queue, documents: Documents, assistants: Assistants, knowledge: Knowledge
    ) -> None:
        self._indexer = indexer
        self._queue = queue
        self._documents = documents
        self._assistants = assistants
        self._knowledge = knowledge
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._queued: set[str] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self, workers: int) -> None:
        """Begin to work."""
        for number in range(workers):
            thread = threading.Thread(target=self._work, name=f"indexing-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Take no new work. What is under way goes on at the next start, in this process or another."""
        self._stopping.set()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def submit(self, document_id: str, wait_seconds: float = 0) -> None:
        """Have a document indexed, and wait for it for so long."""
        job: Future[None] = Future()
        with self._lock:
            self._queued.add(document_id)
        self._jobs.put((document_id, job))
        if wait_seconds:
            try:
                job.result(wait_seconds)
            except FutureTimeoutError:
                _log.info("Document %s goes on in the background", document_id)

    def sweep(self) -> None:
        """Take up what was left over by a process that died, or failed for a passing reason."""
        for document_id in self._queue.waiting():
            if document_id not in self._queued:
                self.submit(document_id)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._stopping.is_set():
            document_id, future = job
            with self._lock:
                self._queued.discard(document_id)
            try:
                self._indexer.run(document_id, self._stopping.is_set)
                self._show(document_id)
            except Exception:
                _log.exception("Indexing document %s was interrupted", document_id)
            future.set_result(None)

    def _show(self, document_id: str) -> None:
        """Bring this process's index up to date now, so that the next question need not."""
        document = self._documents.by_id(document_id)
        assistant = self._assistants.by_id(document.assistant_id) if document else None
        if assistant:
            self._knowledge.refresh(assistant.id, assistant.knowledge_version)
