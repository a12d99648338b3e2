"""How a document is stored; shared by the repository and the indexing queue."""

from datetime import UTC, datetime

from bson import ObjectId

from app.domain.documents import Document, DocumentStatus, DocumentType, Origin, Stage, Task, Visibility
from app.domain.rows import Row
from app.repositories.prompt_versions import authorship_of, authorship_row

LIVE = "live"
DELETING = "deleting"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def place_of(kind: DocumentType, filename: str) -> str:
    """What is unique within an assistant: it has one prompt, and one knowledge file of each name."""
    return "prompt" if kind is DocumentType.PROMPT else f"knowledge/{filename}"


def upload_values(document: Document) -> Row:
    """What an upload says of a document, which then waits to be indexed and belongs to no worker."""
    return {
        "filename": document.filename,
        "size": document.size,
        "sha256": document.sha256,
        "revision": ObjectId(document.revision),
        "updatedAt": document.updated_at,
        "status": document.status,
        "stage": document.stage,
        "progress": document.progress,
        "error": document.error,
        "warning": document.warning,
        **origin_values(document),
        **waiting_values(Task.INDEX),
        "queued_at": document.updated_at,
        "announce": document.announce,
        "authorship": authorship_row(document.authorship),
    }


def waiting_values(task: Task) -> Row:
    """What makes a document wait for a worker."""
    return {"task": task, "worker": None, "lease_until": NEVER, "attempts": 0, "queued_at": NEVER}


def visibility_values(visibility: Visibility) -> Row:
    """When a document may be found."""
    return {
        "enabled": visibility.enabled,
        "valid_from": visibility.valid_from,
        "valid_until": visibility.valid_until,
    }


def visibility_of(row: Row) -> Visibility:
    """When a document may be found; those from before one could say so always may."""
    return Visibility(row.get("enabled", True), row.get("valid_from"), row.get("valid_until"))


def origin_values(document: Document) -> Row:
    """Where a document was fetched; `refresh_at` is absent where it never is again, to stay out of the index."""
    origin = document.origin
    return {
        "origin": {"url": origin.url, "refresh_hours": origin.refresh_hours} if origin else None,
        "refresh_error": document.refresh_error,
        "refresh_at": document.refresh_at,
    }


def document_to_row(document: Document) -> Row:
    """The row of a document nobody has begun to index."""
    return {
        "_id": ObjectId(document.id),
        "assistant_id": ObjectId(document.assistant_id),
        "owner_id": ObjectId(document.owner_id),
        "type": document.type,
        "place": place_of(document.type, document.filename),
        "filepath": document.filepath,
        "indexed_revision": None,
        "indexed_models": [],
        "latest_model": None,
        "indexed_text_version": None,
        "chunks": document.chunks,
        "createdAt": document.created_at,
        "state": LIVE,
        **upload_values(document),
        **visibility_values(document.visibility),
    }


def document_from_row(row: Row) -> Document:
    """A document as the services know it."""
    status, origin = row["status"], row.get("origin")
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
        indexed_models=tuple(row.get("indexed_models", ())),
        status=DocumentStatus.FAILED if status == DELETING else DocumentStatus(status),
        stage=Stage(row.get("stage", Stage.DONE)),
        progress=row.get("progress", 1.0),
        error=row["error"],
        warning=row.get("warning"),
        chunks=row["chunks"],
        visibility=visibility_of(row),
        origin=Origin(origin["url"], origin["refresh_hours"]) if origin else None,
        refresh_at=row.get("refresh_at"),
        refresh_error=row.get("refresh_error"),
        retries=row.get("retries", 0),
        announce=row.get("announce", False),
        authorship=authorship_of(row.get("authorship") or {}),
    )
