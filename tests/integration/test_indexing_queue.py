"""The collection `documents`, as a queue."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from app.domain.documents import Document, DocumentStatus, Lease
from app.domain.ids import new_id
from app.repositories.indexing_queue import IndexingQueue
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def claimed(rows: Repositories, document: Document) -> Lease:
    lease = rows.queue.claim(document.id)
    assert lease is not None
    return lease


def test_a_new_document_waits_and_is_leased_once(world: World, rows: Repositories) -> None:
    document = world.document()
    assert document.id in rows.queue.waiting()

    lease = claimed(rows, document)

    assert lease.document == replace(document, status=DocumentStatus.INDEXING)
    assert lease.attempts == 1
    assert rows.queue.claim(document.id) is None
    assert document.id not in rows.queue.waiting()


def test_the_oldest_waits_first(world: World, rows: Repositories) -> None:
    made = [world.document().id for _ in range(3)]

    assert [one for one in rows.queue.waiting() if one in made] == made


def test_of_many_workers_one_gets_the_lease(world: World, rows: Repositories) -> None:
    document = world.document()
    workers = [IndexingQueue(world.database, f"worker {number}", world.clock) for number in range(16)]

    with ThreadPoolExecutor(16) as threads:
        leases = list(threads.map(lambda worker: worker.claim(document.id), workers))

    assert len([lease for lease in leases if lease]) == 1


def test_a_finished_document_waits_no_more(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = claimed(rows, document)

    assert rows.queue.publish(lease, 7, "fake")
    assert rows.queue.finish(lease)

    stored = rows.documents.by_id(document.id)
    assert stored is not None
    assert (stored.status, stored.chunks) == (DocumentStatus.READY, 7)
    assert (stored.indexed_revision, stored.indexed_model) == (document.revision, "fake")
    assert rows.queue.claim(document.id) is None
    assert not rows.queue.renew(lease)


def test_a_failed_document_says_why_and_waits_no_more(world: World, rows: Repositories) -> None:
    document = world.document()

    assert rows.queue.fail(claimed(rows, document), "The file is damaged.")

    stored = rows.documents.by_id(document.id)
    assert stored is not None
    assert (stored.status, stored.error) == (DocumentStatus.FAILED, "The file is damaged.")
    assert rows.queue.claim(document.id) is None


def test_the_lease_of_a_worker_that_died_runs_out(world: World, rows: Repositories) -> None:
    document = world.document()
    dead = claimed(rows, document)
    world.clock.advance(seconds=121)
    assert document.id in rows.queue.waiting()

    second = claimed(rows, document)

    assert second.attempts == 2
    assert not rows.queue.renew(dead)
    assert not rows.queue.publish(dead, 1, "fake")
    assert not rows.queue.fail(dead, "I was dead.")
    assert rows.queue.finish(second)


def test_a_worker_that_renews_keeps_its_lease(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = claimed(rows, document)

    for _ in range(3):
        world.clock.advance(seconds=100)
        assert rows.queue.renew(lease)
        assert rows.queue.claim(document.id) is None


def test_new_bytes_end_a_lease(world: World, rows: Repositories) -> None:
    document = world.document()
    old = claimed(rows, document)
    rows.documents.replace_upload(replace(document, revision=new_id()))

    assert not rows.queue.renew(old)
    assert not rows.queue.publish(old, 1, "fake")
    assert not rows.queue.finish(old)
    assert claimed(rows, document).attempts == 1


def test_a_start_alone_on_the_database_ends_all_leases(world: World, rows: Repositories) -> None:
    document = world.document()
    claimed(rows, document)

    rows.queue.release_all()

    assert document.id in rows.queue.waiting()
    assert claimed(rows, document).attempts == 2


def test_what_another_model_indexed_is_indexed_again(world: World, rows: Repositories) -> None:
    old, new, failed = world.document(), world.document(), world.document()
    for document, model in ((old, "old"), (new, "new")):
        lease = claimed(rows, document)
        rows.queue.publish(lease, 1, model)
        rows.queue.finish(lease)
    rows.queue.fail(claimed(rows, failed), "Broken.")

    assert rows.queue.requeue_other_models("new") >= 1

    waiting = rows.queue.waiting()
    assert (old.id in waiting, new.id in waiting, failed.id in waiting) == (True, False, False)
    stored = rows.documents.by_id(old.id)
    assert stored is not None
    assert (stored.indexed_model, stored.chunks) == ("old", 1)


def test_a_document_given_back_has_lost_no_attempt(world: World, rows: Repositories) -> None:
    document = world.document()
    for _ in range(20):
        rows.queue.give_back(claimed(rows, document))

    assert document.id in rows.queue.waiting()
    assert claimed(rows, document).attempts == 1
