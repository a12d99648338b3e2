"""The collection `documents`, as what remembers which of them have to be worked on."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from bson import ObjectId
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandListener, CommandStartedEvent

from app.domain.documents import Document, DocumentStatus, Lease, Stage, Task
from app.domain.ids import new_id
from app.domain.rows import Row
from app.repositories.document_rows import document_to_row
from app.repositories.documents import DocumentRepository
from app.repositories.indexing_queue import IndexingQueue
from app.wiring.repositories import Repositories
from tests.fakes.clock import FakeClock
from tests.fakes.database import dialect_of_tests, scratch_database
from tests.integration.rows import World, a_document


def claimed(rows: Repositories, document: Document) -> Lease:
    lease = rows.queue.claim(document.id)
    assert lease is not None
    return lease


def publish(rows: Repositories, document: Document, *models: str, text_version: int = 1) -> None:
    lease = claimed(rows, document)
    assert rows.queue.publish(lease, 1, models, text_version)
    assert rows.queue.finish(lease)


def waiting(world: World) -> list[str]:
    return [document.id for document in world.rows.queue.waiting(world.clock())]


def stored(rows: Repositories, document: Document) -> Document:
    found = rows.documents.by_id(document.id)
    assert found is not None
    return found


def renew(rows: Repositories, lease: Lease) -> bool:
    return rows.queue.renew(lease, Stage.EMBEDDING, 0.5)


def test_a_new_document_waits_and_is_leased_once(world: World, rows: Repositories) -> None:
    document = world.document()
    assert document.id in waiting(world)
    assert rows.queue.has_work()

    lease = claimed(rows, document)

    assert lease.document == replace(document, status=DocumentStatus.INDEXING, stage=Stage.READING)
    assert (lease.attempts, lease.task) == (1, Task.INDEX)
    assert rows.queue.claim(document.id) is None
    assert document.id not in waiting(world)


def test_the_oldest_waits_first(world: World) -> None:
    made = [world.document().id for _ in range(3)]

    assert [one for one in waiting(world) if one in made] == made


def test_no_second_job_is_made_where_there_is_one_lately(world: World, rows: Repositories) -> None:
    document, late = world.document(), world.document()
    world.clock.advance(seconds=60)
    rows.queue.queued([late.id])

    found = [one.id for one in rows.queue.waiting(world.clock() - timedelta(seconds=30))]

    assert (document.id in found, late.id in found) == (True, False)
    assert late.id in waiting(world)


@pytest.mark.not_mongomock("Its writes are not atomic.")
def test_of_many_workers_one_gets_the_lease(world: World, rows: Repositories) -> None:
    document = world.document()
    workers = [IndexingQueue(world.database, f"worker {number}", world.clock) for number in range(16)]

    with ThreadPoolExecutor(16) as threads:
        leases = list(threads.map(lambda worker: worker.claim(document.id), workers))

    assert len([lease for lease in leases if lease]) == 1


def test_an_attempt_begins_where_an_earlier_one_was(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = claimed(rows, document)
    rows.queue.renew(lease, Stage.EMBEDDING, 0.8)
    rows.queue.give_back(lease)

    assert claimed(rows, document).document.progress == 0.8


def test_a_finished_document_waits_no_more(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = claimed(rows, document)

    assert rows.queue.publish(lease, 7, ["fake", "old"], 1)
    assert rows.queue.finish(lease)

    found = stored(rows, document)
    assert (found.status, found.stage, found.progress, found.chunks) == (DocumentStatus.READY, Stage.DONE, 1.0, 7)
    assert (found.indexed_revision, found.indexed_models) == (document.revision, ("fake", "old"))
    assert rows.queue.claim(document.id) is None
    assert not renew(rows, lease)


@pytest.mark.parametrize("warning", ["", "2 pages could not be read."])
def test_only_what_could_not_be_read_in_full_is_read_again(world: World, rows: Repositories, warning: str) -> None:
    document = world.document()
    lease = claimed(rows, document)
    assert rows.queue.publish(lease, 7, ["fake"], 1)
    if warning:
        assert rows.queue.warn(lease, warning)
    assert rows.queue.finish(lease)
    assert (stored(rows, document).warning or "") == warning

    assert rows.queue.retry(document.id) == bool(warning)

    found = stored(rows, document)
    assert (found.status is DocumentStatus.PENDING, found.warning) == (bool(warning), None)
    assert (found.indexed_revision, found.revision == document.revision) == (document.revision, not warning)


def test_what_is_searched_stays_while_a_cancelled_document_is_read_again(world: World, rows: Repositories) -> None:
    document = world.document()
    assert rows.queue.publish(claimed(rows, document), 7, ["fake"], 1)
    assert rows.queue.cancel(document.id)

    assert rows.queue.retry(document.id)

    assert stored(rows, document).indexed_revision == document.revision != stored(rows, document).revision


def test_a_failed_document_says_why_and_waits_no_more(world: World, rows: Repositories) -> None:
    document = world.document()

    assert rows.queue.fail(claimed(rows, document), "The file is damaged.")

    assert (stored(rows, document).status, stored(rows, document).error) == (
        DocumentStatus.FAILED,
        "The file is damaged.",
    )
    assert rows.queue.claim(document.id) is None


def test_the_lease_of_a_worker_that_died_runs_out(world: World, rows: Repositories) -> None:
    document = world.document()
    dead = claimed(rows, document)
    world.clock.advance(seconds=121)
    assert document.id in waiting(world)

    second = claimed(rows, document)

    assert second.attempts == 2
    assert not renew(rows, dead)
    assert not rows.queue.publish(dead, 1, ["fake"], 1)
    assert not rows.queue.fail(dead, "I was dead.")
    assert rows.queue.finish(second)


def test_a_clock_set_back_holds_up_no_document(world: World, rows: Repositories) -> None:
    """Neither one whose worker died, nor one whose job was lost."""
    leased, queued = world.document(), world.document()
    world.clock.advance(hours=3)
    claimed(rows, leased)
    rows.queue.queued([queued.id])
    world.clock.advance(hours=-3)

    assert {leased.id, queued.id} <= set(waiting(world))
    assert rows.queue.claim(leased.id) is not None


def test_a_worker_that_renews_keeps_its_lease_and_tells_how_far_it_is(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = claimed(rows, document)

    for tenth in range(3):
        world.clock.advance(seconds=100)
        assert rows.queue.renew(lease, Stage.EMBEDDING, tenth / 10)
        assert rows.queue.claim(document.id) is None

    assert (stored(rows, document).stage, stored(rows, document).progress) == (Stage.EMBEDDING, 0.2)


def test_new_bytes_end_a_lease(world: World, rows: Repositories) -> None:
    document = world.document()
    old = claimed(rows, document)
    rows.documents.replace_upload(replace(document, revision=new_id()), {})

    assert not renew(rows, old)
    assert not rows.queue.publish(old, 1, ["fake"], 1)
    assert not rows.queue.finish(old)
    assert claimed(rows, document).attempts == 1


def test_a_cancelled_document_ends_its_lease_until_it_is_retried(world: World, rows: Repositories) -> None:
    document = world.document()
    lease = claimed(rows, document)
    assert not rows.queue.retry(document.id)

    assert rows.queue.cancel(document.id)

    assert not rows.queue.cancel(document.id)
    assert not renew(rows, lease)
    assert stored(rows, document).status is DocumentStatus.CANCELLED
    assert (rows.queue.claim(document.id), document.id in waiting(world)) == (None, False)
    assert rows.queue.retry(document.id)
    assert stored(rows, document).status is DocumentStatus.PENDING
    assert claimed(rows, document).attempts == 1


def test_a_failed_document_that_is_retried_forgets_its_error(world: World, rows: Repositories) -> None:
    document = world.document()
    rows.queue.fail(claimed(rows, document), "Broken.")

    assert rows.queue.retry(document.id)

    found = stored(rows, document)
    assert (found.status, found.error, found.progress) == (DocumentStatus.PENDING, None, 0.0)


def test_a_start_alone_on_the_database_ends_all_leases(world: World, rows: Repositories) -> None:
    document = world.document()
    claimed(rows, document)

    rows.queue.release_all()

    assert document.id in waiting(world)
    assert claimed(rows, document).attempts == 2


def test_what_lacks_a_model_is_embedded_and_stays_ready(world: World, rows: Repositories) -> None:
    old, new, failed = world.document(), world.document(), world.document()
    publish(rows, old, "old")
    publish(rows, new, "old", "new")
    rows.queue.fail(claimed(rows, failed), "Broken.")

    rows.queue.requeue("new", 1)

    assert [one in waiting(world) for one in (old.id, new.id, failed.id)] == [True, False, False]
    lease = claimed(rows, old)
    assert (lease.task, stored(rows, old).status) == (Task.EMBED, DocumentStatus.READY)
    assert rows.queue.add_model(lease, "new")
    assert rows.queue.finish(lease)
    assert stored(rows, old).indexed_models == ("old", "new")


def test_a_start_reads_only_documents_that_need_something(database_uri: str) -> None:
    """Counted in rows that the database says it examines."""
    log = Updates()
    with scratch_database(database_uri) as database:
        fill(database, 400)
        with MongoClient[Row](database_uri, tz_aware=True, event_listeners=[log]) as client:
            IndexingQueue(client[database.name], "worker", FakeClock()).requeue("fake", 1)
        examined = [rows_examined(database, wanted) for wanted in log.filters]

    assert len(examined) > 5
    assert max(examined) < 10


def fill(database: Database[Row], count: int) -> None:
    """Documents that have all they need."""
    DocumentRepository(database, dialect_of_tests()).ensure_indexes()
    row = document_to_row(a_document())
    embedded = {"indexed_models": ["fake"], "latest_model": "fake", "indexed_text_version": 1}
    done = {**embedded, "status": "ready", "task": None}
    database["documents"].insert_many(
        [{**row, **done, "_id": ObjectId(), "place": f"knowledge/{number}"} for number in range(count)]
    )


def rows_examined(database: Database[Row], wanted: Row) -> int:
    """For the filter, or for the one condition that has an index: the embedded database explains no more."""
    indexed = ("latest_model", "indexed_text_version", "task")
    parts = [wanted, *({name: wanted[name]} for name in indexed if name in wanted)]
    plans = (database["documents"].find(part).explain() for part in parts)
    return min(int(plan["executionStats"]["totalDocsExamined"]) for plan in plans)


class Updates(CommandListener):
    """Keeps the filters of all updates."""

    def __init__(self) -> None:
        self.filters: list[Row] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.filters += [dict(step["q"]) for step in event.command.get("updates", [])]

    def succeeded(self, event: object) -> None:
        """Not asked for."""

    def failed(self, event: object) -> None:
        """Not asked for."""


def test_going_back_takes_back_what_was_to_be_embedded(world: World, rows: Repositories) -> None:
    document = world.document()
    publish(rows, document, "old")
    rows.queue.requeue("new", 1)

    rows.queue.requeue("old", 1)

    assert (document.id in waiting(world), rows.queue.claim(document.id)) == (False, None)
    assert stored(rows, document).stage is Stage.DONE


def test_what_another_text_version_cut_is_indexed_as_another_revision(world: World, rows: Repositories) -> None:
    document = world.document()
    publish(rows, document, "fake", text_version=1)

    rows.queue.requeue("fake", 2)

    lease = claimed(rows, document)
    assert lease.task is Task.INDEX
    assert lease.document.revision != document.revision
    assert lease.document.indexed_revision == document.revision


def test_a_document_given_back_has_lost_no_attempt(world: World, rows: Repositories) -> None:
    document = world.document()
    for _ in range(20):
        rows.queue.give_back(claimed(rows, document))

    assert document.id in waiting(world)
    assert claimed(rows, document).attempts == 1


def test_a_document_that_was_put_off_is_taken_up_a_minute_later(world: World, rows: Repositories) -> None:
    document = world.document()
    rows.queue.postpone(claimed(rows, document), "The embedding server is down.")
    assert stored(rows, document).error == "The embedding server is down."
    assert (document.id in waiting(world), rows.queue.claim(document.id)) == (False, None)

    world.clock.advance(seconds=61)

    assert document.id in waiting(world)
    assert claimed(rows, document).attempts == 1
