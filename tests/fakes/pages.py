"""Stand-ins around the services for pages: a web of pages, and documents in memory."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.assistants import Assistant
from app.domain.documents import Document
from app.domain.errors import FetchError
from app.domain.ids import new_id
from app.domain.web_pages import Page
from app.services.uploads import Upload, next_refresh
from tests.fakes.clock import FakeClock


@dataclass
class FakeWeb:
    """Pages by their URL, each with its bytes and the ending of its name; keeps what was asked for."""

    pages: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> Page:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError("The page cannot be had: its server answered with status 404.")
        content, ending = self.pages[url]
        name = url.removeprefix("https://").replace("/", "_")
        return Page(url, url, content, "text/html", name + ending)


class FakeAssistants:
    """Assistants by their id."""

    def __init__(self, *assistants: Assistant) -> None:
        self.assistants = {one.id: one for one in assistants}

    def by_id(self, assistant_id: str) -> Assistant | None:
        return self.assistants.get(assistant_id)


class FakePageDocuments:
    """Documents in memory, with the uploads that make them."""

    def __init__(self, clock: FakeClock) -> None:
        self.rows: dict[str, Document] = {}
        self._clock = clock

    def add(self, assistant: Assistant, upload: Upload) -> Document:
        now, content = self._clock(), upload.stream.read()
        names = {(row.assistant_id, row.filename): row.id for row in self.rows.values()}
        document = Document(
            id=names.get((assistant.id, upload.filename)) or new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            type=upload.kind,
            filename=upload.filename,
            filepath=upload.filename,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            revision=new_id(),
            created_at=now,
            updated_at=now,
            origin=upload.origin,
            refresh_at=next_refresh(upload.origin, now),
        )
        self.rows[document.id] = document
        return document

    def by_id(self, document_id: str) -> Document | None:
        return self.rows.get(document_id)

    def due_for_refresh(self, now: datetime, limit: int) -> list[Document]:
        due = [(row.refresh_at, row) for row in self.rows.values() if row.refresh_at and row.refresh_at <= now]
        return [row for _, row in sorted(due, key=lambda pair: pair[0])][:limit]

    def claim_refresh(self, document: Document, until: datetime) -> bool:
        row = self.rows.get(document.id)
        if row is None or row.refresh_at != document.refresh_at:
            return False
        self.rows[row.id] = replace(row, refresh_at=until)
        return True

    def refreshed(
        self, document_id: str, claimed_until: datetime, next_refresh_at: datetime | None, error: str | None
    ) -> None:
        row = self.rows.get(document_id)
        if row and row.refresh_at == claimed_until:
            self.rows[row.id] = replace(row, refresh_at=next_refresh_at, refresh_error=error)
