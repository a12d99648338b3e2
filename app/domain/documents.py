"""Documents, the chunks they are cut into, and the passages found for a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.domain.prompts import Authorship


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
    CANCELLED = "cancelled"


UNFINISHED = (DocumentStatus.PENDING, DocumentStatus.INDEXING)


class Stage(StrEnum):
    """What is being done with a document."""

    QUEUED = "queued"
    READING = "reading"
    EMBEDDING = "embedding"
    DONE = "done"


class Task(StrEnum):
    """What has to be done with a document: `index` its file, or `embed` its chunks by the present model, too."""

    INDEX = "index"
    EMBED = "embed"


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


@dataclass(frozen=True, slots=True)
class Origin:
    """The web page a document was fetched from, and how often it is to be fetched again (None: never)."""

    url: str
    refresh_hours: float | None = None


class Refresh(NamedTuple):
    """How often a page is to be fetched again, and when next; both None: never."""

    hours: float | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """An uploaded file, or a page that was fetched from its `origin`.

    `revision` names the bytes last uploaded, `indexed_revision` those whose chunks are searched (None: none);
    those chunks have embeddings of each of the `indexed_models`.
    `error` is a sentence for the uploader and goes with `FAILED`, `warning` one about what of the file could
    not be read. `size` is in bytes, `chunks` a count,
    `progress` a share of the work, 0 to 1. `refresh_at` is when the page is fetched again, `refresh_error` why
    that failed the last time. `retries` counts how often somebody had this document worked on again.
    `announce`: webhooks wanted to be told of its end when it was uploaded. `authorship`: of a prompt,
    who uploaded it.
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
    indexed_models: tuple[str, ...] = ()
    status: DocumentStatus = DocumentStatus.PENDING
    stage: Stage = Stage.QUEUED
    progress: float = 0.0
    error: str | None = None
    warning: str | None = None
    chunks: int = 0
    visibility: Visibility = Visibility()
    origin: Origin | None = None
    refresh_at: datetime | None = None
    refresh_error: str | None = None
    retries: int = 0
    announce: bool = False
    authorship: Authorship = Authorship()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list; None does not filter, an assistant wins over an owner."""

    owner_id: str | None = None
    assistant_id: str | None = None
    type: DocumentType | None = None
    hidden_assistants: Sequence[str] = ()
    shared_assistants: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one worker to do a task with one revision of a document; `attempts` counts its leases."""

    document: Document
    worker: str
    attempts: int
    task: Task = Task.INDEX


class Piece(NamedTuple):
    """A chunk to be: a text and the path of headings above it ("Prazos > Entrega"; "" where there is none).

    `digest` tells it from every other piece of its document, and is the same in each version that has it.
    """

    heading: str
    text: str
    digest: str


class IndexedDocument(NamedTuple):
    """A document that is indexed: the revision that is searched, its file name, its chunks, when it is found."""

    revision: str
    filename: str
    chunks: int
    visibility: Visibility = Visibility()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document with its embedding by one model, as stored; every version that has it shares it.

    `heading` is the path of headings above the text ("" where there is none).
    `embedding` holds little-endian float16 values, unit length, made by the embedding model `model`.
    """

    id: str
    assistant_id: str
    document_id: str
    heading: str
    text: str
    digest: str
    model: str
    embedding: bytes


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that fits a question.

    `text` may be a chunk with its neighbours. `score` is the fused score (about 0 to 1), `dense` a cosine
    (None where the question has no embedding), `lexical` BM25 divided by the sum of the idf of the question's
    terms.
    """

    document_id: str
    filename: str
    position: int
    text: str
    score: float
    dense: float | None
    lexical: float


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk that fits a question; `used` says whether an answer would be given it. Scores as in `Passage`."""

    document_id: str
    filename: str
    position: int
    heading: str
    text: str
    dense: float | None
    lexical: float
    score: float
    used: bool


@dataclass(frozen=True, slots=True)
class KnowledgeState:
    """How far an assistant's knowledge is: documents by status, chunks that are searched, and by which model.

    `next_model` is the embedding model that takes over when all documents have its embeddings (None: no change
    is under way), `progress` the share of documents that have them, 0 to 1.
    """

    documents: Mapping[DocumentStatus, int]
    chunks: int
    model: str
    next_model: str | None
    progress: float
