"""The connection to MongoDB: what the URI decides, and what it does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pymongo import ReadPreference, WriteConcern
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from app.domain.ids import new_id
from app.domain.rows import Row
from app.repositories.mongo import confirmed_later, connect
from tests.fakes.database import with_options

NOBODY = "mongodb://127.0.0.1:1"


@contextmanager
def connected(uri: str, name: str | None = None, **options: Any) -> Iterator[Database[Row]]:
    database = connect(uri, name, **options)
    try:
        yield database
    finally:
        database.client.close()


@pytest.mark.parametrize(
    "said", ["", "readPreference=secondaryPreferred&w=1&journal=false&readConcernLevel=available"]
)
def test_reads_go_to_the_primary_and_writes_to_the_majority(database_uri: str, said: str) -> None:
    with connected(with_options(database_uri, said)) as database:
        rows = database["anything"]

        assert rows.read_preference == ReadPreference.PRIMARY
        assert rows.write_concern == WriteConcern("majority", wtimeout=30_000)
        assert rows.read_concern == ReadConcern("local")


def test_writes_wait_for_the_disk_where_the_uri_says_so(database_uri: str) -> None:
    with connected(with_options(database_uri, "journal=true")) as database:
        rows = database["anything"]

        assert rows.write_concern == WriteConcern("majority", wtimeout=30_000, j=True)
        assert confirmed_later(rows).write_concern == WriteConcern("majority", wtimeout=30_000)


def test_a_database_that_is_connected_so_works(database_uri: str) -> None:
    name = f"test_{new_id()}"
    with connected(with_options(database_uri, "readPreference=nearest&w=1"), name) as database:
        database["rows"].insert_one({"_id": 1, "n": 1})
        database["rows"].update_many({}, {"$inc": {"n": 1}})
        found = database["rows"].find_one({"n": 2})
        database.client.drop_database(name)

    assert found == {"_id": 1, "n": 2}


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("", None, "orquestradora"),
        ("/", None, "orquestradora"),
        ("/loja", None, "loja"),
        ("/loja?appname=x", None, "loja"),
        ("/loja", "named", "named"),
        ("/admin", None, "orquestradora"),
        ("/admin?authSource=admin", "named", "named"),
    ],
)
def test_the_name_of_the_database(path: str, name: str | None, expected: str) -> None:
    with connected(NOBODY + path, name) as database:
        assert database.name == expected


def test_it_waits_for_an_election_and_has_a_connection_for_each_thread() -> None:
    with connected(NOBODY, threads=1024) as database:
        options = database.client.options

        assert options.server_selection_timeout == 25
        assert options.pool_options.max_pool_size > 1024
        assert options.pool_options.wait_queue_timeout == 20


def test_what_the_uri_says_of_times_and_sizes_counts() -> None:
    said = "/?serverSelectionTimeoutMS=300&maxPoolSize=7&waitQueueTimeoutMS=100"
    with connected(NOBODY + said, threads=1024) as database:
        options = database.client.options

        assert options.server_selection_timeout == 0.3
        assert (options.pool_options.max_pool_size, options.pool_options.wait_queue_timeout) == (7, 0.1)
