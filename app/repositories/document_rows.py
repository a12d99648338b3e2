"""How a document stands in its row; shared by the repository and the indexing queue."""

from datetime import UTC, datetime

from bson import ObjectId

from app.domain.documents import Document, DocumentStatus, DocumentType
from app.repositories.mongo import Row

LIVE = "live"
DELETING = "deleting"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def place_of(kind: DocumentType, filename: str) -> str:
    """What is unique within an assistant: it has one prompt, and one knowledge file of each name."""
    return "prompt" if kind is DocumentType.PROMPT else f"knowledge/{filename}"


def document_to_row(document: Document) -> Row:
    """The row of a document nobody has begun to index."""
    return {
        "_id": ObjectId(document.id),
        "assistant_id": ObjectId(document.assistant_id),
        "owner_id": ObjectId(document.owner_id),
        "type": document.type,
        "place": place_of(document.type, document.filename),
        "filename": document.filename,
        "filepath": document.filepath,
        "size": document.size,
        "sha256": document.sha256,
        "revision": ObjectId(document.revision),
        "indexed_revision": None,
        "indexed_model": None,
        "status": document.status,
        "error": document.error,
        "chunks": document.chunks,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
        "state": LIVE,
        "worker": None,
        "lease_until": NEVER,
        "attempts": 0,
    }


def document_from_row(row: Row) -> Document:
    """A document as the services know it."""
    status = row["status"]
    return Document(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        type=DocumentType(row["type"]),
        filename=row["filename"],
        filepath=row["filepath"],
        size=row["size"],
        sha256=row["sha256"],
        revision=str(row["revision"]),
        created_at=row["createdAt"],
        updated_at=row["updatedAt"],
        indexed_revision=str(row["indexed_revision"]) if row["indexed_revision"] else None,
        indexed_model=row["indexed_model"],
        status=DocumentStatus.FAILED if status == DELETING else DocumentStatus(status),
        error=row["error"],
        chunks=row["chunks"],
    )
