"""The collection `chunks`."""

from dataclasses import replace

from app.domain.documents import Document, DocumentType, IndexedDocument
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.rows import World, chunk_of


def publish(rows: Repositories, document: Document, model: str = "fake", chunks: int = 2) -> None:
    lease = rows.queue.claim(document.id)
    assert lease is not None
    assert rows.queue.publish(lease, chunks, model)
    assert rows.queue.finish(lease)


def texts(rows: Repositories, document: Document) -> list[str]:
    return [chunk.text for chunk in rows.chunks.chunks(document.id, document.revision)]


def test_chunks_come_back_as_stored_in_order(world: World, rows: Repositories) -> None:
    document = world.document()
    chunks = [chunk_of(document, position, embedding=bytes([position % 256] * 768)) for position in range(450)]

    rows.chunks.add(chunks[200:])
    rows.chunks.add(chunks[:200])
    rows.chunks.add([])

    assert list(rows.chunks.chunks(document.id, document.revision)) == chunks
    assert list(rows.chunks.chunks(document.id, new_id())) == []


def test_a_place_holds_one_chunk(world: World, rows: Repositories) -> None:
    document = world.document()
    rows.chunks.add([chunk_of(document)])

    rows.chunks.add([chunk_of(document)])
    assert len(list(rows.chunks.chunks(document.id, document.revision))) == 1


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
    publish(rows, others[1], model="another")
    publish(rows, others[3])
    deleted = world.document(assistant_id=assistant)
    publish(rows, deleted)
    rows.documents.mark_deleted(deleted.id, world.now())

    found = rows.chunks.indexed_documents(assistant, "fake")

    assert found == {mine.id: IndexedDocument(mine.revision, mine.filename, 2)}


def test_the_old_revision_is_searched_until_the_new_is_published(world: World, rows: Repositories) -> None:
    document = world.document()
    publish(rows, document)
    new = replace(document, revision=new_id())
    rows.documents.replace_upload(new)

    assert rows.chunks.indexed_documents(document.assistant_id, "fake")[document.id].revision == document.revision
    publish(rows, new)
    assert rows.chunks.indexed_documents(document.assistant_id, "fake")[document.id].revision == new.revision


def test_chunks_are_deleted_by_revision(world: World, rows: Repositories) -> None:
    first = world.document()
    second, third = replace(first, revision=new_id()), replace(first, revision=new_id())
    for one in (first, second, third):
        rows.chunks.add([chunk_of(one, 0), chunk_of(one, 1)])

    rows.chunks.delete_revision(first.id, first.revision)
    assert [len(texts(rows, one)) for one in (first, second, third)] == [0, 2, 2]

    rows.chunks.delete_other_revisions(first.id, keep=third.revision)
    assert [len(texts(rows, one)) for one in (first, second, third)] == [0, 0, 2]


def test_chunks_are_deleted_by_document_and_by_assistant(world: World, rows: Repositories) -> None:
    first = world.document()
    second = world.document(assistant_id=first.assistant_id)
    other = world.document()
    for one in (first, second, other):
        rows.chunks.add([chunk_of(one)])

    rows.chunks.delete_of_document(first.id)
    assert [len(texts(rows, one)) for one in (first, second, other)] == [0, 1, 1]

    rows.chunks.delete_of_assistant(first.assistant_id)
    assert [len(texts(rows, one)) for one in (first, second, other)] == [0, 0, 1]
