"""Refreshes documents that were fetched from web pages."""

import hashlib
import io
import logging
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Protocol

from app.domain.assistants import Assistant
from app.domain.documents import Document
from app.domain.errors import FetchError, OrquestradoraError
from app.domain.web_pages import Page
from app.services.ports import Clock
from app.services.uploads import Upload, next_refresh
from app.services.web_pages import Fetcher, PageUploads

_CLAIM = timedelta(minutes=15)
_AFTER_FAILURE = timedelta(hours=1)
_MOST_AT_ONCE = 50

_log = logging.getLogger(__name__)


class PageDocuments(Protocol):
    """Documents that have an origin.

    `due_for_refresh`: those with `refresh_at` up to now, the longest overdue first.
    `claim_refresh` moves `refresh_at` to `until` if it still is what `document` says; whether it did.
    `refreshed` sets `refresh_at` and `refresh_error` if `refresh_at` still is `claimed_until`, so that
    settings, an upload or a claim that came between stay.
    """

    def by_id(self, document_id: str) -> Document | None: ...
    def due_for_refresh(self, now: datetime, limit: int) -> list[Document]: ...
    def claim_refresh(self, document: Document, until: datetime) -> bool: ...
    def refreshed(
        self, document_id: str, claimed_until: datetime, next_refresh_at: datetime | None, error: str | None
    ) -> None: ...


class AssistantsById(Protocol):
    def by_id(self, assistant_id: str) -> Assistant | None: ...


class PageRefresher:
    """Fetches pages again, each by one process at a time.

    A process claims a page by moving its `refresh_at` 15 minutes ahead; if it dies, the claim expires then. A sweep
    waits for foreign servers, so it runs in a thread of its own.
    """

    def __init__(
        self,
        assistants: AssistantsById,
        documents: PageDocuments,
        fetcher: Fetcher,
        uploads: PageUploads,
        clock: Clock,
    ) -> None:
        self._assistants = assistants
        self._documents = documents
        self._fetcher = fetcher
        self._uploads = uploads
        self._clock = clock

    def sweep(self) -> None:
        """Refresh what is due, 50 documents at most."""
        for document in self._documents.due_for_refresh(self._clock(), _MOST_AT_ONCE):
            self.refresh(document)

    def refresh(self, document: Document) -> None:
        """Fetch a document's page, unless another process has claimed it; failures are recorded, not raised.

        Changed bytes become the document's next revision; until that is indexed, and if the page cannot be
        fetched, the old one is searched.
        """
        until = self._clock() + _CLAIM
        if document.origin is None or not self._documents.claim_refresh(document, until):
            return
        at = next_refresh(document.origin, self._clock())
        try:
            self._follow(document, self._fetcher.fetch(document.origin.url))
        except OrquestradoraError as error:
            _log.info("Document %s could not be refreshed: %s", document.id, error.message)
            at = at and min(at, self._clock() + _AFTER_FAILURE)
            self._documents.refreshed(document.id, until, at, error.message)
        else:
            self._documents.refreshed(document.id, until, at, None)

    def _follow(self, document: Document, page: Page) -> None:
        if hashlib.sha256(page.content).hexdigest() == document.sha256:
            return
        if PurePath(page.filename).suffix != PurePath(document.filename).suffix:
            sentence = f"The page is now a file of another kind ({PurePath(page.filename).suffix}); add it anew."
            raise FetchError(sentence, code="page_type")
        assistant = self._assistants.by_id(document.assistant_id)
        now = self._documents.by_id(document.id)
        # Deleted or replaced while the page was on its way: what people did last holds.
        if assistant is None or now is None or now.revision != document.revision:
            return
        content = io.BytesIO(page.content)
        self._uploads.add(assistant, Upload(now.type, now.filename, content, origin=now.origin, over=now.revision))
