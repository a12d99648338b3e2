"""What an assistant knows."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.documents import DocumentStatus, KnowledgeState, ScoredChunk
from app.routes.schemas.common import AnswerModel, Id, NotBlank, RequestModel, Storable

_Query = Annotated[str, StringConstraints(min_length=1, max_length=4096), NotBlank, Storable]


class SearchIn(RequestModel):
    """A question to try out."""

    query: _Query
    limit: int = Field(10, ge=1, le=100, description="At most so many chunks")


class ScoredChunkOut(AnswerModel):
    """A chunk that fits a question."""

    document_id: Id
    filename: str
    position: int = Field(description="Which chunk of the document it is; counts from 0")
    heading: str = Field(description="The headings it is under")
    text: str
    dense: float | None = Field(
        description="Cosine of the question's and the chunk's embeddings; null: only words could be compared"
    )
    lexical: float = Field(
        description="BM25 / Σ idf of the question's words: about 0 to 1, more where they occur often"
    )
    score: float = Field(description="Both together, 0 to 1")
    used: bool = Field(description="Whether an answer to this question would be given it")

    @classmethod
    def of(cls, candidate: ScoredChunk) -> "ScoredChunkOut":
        return cls(
            document_id=candidate.document_id,
            filename=candidate.filename,
            position=candidate.position,
            heading=candidate.heading,
            text=candidate.text,
            dense=None if candidate.dense is None else round(candidate.dense, 4),
            lexical=round(candidate.lexical, 4),
            score=round(candidate.score, 4),
            used=candidate.used,
        )


class KnowledgeOut(AnswerModel):
    """How far an assistant's knowledge is."""

    documents: dict[DocumentStatus, int] = Field(description="How many documents there are, by status")
    chunks: int = Field(description="How many pieces are searched")
    model: str = Field(description="The embedding model they are searched by")
    next_model: str | None = Field(description="The model that takes over when all documents have its embeddings")
    progress: float = Field(description="How much of the documents has embeddings of the newest model, 0 to 1")

    @classmethod
    def of(cls, state: KnowledgeState) -> "KnowledgeOut":
        return cls(
            documents={status: state.documents.get(status, 0) for status in DocumentStatus},
            chunks=state.chunks,
            model=state.model,
            next_model=state.next_model,
            progress=round(state.progress, 4),
        )
