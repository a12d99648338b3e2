"""The collections of one empty database, for all tests of repositories; each test makes ids of its own."""

from collections.abc import Iterator

import pytest

from app.security.keys import KeyVault
from app.wiring.repositories import Repositories, open_repositories
from tests.fakes.clock import FakeClock
from tests.fakes.database import dialect_of_tests, scratch_database
from tests.integration.rows import World


@pytest.fixture(scope="session")
def shared_world(database_uri: str) -> Iterator[World]:
    clock = FakeClock()
    with scratch_database(database_uri) as database:
        vault = KeyVault("a secret for tests, long enough to be one")
        rows = open_repositories(database, dialect_of_tests(), vault, clock)
        rows.ensure_indexes()
        yield World(database, rows, clock)


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """The database, its collections, and a clock that goes right again after the test."""
    yield shared_world
    shared_world.clock.offset *= 0


@pytest.fixture
def rows(world: World) -> Repositories:
    return world.rows
