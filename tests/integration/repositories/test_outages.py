"""What repositories do while the primary steps down: writes to many rows, which no driver retries, are repeated."""

from collections.abc import Callable, Iterator

import pytest
from pymongo.errors import BulkWriteError

from app.domain.documents import Document
from app.domain.ids import new_id
from app.repositories.dialect import MongoDialect
from app.repositories.mongo import connect
from app.security.keys import KeyVault
from app.wiring.repositories import open_repositories
from tests.fakes.clock import FakeClock
from tests.fakes.replica_set import Command, ReplicaSet, faults, running_replica_set
from tests.integration.rows import World, chunk_of


@pytest.fixture(scope="module")
def members() -> Iterator[ReplicaSet]:
    with running_replica_set() as members:
        yield members


@pytest.fixture(scope="module")
def world(members: ReplicaSet) -> Iterator[World]:
    """A world on a replica set."""
    database, clock = connect(members.uri, "test"), FakeClock()
    vault = KeyVault("a secret for tests, long enough to be one")
    rows = open_repositories(database, MongoDialect(), vault, clock)
    rows.ensure_indexes()
    yield World(database, rows, clock)
    database.client.close()


WRITES: dict[str, Callable[[World, Document], object]] = {
    "documents.change_owner": lambda w, document: w.rows.documents.change_owner(document.assistant_id, new_id()),
    "documents.delete_of_assistant": lambda w, document: w.rows.documents.delete_of_assistant(
        document.assistant_id
    ),
    "queue.queued": lambda w, document: w.rows.queue.queued([document.id]),
    "queue.release_all": lambda w, _: w.rows.queue.release_all(),
    "queue.requeue": lambda w, _: w.rows.queue.requeue("fake", 2),
    "queue.embed_lacking": lambda w, _: w.rows.queue.embed_lacking("fake"),
    "chunks.tidy": lambda w, document: w.rows.chunks.delete_other_revisions(document.id, []),
    "chunks.delete_of_document": lambda w, document: w.rows.chunks.delete_of_document(document.id),
    "chunks.delete_of_assistant": lambda w, document: w.rows.chunks.delete_of_assistant(document.assistant_id),
    "embedding_models.retire": lambda w, document: w.rows.embedding_models.retire("fake", [document.id]),
}


def writes_to_many(command: Command) -> bool:
    steps = [*command.document.get("updates", ()), *command.document.get("deletes", ())]
    return any(step.get("multi") or step.get("limit") == 0 for step in steps)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("when", [faults.before, faults.after])
def test_a_write_to_many_rows_is_repeated(
    world: World, members: ReplicaSet, write: str, when: Callable[[Callable[[], None]], faults.Fault]
) -> None:
    document = world.document()
    chunk = chunk_of(document)
    world.rows.chunks.add([chunk])
    world.rows.chunks.put_edition(document, document.revision, "fake", [chunk.id])

    for _ in members.at_each_command(when(lambda: members.step_down(0.02)), writes_to_many):
        WRITES[write](world, document)


def test_chunks_that_nobody_confirmed_are_not_taken_for_stored(world: World, members: ReplicaSet) -> None:
    chunks = [chunk_of(world.document(), number) for number in range(3)]

    for _ in range(2):  # the second time they are all there already
        with members.strike(0, faults.not_confirmed()), pytest.raises(BulkWriteError):
            world.rows.chunks.add(chunks)

    world.rows.chunks.add(chunks)
    assert world.rows.chunks.existing([chunk.id for chunk in chunks]) == {chunk.id for chunk in chunks}
