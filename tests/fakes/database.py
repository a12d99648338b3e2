"""One database for many tests: an embedded one of their own, or the server that MONGODB_URI names."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pymongo.database import Database

from app.domain.rows import Row
from app.embedded_database import EmbeddedDatabase, EmbeddedDialect
from app.repositories.dialect import Dialect, MongoDialect
from app.repositories.mongo import connect

_SERVER = "MONGODB_URI"
# Set by `python -m tests.fakes.replica_set`: the server ends with the tests.
_GOES_AS_A_WHOLE = "MONGODB_IS_SCRATCH"


@contextmanager
def running_database() -> Iterator[str]:
    """The URI of a running database. It may be somebody's real server: work in a `scratch_database`.

    Writes to the embedded one do not wait for the disk, four milliseconds each: it goes as a whole in the end.
    """
    if server := os.environ.get(_SERVER):
        yield server
        return
    with tempfile.TemporaryDirectory() as folder:
        embedded = EmbeddedDatabase(Path(folder))
        try:
            yield embedded.start().replace("&journal=true", "")
        finally:
            embedded.stop()


def dialect_of_tests() -> Dialect:
    """That of the database at hand."""
    return MongoDialect() if os.environ.get(_SERVER) else EmbeddedDialect()


@contextmanager
def scratch_database(uri: str) -> Iterator[Database[Row]]:
    """A database under a name that nobody uses, connected as the service does it.

    It is dropped from a real server; the embedded one drops slowly, and goes as a whole.
    """
    database = connect(uri, f"test_{os.urandom(6).hex()}")
    try:
        yield database
    finally:
        if os.environ.get(_SERVER) and not os.environ.get(_GOES_AS_A_WHOLE):
            database.client.drop_database(database.name)
        database.client.close()


def with_options(uri: str, options: str) -> str:
    """The URI with more options, such as `w=1&maxPoolSize=7`."""
    base, _, present = uri.partition("?")
    path = base if "/" in base.partition("://")[2] else f"{base}/"
    return f"{path}?{'&'.join(filter(None, (present, options)))}"
