"""What webhooks are told of a document: that it can be found, or that it failed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.documents import Document, DocumentStatus, Stage
from app.domain.webhooks import EventType
from app.services.ports.accounts import Assistants
from app.services.ports.documents import Documents
from app.services.ports.webhooks import Events
from app.services.webhooks.payloads import shown_document


class DocumentEvents:
    """Emits how the indexing of a document ends. This is done before it is recorded: a process that dies in between
    does the work again, and says the same again.
    """

    def __init__(self, events: Events, assistants: Assistants, documents: Documents) -> None:
        self._events = events
        self._assistants = assistants
        self._documents = documents

    def ready(self, document: Document) -> None:
        """This revision can be found, or followed."""
        ready = {"status": DocumentStatus.READY, "stage": Stage.DONE, "progress": 1.0, "error": None}
        self._emit(EventType.DOCUMENT_READY, document, ready)

    def failed(self, document: Document, reason: str) -> None:
        """This revision cannot be indexed, for a reason its uploader is told."""
        self._emit(EventType.DOCUMENT_FAILED, document, {"status": DocumentStatus.FAILED, "error": reason})

    def _emit(self, event_type: EventType, document: Document, end: Mapping[str, Any]) -> None:
        assistant = self._assistants.by_id(document.assistant_id) if document.announce else None
        if assistant is None or not assistant.announces(event_type):
            return
        stored = self._documents.by_id(document.id)
        if stored is not None and stored.revision == document.revision:  # otherwise it was replaced since
            key = f"{document.id}/{document.revision}/{document.retries}"
            self._events.emit(assistant, event_type, shown_document(replace(stored, **end)), key=key)
