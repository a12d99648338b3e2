"""Rows as an earlier version left them become rows of this one, so that an upgrade finds what was found before."""

from pymongo import ASCENDING
from pymongo.database import Database

from app.repositories.chunks import ChunkRepository
from app.repositories.document_rows import document_from_row
from app.repositories.mongo import Row

_TEXT_VERSION_THEN = 0


def adopt_chunks_without_editions(database: Database[Row], chunks: ChunkRepository) -> None:
    """Chunks that stood by position in a revision (before editions) stay searchable until they are cut anew.

    Each step can be repeated; a document is done when it has `indexed_models`.
    """
    documents = database["documents"]
    old = {"indexed_model": {"$exists": True}, "indexed_models": {"$exists": False}}
    for row in list(documents.find(old)):
        models = [row["indexed_model"]] if row["indexed_model"] and row["indexed_revision"] else []
        for model in models:
            document = document_from_row(row)
            standing = {"document_id": row["_id"], "revision": row["indexed_revision"], "model": model}
            in_order = database["chunks"].find(standing, {"position": 1}).sort("position", ASCENDING)
            ids = [str(chunk["_id"]) for chunk in in_order]
            chunks.put_edition(document, str(row["indexed_revision"]), model, ids)
        values = {
            "indexed_models": models,
            "indexed_text_version": _TEXT_VERSION_THEN,
            "queued_at": row["updatedAt"],
        }
        change: Row = {"$set": values, "$unset": {"indexed_model": ""}}
        if row["status"] in ("pending", "indexing"):
            change["$set"]["task"] = "index"
        documents.update_one({"_id": row["_id"]}, change)
