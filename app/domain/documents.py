"""Documents, the chunks they are cut into, and the passages found for a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class DocumentType(StrEnum):
    """`rag`: knowledge that is searched. `prompt`: the assistant's instructions."""

    RAG = "rag"
    PROMPT = "prompt"


class DocumentStatus(StrEnum):
    """How far a document's way into the index has come."""

    PENDING = "pending"
    INDEXING = "indexing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Document:
    """An uploaded file.

    `revision` names the bytes last uploaded, `indexed_revision` those whose chunks are searched (None: none),
    embedded by the model `indexed_model`.
    `error` is a sentence for the uploader and goes with `FAILED`. `size` is in bytes, `chunks` a count.
    """

    id: str
    assistant_id: str
    owner_id: str
    type: DocumentType
    filename: str
    filepath: str
    size: int
    sha256: str
    revision: str
    created_at: datetime
    updated_at: datetime
    indexed_revision: str | None = None
    indexed_model: str | None = None
    status: DocumentStatus = DocumentStatus.PENDING
    error: str | None = None
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list; None does not filter, an assistant wins over an owner."""

    owner_id: str | None = None
    assistant_id: str | None = None
    type: DocumentType | None = None
    hidden_assistants: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one worker to index one revision of a document; `attempts` counts the leases it had."""

    document: Document
    worker: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Visibility:
    """When a document may be found: while it is enabled, from `valid_from` on and before `valid_until`."""

    enabled: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def at(self, moment: datetime) -> bool:
        """Whether it may be found at this moment."""
        begun = self.valid_from is None or self.valid_from <= moment
        return self.enabled and begun and (self.valid_until is None or moment < self.valid_until)


class IndexedDocument(NamedTuple):
    """A document that is indexed: the revision that is searched, its file name, its chunks, when it is found."""

    revision: str
    filename: str
    chunks: int
    visibility: Visibility = Visibility()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one revision of a document, as stored.

    `position` counts from 0. `heading` is the path of headings above the text ("" where there is none).
    `embedding` holds little-endian float16 values, unit length, made by the embedding model `model`.
    """

    id: str
    assistant_id: str
    document_id: str
    revision: str
    position: int
    heading: str
    text: str
    model: str
    embedding: bytes


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that fits a question.

    `text` may be a chunk with its neighbours. `score` is the fused score (about 0 to 1), `dense` a cosine,
    `lexical` a BM25 score divided by the largest one the question could reach.
    """

    document_id: str
    filename: str
    position: int
    text: str
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that was weighed for a question; the figures are those of `Passage`.

    `used` says whether it would be, or be a part of, a passage that is handed to the answer.
    """

    document_id: str
    filename: str
    position: int
    heading: str
    text: str
    dense: float
    lexical: float
    score: float
    used: bool
