"""Requests that wait until a document is searched."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from app.domain.documents import UNFINISHED, Document
from app.domain.errors import BusyError
from app.services.fair_share import FairShare
from app.services.ports.documents import Documents

_POLL_SECONDS = 1.0


class Wait:
    """A request that waits; it goes on at once where a document `takes_long`."""

    def __init__(self) -> None:
        self.changed = threading.Event()
        self.takes_long = False


class IndexingWaits:
    """Lets requests wait for their documents, each of which holds a thread: of one owner as many as `share` allows.

    Those beyond go on without waiting; their documents are indexed all the same.
    """

    def __init__(self, documents: Documents, share: FairShare) -> None:
        self._documents = documents
        self._share = share
        self._waits: dict[str, list[Wait]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def begin(self, document: Document) -> Iterator[Wait]:
        """A wait for a document, before its indexing is begun, so that no news of it is missed."""
        wait = Wait()
        with ExitStack() as held:
            try:
                held.enter_context(self._share.held(document.owner_id))
            except BusyError:
                wait.takes_long = True
            held.enter_context(self._known(document.id, wait))
            yield wait

    def result(self, wait: Wait, document: Document, seconds: float) -> Document:
        """The document when it is done, when it turns out to take long, or after `seconds`."""
        until = time.monotonic() + seconds
        while not wait.takes_long and (left := until - time.monotonic()) > 0:
            wait.changed.wait(min(left, _POLL_SECONDS))
            wait.changed.clear()
            now = self._documents.by_id(document.id)
            if now is None or now.status not in UNFINISHED or now.error:  # then it is put off
                return now or document
        return self._documents.by_id(document.id) or document

    def notify(self, document_id: str, *, takes_long: bool) -> None:
        """Tell those that wait for a document that it is done, or takes long."""
        with self._lock:
            for wait in self._waits.get(document_id, ()):
                wait.takes_long |= takes_long
                wait.changed.set()

    @contextmanager
    def _known(self, document_id: str, wait: Wait) -> Iterator[None]:
        with self._lock:
            self._waits.setdefault(document_id, []).append(wait)
        try:
            yield
        finally:
            with self._lock:
                self._waits[document_id].remove(wait)
                if not self._waits[document_id]:
                    del self._waits[document_id]
