"""Documents."""

from typing import Annotated, Any

from apiflask.fields import UploadFile
from pydantic import BeforeValidator, Field

from app.domain.documents import Document, DocumentStatus, DocumentType, Origin, Piece, Stage
from app.routes.schemas.common import AnswerModel, Id, Moment, PageQuery, QueryModel, Text, check_unchanged
from app.routes.schemas.document_options import (
    ENABLED,
    VALID_FROM,
    VALID_UNTIL,
    MomentInForm,
    RefreshHours,
    VisibilityIn,
    sent_visibility,
)
from app.services.document_changes import DocumentChange
from app.services.uploads import Upload


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


AnyCaseType = Annotated[DocumentType, BeforeValidator(_lower)]


class DocumentIn(QueryModel):
    """An upload (multipart)."""

    file: UploadFile
    type: AnyCaseType
    assistant_id: Text
    enabled: bool | None = Field(None, description=ENABLED)
    valid_from: MomentInForm = Field(None, description=VALID_FROM)
    valid_until: MomentInForm = Field(None, description=VALID_UNTIL)

    def to_upload(self) -> Upload:
        """The file with what was said of it."""
        return Upload(self.type, self.file.filename or "", self.file.stream, sent_visibility(self))


class UrlIn(VisibilityIn):
    """A web page that is to be a document."""

    url: Text
    assistant_id: Text
    refresh_hours: RefreshHours = None

    def origin(self) -> Origin:
        """Where it is, and how often it is to be fetched."""
        return Origin(self.url, self.refresh_hours)


class DocumentUpdateIn(VisibilityIn):
    """The document as `get` gave it, or a part of it; how far its indexing has come is passed over."""

    refresh_hours: RefreshHours = None
    underscore_id: Any = Field(None, alias="_id")
    id: Any = None
    filepath: Any = None
    filename: Any = None
    type: Any = None
    assistant_id: Any = None
    url: Any = None
    created_at: Any = Field(None, alias="createdAt")
    size: Any = None
    status: Any = None
    stage: Any = None
    progress: Any = None
    error: Any = None
    warning: Any = None
    chunks: Any = None
    refresh_at: Any = None
    refresh_error: Any = None
    updated_at: Any = Field(None, alias="updatedAt")

    def check_unchanged(self, current: "DocumentOut") -> None:
        """Raise `InvalidError` `read_only` where a field that cannot change was sent with another value."""
        check_unchanged(self, current, _READ_ONLY)

    def to_change(self) -> DocumentChange:
        """What the service is to change."""
        return DocumentChange(self.sent_visibility(), "refresh_hours" in self.model_fields_set, self.refresh_hours)


class DocumentOut(AnswerModel):
    """An uploaded file, and how far its way into the index has come."""

    underscore_id: Id = Field(alias="_id")
    id: Id
    filepath: str = Field(examples=["documents/6561f0c2a1b2c3d4e5f60718/knowledge/rag.md"])
    filename: str
    type: DocumentType
    assistant_id: Id
    status: DocumentStatus
    stage: Stage = Field(description="What is being done with it; `done` too while it is only searched")
    progress: float = Field(description="How far that has come, 0 to 1")
    error: str | None = Field(description="Why it failed, or what it waits for, in a sentence")
    warning: str | None = Field(description="What of the file could not be read, and why, in a sentence")
    chunks: int = Field(description="How many pieces of it can be found")
    size: int = Field(description="Bytes")
    enabled: bool = Field(description=ENABLED)
    valid_from: Moment | None = Field(description=VALID_FROM)
    valid_until: Moment | None = Field(description=VALID_UNTIL)
    url: str | None = Field(description="The web page it was fetched from")
    refresh_hours: float | None = Field(description="How often that page is fetched again; null: never")
    refresh_at: Moment | None = Field(description="When it is fetched again")
    refresh_error: str | None = Field(description="Why fetching it again failed the last time")
    created_at: Moment = Field(alias="createdAt")
    updated_at: Moment = Field(alias="updatedAt")

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        origin = document.origin
        return cls(
            underscore_id=document.id,
            id=document.id,
            filepath=document.filepath,
            filename=document.filename,
            type=document.type,
            assistant_id=document.assistant_id,
            status=document.status,
            stage=document.stage,
            progress=document.progress,
            error=document.error,
            warning=document.warning,
            chunks=document.chunks,
            size=document.size,
            enabled=document.visibility.enabled,
            valid_from=document.visibility.valid_from,
            valid_until=document.visibility.valid_until,
            url=origin.url if origin else None,
            refresh_hours=origin.refresh_hours if origin else None,
            refresh_at=document.refresh_at,
            refresh_error=document.refresh_error,
            created_at=document.created_at,
            updated_at=document.updated_at,
        )


class DocumentQuery(PageQuery):
    """Which documents to list."""

    assistant_id: str | None = None
    type: AnyCaseType | None = None


class ChunkQuery(QueryModel):
    """Which chunks of a document to list."""

    limit: int = Field(100, ge=1, le=500, description="At most so many entries")
    cursor: int = Field(0, ge=0, le=10_000_000, description="The position to begin at, from `Link`")


class ChunkOut(AnswerModel):
    """A piece of a document, as it is searched."""

    position: int = Field(description="Counts from 0")
    heading: str = Field(description="The headings it is under", examples=["Prazos > Entrega"])
    text: str
    characters: int

    @classmethod
    def of(cls, position: int, piece: Piece) -> "ChunkOut":
        return cls(position=position, heading=piece.heading, text=piece.text, characters=len(piece.text))


class PathOut(AnswerModel):
    """Where a document's file is, relative to the project."""

    path: str


_READ_ONLY = {"underscore_id", "id", "filepath", "filename", "type", "assistant_id", "url", "created_at"}
