"""Stores uploaded files and has them indexed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import IO, Any, NamedTuple

from app.domain.assistants import Assistant
from app.domain.documents import Document, DocumentType, Origin, Visibility
from app.domain.errors import ConflictError, InvalidError, QuotaExceededError
from app.domain.ids import new_id
from app.domain.prompts import Authorship
from app.domain.webhooks import EventType
from app.services.indexing_jobs import IndexingJobs
from app.services.ports import Clock
from app.services.ports.accounts import Assistants
from app.services.ports.documents import DocumentFiles, Documents
from app.services.quotas import DocumentQuota

_SAVED_AS = ((".doc", ".docx"), (".xls", ".xlsx"), (".ppt", ".pptx"), (".pages", ".docx"), (".heic", ".jpg"))
_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """The limits of uploads: the size in bytes, and the extensions (".pdf") of files that can be read."""

    max_bytes: int
    extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, some fields of its `Visibility`, where it comes from, and of a prompt who wrote it.

    Fields of the visibility that are not given are those of the file it replaces. `over` is the only revision that
    it may replace (None: any, or none).
    """

    kind: DocumentType
    filename: str
    stream: IO[bytes]
    visibility: Mapping[str, Any] = field(default_factory=dict)
    origin: Origin | None = None
    over: str | None = None
    authorship: Authorship = Authorship()  # noqa: RUF009 - frozen


class _Staged(NamedTuple):
    """An upload's bytes on disk."""

    revision: str
    size: int
    sha256: str


class UploadService:
    """Stores first the bytes, then the record, then queues the indexing; a sweep finishes what a crash cut off."""

    def __init__(
        self,
        documents: Documents,
        files: DocumentFiles,
        jobs: IndexingJobs,
        assistants: Assistants,
        *,
        clock: Clock,
        limits: UploadLimits,
        quota: DocumentQuota,
    ) -> None:
        self._documents = documents
        self._files = files
        self._jobs = jobs
        self._assistants = assistants
        self._clock = clock
        self._limits = limits
        self._quota = quota

    def add(self, assistant: Assistant, upload: Upload) -> Document:
        """Store an upload; return its document once it is indexed or proves to take long, or after 10 s.

        It replaces the assistant's prompt, or its knowledge file of the same (safe) name.
        Raises `InvalidError` if it is empty or of an unknown format, `TooLargeError`, `QuotaExceededError`, and
        `ConflictError` if it would replace another revision than `over`.
        """
        upload, revision = replace(upload, filename=self._checked(upload.filename)), new_id()
        if upload.visibility:  # else it stays as it is, which was checked when it was set
            existing = self._documents.at(assistant.id, upload.kind, upload.filename)
            check_visibility(upload.kind, _visibility(upload, existing))
        size, sha256 = self._files.stage(assistant.id, revision, upload.stream, self._limits.max_bytes)
        with self._files.exclusive(assistant.id):
            existing = self._documents.at(assistant.id, upload.kind, upload.filename)
            try:
                if upload.over is not None and (existing is None or existing.revision != upload.over):
                    raise ConflictError("The document was changed or deleted meanwhile.")
                self._quota.check(assistant, size, existing)
            except (ConflictError, QuotaExceededError):
                self._files.discard(assistant.id, revision)
                raise
            document = self._record(assistant, upload, existing, _Staged(revision, size, sha256))
            self._files.publish(assistant.id, revision, upload.kind, upload.filename)
        return self._jobs.submit_and_wait(document, _WAIT_SECONDS)

    def _checked(self, filename: str) -> str:
        name = self._files.safe_name(filename)
        if not name.lower().endswith(self._limits.extensions):
            advice = self._advice(name)
            raise InvalidError(f"Files of this kind are not read. {advice}", {"file": [advice]})
        return name

    def _advice(self, name: str) -> str:
        for older, newer in _SAVED_AS:
            if name.lower().endswith(older):
                return f"Save it as {newer}, then upload that."
        return f"Its name must end in one of {', '.join(self._limits.extensions)}."

    def _record(self, assistant: Assistant, upload: Upload, existing: Document | None, staged: _Staged) -> Document:
        now = self._clock()
        document = Document(
            id=existing.id if existing else new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            type=upload.kind,
            filename=upload.filename,
            filepath=self._files.public_path(assistant.id, upload.kind, upload.filename),
            size=staged.size,
            sha256=staged.sha256,
            revision=staged.revision,
            created_at=existing.created_at if existing else now,
            updated_at=now,
            visibility=_visibility(upload, existing),
            origin=upload.origin,
            refresh_at=next_refresh(upload.origin, now),
            announce=assistant.announces(EventType.DOCUMENT_READY, EventType.DOCUMENT_FAILED),
            authorship=upload.authorship,
        )
        if existing is not None:
            self._documents.replace_upload(document, upload.visibility)
            if document.visibility != existing.visibility:  # which holds for the old version at once
                self._assistants.knowledge_changed(assistant.id)
        elif not self._documents.add(document):
            existing = self._documents.at(assistant.id, upload.kind, upload.filename)
            return self._record(assistant, upload, existing, staged)
        return document


def _visibility(upload: Upload, existing: Document | None) -> Visibility:
    return replace(existing.visibility if existing else Visibility(), **upload.visibility)


def check_visibility(kind: DocumentType, visibility: Visibility) -> None:
    """Raise `InvalidError` where a document of this kind cannot be visible like that."""
    if kind is DocumentType.PROMPT and visibility != Visibility():
        values = {
            "enabled": not visibility.enabled,
            "valid_from": visibility.valid_from,
            "valid_until": visibility.valid_until,
        }
        problem = "Only documents of type rag can be switched off or limited in time."
        blamed = {name: [problem] for name, value in values.items() if value}
        raise InvalidError("A prompt always applies.", blamed)
    begin, end = visibility.valid_from, visibility.valid_until
    if begin is not None and end is not None and end <= begin:
        raise InvalidError("The document would never be valid.", {"valid_until": ["Must be after valid_from."]})


def next_refresh(origin: Origin | None, now: datetime) -> datetime | None:
    """The time of the next refresh; None: never."""
    if origin is None or origin.refresh_hours is None:
        return None
    return now + timedelta(hours=origin.refresh_hours)
