"""Changes a document's visibility, and how often its page is refreshed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.domain.audit import AuditAction
from app.domain.callers import Caller
from app.domain.documents import Document, Origin, Refresh
from app.domain.errors import InvalidError
from app.domain.permissions import Action
from app.services.audit import AuditLog, differences
from app.services.documents import DocumentService, audited
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.documents import Documents
from app.services.uploads import check_visibility, next_refresh


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """New values of some fields of the `Visibility`, and of the refresh interval if `changes_refresh`."""

    visibility: Mapping[str, Any]
    changes_refresh: bool = False
    refresh_hours: float | None = None


class DocumentChanges:
    """Changes documents without a new upload."""

    def __init__(
        self,
        shown: DocumentService,
        documents: Documents,
        assistants: Assistants,
        clock: Clock,
        audit: AuditLog,
    ) -> None:
        self._shown = shown
        self._documents = documents
        self._assistants = assistants
        self._clock = clock
        self._audit = audit

    def change(self, caller: Caller, document_id: str, change: DocumentChange) -> Document:
        """Apply a change and return the document; raises `NotFoundError`, `InvalidError`."""
        document = self._shown.get(caller, document_id, Action.WRITE_DOCUMENTS)
        visibility = replace(document.visibility, **change.visibility)
        check_visibility(document.type, visibility)
        refresh = self._refresh(document, change)
        before, after = differences(_fields(document), _wanted(change))
        target, place = audited(document)
        with self._audit.change(caller, AuditAction.DOCUMENT_UPDATE, target, place, before=before, after=after):
            self._documents.change(document.id, change.visibility, refresh)
            if change.visibility:  # also where it is the same: a crash may have kept this from being said
                self._assistants.knowledge_changed(document.assistant_id)
        return self._shown.get(caller, document_id)

    def _refresh(self, document: Document, change: DocumentChange) -> Refresh | None:
        if not change.changes_refresh:
            return None
        if document.origin is None:
            if change.refresh_hours is None:
                return None
            problem = {"refresh_hours": ["Only a document that was added by its address can be fetched again."]}
            raise InvalidError("The document was not fetched from a web page.", problem)
        origin = Origin(document.origin.url, change.refresh_hours)
        return Refresh(change.refresh_hours, next_refresh(origin, self._clock()))


def _fields(document: Document) -> dict[str, Any]:
    """What of a document can be changed without a new upload."""
    return {**asdict(document.visibility), "refresh_hours": document.origin and document.origin.refresh_hours}


def _wanted(change: DocumentChange) -> dict[str, Any]:
    refresh = {"refresh_hours": change.refresh_hours} if change.changes_refresh else {}
    return {**change.visibility, **refresh}
