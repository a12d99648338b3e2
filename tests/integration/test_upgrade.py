"""Rows of an earlier version."""

from bson import ObjectId

from app.domain.documents import Document, IndexedDocument
from app.domain.ids import new_id
from app.repositories.upgrade import adopt_chunks_without_editions
from app.wiring.repositories import Repositories
from tests.integration.rows import World

NEW_FIELDS = (
    "indexed_models",
    "indexed_text_version",
    "task",
    "queued_at",
    "stage",
    "progress",
    "enabled",
    "origin",
)


def as_it_was(world: World, document: Document, status: str = "ready", chunks: int = 3) -> None:
    """Let a document and its chunks look as they did before there were editions."""
    documents, revision = world.database["documents"], ObjectId(document.revision)
    then = {"indexed_model": "fake", "indexed_revision": revision, "chunks": chunks, "status": status}
    documents.update_one({"_id": ObjectId(document.id)}, {"$set": then, "$unset": dict.fromkeys(NEW_FIELDS, "")})
    for position in reversed(range(chunks)):
        world.database["chunks"].insert_one(
            {
                "_id": ObjectId(new_id()),
                "assistant_id": ObjectId(document.assistant_id),
                "document_id": ObjectId(document.id),
                "revision": revision,
                "position": position,
                "heading": "",
                "text": f"Texto {position}.",
                "model": "fake",
                "embedding": bytes(8),
            }
        )


def test_what_was_found_is_found_and_cut_anew(world: World, rows: Repositories) -> None:
    document = world.document()
    as_it_was(world, document)

    for _ in range(2):
        adopt_chunks_without_editions(world.database, rows.chunks)

    held = rows.knowledge.indexed_documents(document.assistant_id, "fake")
    assert held == {document.id: IndexedDocument(document.revision, document.filename, 3)}
    ids = rows.knowledge.chunk_ids(document.id, document.revision, "fake")
    assert [piece.text for piece in rows.chunks.pieces(ids)] == ["Texto 0.", "Texto 1.", "Texto 2."]
    assert len(list(rows.knowledge.chunks(document.id, ids))) == 3

    rows.queue.requeue("fake", 1)
    lease = rows.queue.claim(document.id)
    assert lease is not None
    assert lease.document.indexed_revision == document.revision != lease.document.revision


def test_what_was_being_indexed_is_taken_up(world: World, rows: Repositories) -> None:
    document = world.document()
    as_it_was(world, document, status="pending")

    adopt_chunks_without_editions(world.database, rows.chunks)

    assert document.id in [one.id for one in rows.queue.waiting(world.clock())]
    assert rows.queue.claim(document.id) is not None
