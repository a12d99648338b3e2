"""The collections of the database at hand and of mongomock, for the same tests.

`-k mongomock` runs them in seconds and without a database. It is no evidence by itself: where mongomock does
something otherwise than MongoDB, a test says so with the marker `not_mongomock`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import mongomock
import pytest
from pymongo.database import Database

from app.domain.rows import Row
from app.repositories.dialect import Dialect, MongoDialect
from app.security.keys import KeyVault
from app.wiring.repositories import open_repositories
from tests.fakes.clock import FakeClock
from tests.fakes.database import dialect_of_tests, scratch_database
from tests.integration.rows import World

MONGOMOCK = "mongomock"


@pytest.fixture(scope="session", params=[MONGOMOCK, "database"])
def shared_world(request: pytest.FixtureRequest) -> Iterator[World]:
    clock = FakeClock()
    with _opened(request) as (database, dialect):
        vault = KeyVault("a secret for tests, long enough to be one")
        rows = open_repositories(database, dialect, vault, clock)
        rows.ensure_indexes()
        yield World(database, rows, clock)


@contextmanager
def _opened(request: pytest.FixtureRequest) -> Iterator[tuple[Database[Row], Dialect]]:
    if request.param == MONGOMOCK:
        client: Any = mongomock.MongoClient(tz_aware=True)
        yield client["test"], MongoDialect()
    else:
        with scratch_database(request.getfixturevalue("database_uri")) as database:
            yield database, dialect_of_tests()


@pytest.fixture(autouse=True)
def _only_where_it_is_right(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("not_mongomock")
    if marker and MONGOMOCK in request.node.name:
        pytest.skip(marker.args[0])
