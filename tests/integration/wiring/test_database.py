"""A start that cannot work with the database at hand says in one line why, and one that can works."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.rows import Row
from app.embedded_database import EmbeddedDatabase
from app.repositories.dialect import MongoDialect
from app.repositories.mongo import connect
from app.security.keys import KeyVault
from app.settings import load_settings
from app.wiring.database import database_failures_explained, open_database
from app.wiring.repositories import Repositories, open_repositories
from tests.fakes.clock import FakeClock
from tests.fakes.database import with_options
from tests.fakes.replica_set import Command, ReplicaSet, faults, running_replica_set

SECRET = "a secret for tests, long enough to be one"


@pytest.fixture(scope="module")
def members() -> Iterator[ReplicaSet]:
    with running_replica_set() as members:
        yield members


@pytest.fixture
def database(members: ReplicaSet) -> Iterator[Database[Row]]:
    members.wait_for_primary()
    database = connect(members.uri, f"test_{new_id()}")
    yield database
    database.client.close()


def opened(database: Database[Row]) -> Repositories:
    with database_failures_explained():
        rows = open_repositories(database, MongoDialect(), KeyVault(SECRET), FakeClock())
        rows.ensure_indexes()
    return rows


def refusal(database: Database[Row]) -> str:
    """What is said of a start that fails while the collections are opened."""
    with pytest.raises(UnavailableError) as refused:
        opened(database)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def refusal_of(uri: str) -> str:
    """What is said of a start with this MONGODB_URI."""
    with ExitStack() as closing, pytest.raises(UnavailableError) as refused:
        open_database(load_settings(None, mongodb_uri=uri, secret_key=SECRET), closing, beside_service=False)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500
    return str(refused.value)


def makes_indexes(command: Command) -> bool:
    return command.name == "createIndexes"


def test_without_rights(members: ReplicaSet, database: Database[Row]) -> None:
    with members.strike(3, faults.refused(13), makes_indexes):
        assert "readWrite" in refusal(database)


def test_an_index_of_another_kind_in_the_way(database: Database[Row]) -> None:
    database["users"].create_index("email_key")

    said = refusal(database)

    assert "drop it" in said
    assert "email_key_1" in said


def test_rows_that_a_unique_index_does_not_allow(database: Database[Row]) -> None:
    database["users"].insert_many([{"email_key": "ana@example.com"}, {"email_key": "ana@example.com"}])

    assert "unique" in refusal(database)


def test_a_step_down_at_any_command_of_a_start_is_waited_out(members: ReplicaSet, database: Database[Row]) -> None:
    for _ in members.at_each_command(faults.before(lambda: members.step_down(0.01)), step=4):
        opened(database)


def test_a_start_without_any_primary(members: ReplicaSet) -> None:
    uri = with_options(members.uri, "serverSelectionTimeoutMS=300")
    members.wait_for_primary()
    members.step_down(1)

    assert "no primary" in refusal_of(uri)


def test_a_wrong_password(tmp_path: Path) -> None:
    embedded = EmbeddedDatabase(tmp_path)
    try:
        uri = embedded.start()
        user, _, _ = uri.removeprefix("mongodb://").partition(":")
        said = refusal_of(uri.replace(f"{user}:", f"{user}:not"))
    finally:
        embedded.stop()

    assert "password" in said
    assert "not" + uri[20:40] not in said


@pytest.mark.parametrize(
    ("uri", "named"),
    [
        ("mongodb://nohost.invalid/?serverSelectionTimeoutMS=300", "nohost.invalid"),
        ("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300", "127.0.0.1:1"),
        ("mongodb://127.0.0.1:port", "MONGODB_URI"),
        ("mongodb://ana:se/cret@127.0.0.1", "MONGODB_URI"),
    ],
)
def test_a_uri_that_leads_nowhere(uri: str, named: str) -> None:
    said = refusal_of(uri)

    assert named in said
    assert "cret" not in said


def test_first_starts_at_the_same_time(members: ReplicaSet, database: Database[Row]) -> None:
    with ThreadPoolExecutor(4) as starts:
        list(starts.map(lambda _: opened(database), range(4)))

    with MongoClient[Row](members.uri) as client:
        assert "email_key_1" in client[database.name]["users"].index_information()
