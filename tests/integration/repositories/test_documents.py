"""The collection `documents`, as documents."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from bson import ObjectId

from app.domain.documents import DocumentFilter, DocumentStatus, DocumentType, Stage, Visibility
from app.domain.ids import new_id
from app.wiring.repositories import Repositories
from tests.integration.query_plans import stages
from tests.integration.rows import World

PROMPT, RAG = DocumentType.PROMPT, DocumentType.RAG


def test_a_document_comes_back_as_stored(world: World, rows: Repositories) -> None:
    document = world.document(filename="Preços 🍕.md")

    assert rows.documents.by_id(document.id) == document
    assert rows.documents.at(document.assistant_id, RAG, "Preços 🍕.md") == document
    assert rows.documents.of_assistant(document.assistant_id) == [document]
    assert rows.documents.by_id(new_id()) is None
    assert rows.documents.at(document.assistant_id, RAG, "x.md") is None


def test_documents_are_counted_and_their_sizes_added(world: World, rows: Repositories) -> None:
    first = world.document(filename="a.md", size=1_000)
    second = world.document(assistant_id=first.assistant_id, filename="b.md", size=234)
    world.document(filename="a.md")
    deleted = world.document(assistant_id=first.assistant_id, filename="c.md", size=5)
    rows.documents.mark_deleted(deleted.id, world.now())

    assert rows.documents.count(second.assistant_id, 10) == 2
    assert rows.documents.count(second.assistant_id, 1) == 1
    assert rows.documents.total_size(first.assistant_id) == 1_234
    assert (rows.documents.count(new_id(), 10), rows.documents.total_size(new_id())) == (0, 0)


@pytest.mark.not_mongomock("It explains nothing.")
def test_an_index_counts_documents(world: World) -> None:
    of_assistant = {"assistant_id": ObjectId(), "state": "live"}

    assert "COLLSCAN" not in stages(world.database["documents"].find(of_assistant, {"_id": 0, "size": 1}).explain())


@pytest.mark.not_mongomock("It explains nothing.")
def test_an_index_counts_assistants(world: World) -> None:
    owned = {"owner_id": ObjectId(), "state": "active"}

    assert "COLLSCAN" not in stages(world.database["assistants"].find(owned, {"_id": 1}).explain())


def test_a_name_is_taken_once_and_there_is_one_prompt(world: World, rows: Repositories) -> None:
    document = world.document(filename="a.md")
    prompt = world.document(assistant_id=document.assistant_id, type=PROMPT, filename="a.md")

    assert not rows.documents.add(replace(document, id=new_id()))
    assert not rows.documents.add(replace(prompt, id=new_id(), filename="b.md"))
    assert rows.documents.add(replace(document, id=new_id(), filename="A.md"))
    assert rows.documents.add(replace(document, id=new_id(), assistant_id=new_id()))
    assert rows.documents.at(document.assistant_id, PROMPT, "anything") == prompt


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_of_many_at_once_one_gets_the_name(world: World, rows: Repositories) -> None:
    document = world.document()
    copies = [replace(document, id=new_id(), filename="new.md") for _ in range(16)]

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(rows.documents.add, copies)) == 1


def test_new_bytes_wait_to_be_indexed_and_the_old_are_searched_on(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = rows.queue.claim(document.id)
    assert lease is not None
    rows.queue.publish(lease, 3, ["fake"], 1)
    rows.queue.fail(lease, "Broken.")
    new = replace(document, filename="b.md", size=9, sha256="11", revision=new_id(), updated_at=world.now())

    rows.documents.replace_upload(new, {})

    searched = replace(new, indexed_revision=document.revision, indexed_models=("fake",), chunks=3)
    assert rows.documents.by_id(document.id) == searched
    assert searched.status == DocumentStatus.PENDING


def test_a_deleted_document_is_a_tombstone_only(world: World, rows: Repositories) -> None:
    document, deleted_at = world.document(), world.now()

    assert rows.documents.mark_deleted(document.id, deleted_at)

    assert not rows.documents.mark_deleted(document.id, deleted_at)
    assert rows.documents.by_id(document.id) is None
    assert rows.documents.at(document.assistant_id, RAG, document.filename) is None
    assert rows.documents.of_assistant(document.assistant_id) == []
    assert rows.documents.page(DocumentFilter(document.owner_id), None, 9) == []
    (tombstone,) = [one for one in rows.documents.being_deleted() if one.id == document.id]
    assert (tombstone.filename, tombstone.updated_at) == (document.filename, deleted_at)


def test_a_deleted_documents_name_is_free_again(world: World, rows: Repositories) -> None:
    document = world.document()
    rows.documents.mark_deleted(document.id, world.now())

    assert rows.documents.add(replace(document, id=new_id()))


def test_nothing_brings_a_deleted_document_back(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = rows.queue.claim(document.id)
    assert lease is not None
    rows.documents.mark_deleted(document.id, world.now())

    rows.documents.replace_upload(replace(document, revision=new_id()), {})

    assert rows.documents.by_id(document.id) is None
    assert not rows.queue.renew(lease, Stage.READING, 0.0)
    assert not rows.queue.publish(lease, 1, ["fake"], 1)
    assert not rows.queue.finish(lease)
    assert rows.queue.claim(document.id) is None


def test_only_a_tombstone_can_be_removed(world: World, rows: Repositories) -> None:
    document = world.document()

    rows.documents.remove(document.id)
    assert rows.documents.by_id(document.id) == document

    rows.documents.mark_deleted(document.id, world.now())
    rows.documents.remove(document.id)
    assert document.id not in [one.id for one in rows.documents.being_deleted()]


def test_pages_are_filtered_newest_first(world: World, rows: Repositories) -> None:
    owner, first, second = new_id(), new_id(), new_id()
    made = [
        world.document(owner_id=owner, assistant_id=assistant, type=kind).id
        for assistant, kind in ((first, RAG), (first, PROMPT), (second, RAG), (first, RAG))
    ]

    def page(wanted: DocumentFilter, before: str | None = None, limit: int = 9) -> list[str]:
        return [document.id for document in rows.documents.page(wanted, before, limit)]

    assert page(DocumentFilter(owner)) == made[::-1]
    assert page(DocumentFilter(owner), made[3], 2) == [made[2], made[1]]
    assert page(DocumentFilter(owner, first)) == [made[3], made[1], made[0]]
    assert page(DocumentFilter(owner, type=PROMPT)) == [made[1]]
    assert page(DocumentFilter(None, second, RAG)) == [made[2]]
    assert page(DocumentFilter(owner, hidden_assistants=[first])) == [made[2]]
    assert page(DocumentFilter(), limit=4) == made[::-1]


def test_all_of_an_assistant_follow_it(world: World, rows: Repositories) -> None:
    document, owner = world.document(), new_id()

    rows.documents.change_owner(document.assistant_id, owner)
    assert rows.documents.by_id(document.id) == replace(document, owner_id=owner)

    rows.documents.delete_of_assistant(document.assistant_id)
    assert rows.documents.by_id(document.id) is None


def test_only_what_is_said_of_visibility_changes(world: World, rows: Repositories) -> None:
    read_before = world.document()
    until = world.now()
    rows.documents.change(read_before.id, {"enabled": False}, None)
    rows.documents.change(read_before.id, {"valid_until": until}, None)

    rows.documents.replace_upload(replace(read_before, revision=new_id()), {"valid_from": until})

    now = rows.documents.by_id(read_before.id)
    assert now is not None
    assert now.visibility == Visibility(enabled=False, valid_from=until, valid_until=until)
