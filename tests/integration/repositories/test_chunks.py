"""The collections `chunks` and `editions`, and what an index reads of them."""

from dataclasses import replace

import pytest

from app.domain.documents import Document, DocumentType, IndexedDocument, Piece
from app.domain.embeddings import EmbeddingSetting
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World, chunk_of


def publish(rows: Repositories, document: Document, *models: str) -> None:
    lease = rows.queue.claim(document.id)
    assert lease is not None
    assert rows.queue.publish(lease, 2, models or ("fake",), 1)
    assert rows.queue.finish(lease)


def store(rows: Repositories, document: Document, *numbers: int, model: str = "fake") -> list[str]:
    """An edition of the document's revision, made of chunks with these numbers."""
    chunks = [chunk_of(document, number, model=model) for number in numbers]
    rows.chunks.add(chunks)
    ids = [chunk.id for chunk in chunks]
    rows.chunks.put_edition(document, document.revision, model, ids)
    return ids


def test_an_edition_lists_its_chunks_in_order(world: World, rows: Repositories) -> None:
    document = world.document()
    ids = store(rows, document, *range(450, 0, -1))

    assert rows.chunks.chunk_ids(document.id, document.revision, "fake") == ids
    assert rows.chunks.chunk_ids(document.id, new_id(), "fake") == []
    assert rows.chunks.chunk_ids(document.id, document.revision, "another") == []


def test_chunks_come_back_as_stored(world: World, rows: Repositories) -> None:
    document = world.document()
    chunks = [chunk_of(document, number, embedding=bytes([number % 256] * 768)) for number in range(450)]
    rows.chunks.add(chunks)
    rows.chunks.add([])

    found = list(rows.chunks.chunks(document.id, [chunk.id for chunk in chunks] + [new_id()]))

    assert sorted(found, key=lambda chunk: chunk.id) == sorted(chunks, key=lambda chunk: chunk.id)


def test_pieces_come_in_the_order_of_the_ids(world: World, rows: Repositories) -> None:
    document = world.document()
    first, second = chunk_of(document, 1), chunk_of(document, 2)
    rows.chunks.add([first, second])

    found = rows.chunks.pieces([second.id, new_id(), first.id])

    assert found == [Piece(one.heading, one.text, one.digest) for one in (second, first)]


def test_a_chunk_is_stored_once(world: World, rows: Repositories) -> None:
    document = world.document()
    store(rows, document, 1, 2)
    store(rows, document, 2, 3)
    store(rows, document, 1, model="another")

    assert rows.chunks.known(document.id, "fake") == {chunk_of(document, number).id for number in (1, 2, 3)}
    assert len(rows.chunks.known(document.id, "another")) == 1
    there, missing = chunk_of(document, 2).id, new_id()
    assert rows.chunks.existing([missing, there]) == {there}


def test_what_is_searched_is_said_by_the_documents(world: World, rows: Repositories) -> None:
    mine = world.document()
    assistant = mine.assistant_id
    others = [
        world.document(assistant_id=assistant, type=DocumentType.PROMPT),
        world.document(assistant_id=assistant),
        world.document(assistant_id=assistant),
        world.document(),
    ]
    publish(rows, mine)
    publish(rows, others[0])
    publish(rows, others[1], "another")
    publish(rows, others[3])
    deleted = world.document(assistant_id=assistant)
    publish(rows, deleted)
    rows.documents.mark_deleted(deleted.id, world.now())

    found = rows.knowledge.indexed_documents(assistant, "fake")

    assert found == {mine.id: IndexedDocument(mine.revision, mine.filename, 2)}


def test_the_old_revision_is_searched_until_the_new_is_published(world: World, rows: Repositories) -> None:
    document = world.document()
    publish(rows, document)
    new = replace(document, revision=new_id())
    rows.documents.replace_upload(new, {})

    def searched() -> str:
        return rows.knowledge.indexed_documents(document.assistant_id, "fake")[document.id].revision

    assert searched() == document.revision
    publish(rows, new)
    assert searched() == new.revision


@pytest.mark.parametrize(
    ("models", "serving"),
    [
        ([], "new"),
        ([["new"], ["new"]], "new"),
        ([["old"], ["old"]], "old"),
        ([["old"], ["old", "new"]], "old"),
        ([["old", "new"], ["old", "new"]], "new"),
        ([["old", "new"], ["new"]], "new"),
    ],
)
def test_an_older_model_serves_until_the_new_one_has_everything(
    world: World, rows: Repositories, models: list[list[str]], serving: str
) -> None:
    assistant_id = new_id()
    for document_models in models:
        publish(rows, world.document(assistant_id=assistant_id), *document_models)

    assert rows.knowledge.serving_model(assistant_id, "new") == serving


def test_tidying_leaves_the_chunks_of_the_revisions_that_stay(world: World, rows: Repositories) -> None:
    document, bystander = world.document(), world.document()
    kept = store(rows, bystander, 1)
    store(rows, document, 1, 2, 3)
    new = replace(document, revision=new_id())
    ids = store(rows, new, 2, 3, 4)
    rows.chunks.add([chunk_of(document, 9)])

    rows.chunks.delete_other_revisions(document.id, [new.revision])

    assert rows.chunks.known(document.id, "fake") == set(ids)
    assert rows.chunks.chunk_ids(document.id, document.revision, "fake") == []
    assert rows.chunks.known(bystander.id, "fake") == set(kept)


def test_chunks_are_deleted_by_document_assistant_and_model(world: World, rows: Repositories) -> None:
    first = world.document()
    second, third = (world.document(assistant_id=first.assistant_id) for _ in range(2))
    other = world.document()
    for one in (first, second, third, other):
        store(rows, one, 1)
    store(rows, third, 1, model=f"model-{third.id}")

    def left() -> list[int]:
        return [len(rows.chunks.known(one.id, "fake")) for one in (first, second, third, other)]

    rows.chunks.delete_of_document(first.id)
    assert left() == [0, 1, 1, 1]

    rows.chunks.delete_of_model([third.id, other.id], f"model-{third.id}")
    assert left() == [0, 1, 1, 1]
    assert rows.chunks.known(third.id, f"model-{third.id}") == set()

    rows.chunks.delete_of_assistant(first.assistant_id)
    assert left() == [0, 0, 0, 1]
    assert rows.chunks.chunk_ids(second.id, second.revision, "fake") == []


def test_of_two_older_models_the_one_used_last_is_searched(world: World, rows: Repositories) -> None:
    document = world.document()
    publish(rows, document, "newer", "older")
    for model in ("older", "newer", "newest"):
        rows.embedding_models.use(model, EmbeddingSetting(model))
        world.clock.advance(seconds=1)

    assert rows.knowledge.serving_model(document.assistant_id, "newest") == "newer"
    rows.embedding_models.use("older", EmbeddingSetting("older"))
    assert rows.knowledge.serving_model(document.assistant_id, "newest") == "older"


def test_the_only_model_ever_used_answers(world: World, rows: Repositories) -> None:
    document = world.document()
    publish(rows, document, "older")
    for model in rows.embedding_models.used():
        rows.embedding_models.forget(model)
    rows.embedding_models.use("newer", EmbeddingSetting("newer"))

    assert rows.knowledge.serving_model(document.assistant_id, "newer") == "newer"

    rows.embedding_models.use("older", EmbeddingSetting("older"))
    assert rows.knowledge.serving_model(document.assistant_id, "newer") == "older"


def test_a_document_has_editions_from_its_first_one_on(world: World, rows: Repositories) -> None:
    document = world.document()
    assert not rows.chunks.has_editions(document.id)

    store(rows, document, 1)

    assert rows.chunks.has_editions(document.id)
