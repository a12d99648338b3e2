"""Web pages become documents."""

import io
from typing import Protocol

from app.domain.assistants import Assistant
from app.domain.documents import Document, DocumentType, Origin
from app.domain.pages import Page
from app.domain.users import User
from app.services.access import Access
from app.services.uploads import Upload


class Fetcher(Protocol):
    """Fetches a page from the public web; raises `FetchError`."""

    def fetch(self, url: str) -> Page: ...


class PageUploads(Protocol):
    """Takes the bytes of a page in, and says when they are to be fetched again."""

    def add(self, assistant: Assistant, upload: Upload) -> Document: ...


class PageService:
    """Adds pages for those who own the assistant."""

    def __init__(self, access: Access, fetcher: Fetcher, uploads: PageUploads) -> None:
        self._access = access
        self._fetcher = fetcher
        self._uploads = uploads

    def add(self, caller: User, url: str, assistant_id: str, refresh_hours: float | None = None) -> Document:
        """Fetch a page and take it in as knowledge; the same page again replaces what it was.

        It is fetched anew every `refresh_hours` (None: never). Raises `NotFoundError`, `FetchError`, and what
        an upload raises.
        """
        assistant = self._access.assistant(caller, assistant_id)
        page = self._fetcher.fetch(url)
        content, origin = io.BytesIO(page.content), Origin(page.url, refresh_hours)
        return self._uploads.add(assistant, Upload(DocumentType.RAG, page.filename, content, origin=origin))
