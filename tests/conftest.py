"""What all tests share: one database for the whole run."""

from collections.abc import Iterator

import pytest

from tests.fakes.database import running_database


@pytest.fixture(scope="session")
def database_uri() -> Iterator[str]:
    """A running database: MONGODB_URI's where that is set, else an embedded one of our own."""
    with running_database() as uri:
        yield uri
