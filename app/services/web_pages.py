"""Adds web pages as documents."""

import io
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol

from app.domain.assistants import Assistant
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.documents import Document, DocumentType, Origin
from app.domain.permissions import Action
from app.domain.web_pages import Page
from app.services.access import Access
from app.services.audit import AuditLog
from app.services.fair_share import FairShare
from app.services.uploads import Upload


class Fetcher(Protocol):
    """Fetches a page from the public web; raises `FetchError`."""

    def fetch(self, url: str) -> Page: ...


class PageUploads(Protocol):
    """Stores the bytes of a page as a document."""

    def add(self, assistant: Assistant, upload: Upload) -> Document: ...


class PageService:
    """Adds pages for the owners of assistants; of each as many at once as `share` allows."""

    def __init__(
        self, access: Access, fetcher: Fetcher, uploads: PageUploads, share: FairShare, audit: AuditLog
    ) -> None:
        self._access = access
        self._fetcher = fetcher
        self._uploads = uploads
        self._share = share
        self._audit = audit

    def add(
        self,
        caller: Caller,
        assistant_id: str,
        origin: Origin,
        visibility: Mapping[str, Any] = MappingProxyType({}),
    ) -> Document:
        """Fetch a page and store it as knowledge; the same page again replaces its document.

        `visibility` as in `Upload`. Raises `NotFoundError`, `BusyError`, `FetchError`, and what an upload raises.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.WRITE_DOCUMENTS)
        with self._share.held(assistant.owner_id):
            page = self._fetcher.fetch(origin.url)
        origin, content = replace(origin, url=page.url), io.BytesIO(page.content)
        upload = Upload(DocumentType.RAG, page.filename, content, visibility, origin)
        target, place = Target("document", name=upload.filename), Place.of(assistant)
        after = {"type": upload.kind}
        with self._audit.change(caller, AuditAction.DOCUMENT_ADD, target, place, after=after) as change:
            document = self._uploads.add(assistant, upload)
            change.target = Target("document", document.id, document.filename)
        return document
