"""New bytes for an assistant: on disk, on record, and on their way into the index."""

from dataclasses import dataclass, replace
from typing import IO

from app.domain.assistants import Assistant
from app.domain.documents import Document, DocumentType
from app.domain.errors import InvalidError
from app.domain.ids import new_id
from app.services.indexing_pool import IndexingPool
from app.services.ports import Clock, DocumentFiles, Documents

_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What may be uploaded: the largest size, and the extensions (".pdf") of files that can be read."""

    max_bytes: int
    extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Upload:
    kind: DocumentType
    filename: str
    revision: str
    size: int
    sha256: str


class UploadService:
    """Stores uploads: first the bytes, then the record, then the index; a crash leaves a prefix of that."""

    def __init__(
        self, documents: Documents, files: DocumentFiles, pool: IndexingPool, clock: Clock, limits: UploadLimits
    ) -> None:
        self._documents = documents
        self._files = files
        self._pool = pool
        self._clock = clock
        self._limits = limits

    def add(self, assistant: Assistant, kind: DocumentType, filename: str, stream: IO[bytes]) -> Document:
        """Store an upload; returns the document when it is indexed, or after 10 s.

        It replaces the assistant's prompt, or its knowledge file of the same (safe) name.
        Raises `InvalidError` when it is empty or of a kind nobody can read, `TooLargeError`.
        """
        filename, revision = self._checked(filename), new_id()
        size, sha256 = self._files.stage(assistant.id, revision, stream, self._limits.max_bytes)
        with self._files.exclusive(assistant.id):
            document = self._record(assistant, _Upload(kind, filename, revision, size, sha256))
            self._files.publish(assistant.id, revision, kind, filename)
        self._pool.submit(document.id, _WAIT_SECONDS)
        return self._documents.by_id(document.id) or document

    def _checked(self, filename: str) -> str:
        name = self._files.safe_name(filename)
        if not name.lower().endswith(self._limits.extensions):
            readable = ", ".join(self._limits.extensions)
            raise InvalidError("The file cannot be read.", {"file": [f"Its name must end in one of {readable}."]})
        return name

    def _record(self, assistant: Assistant, upload: _Upload) -> Document:
        now = self._clock()
        document = Document(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            type=upload.kind,
            filename=upload.filename,
            filepath=self._files.public_path(assistant.id, upload.kind, upload.filename),
            size=upload.size,
            sha256=upload.sha256,
            revision=upload.revision,
            created_at=now,
            updated_at=now,
        )
        existing = self._documents.at(assistant.id, upload.kind, upload.filename)
        if existing is not None:
            document = replace(document, id=existing.id, created_at=existing.created_at)
            self._documents.replace_upload(document)
        elif not self._documents.add(document):
            return self._record(assistant, upload)
        return document
