"""Documents."""

from typing import Annotated, Any

from apiflask.fields import UploadFile
from pydantic import BeforeValidator, Field

from app.domain.documents import Document, DocumentStatus, DocumentType
from app.routes.schemas.common import AnswerModel, Id, Moment, PageQuery, QueryModel, Text


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


AnyCaseType = Annotated[DocumentType, BeforeValidator(_lower)]


class DocumentIn(QueryModel):
    """An upload (multipart)."""

    file: UploadFile
    type: AnyCaseType
    assistant_id: Text


class DocumentOut(AnswerModel):
    """An uploaded file, and how far its way into the index has come."""

    underscore_id: Id = Field(alias="_id")
    id: Id
    filepath: str = Field(examples=["documents/6561f0c2a1b2c3d4e5f60718/knowledge/rag.md"])
    filename: str
    type: DocumentType
    assistant_id: Id
    status: DocumentStatus
    error: str | None = Field(description="Why it failed, in a sentence")
    chunks: int = Field(description="How many pieces of it can be found")
    size: int = Field(description="Bytes")
    created_at: Moment = Field(alias="createdAt")
    updated_at: Moment = Field(alias="updatedAt")

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        return cls(
            underscore_id=document.id,
            id=document.id,
            filepath=document.filepath,
            filename=document.filename,
            type=document.type,
            assistant_id=document.assistant_id,
            status=document.status,
            error=document.error,
            chunks=document.chunks,
            size=document.size,
            created_at=document.created_at,
            updated_at=document.updated_at,
        )


class DocumentQuery(PageQuery):
    """Which documents to list."""

    assistant_id: str | None = None
    type: AnyCaseType | None = None


class PathOut(AnswerModel):
    """Where a document's file stands, relative to the project."""

    path: str
