"""What all tests share: one database for the whole run, and what each start of a service would make anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded_database import EmbeddedDatabase, EmbeddedDialect
from app.knowledge.embedding import open_embedder
from app.repositories.mongo import connect
from app.security.keys import KeyVault
from app.wiring.repositories import open_repositories
from tests.fakes.clock import FakeClock
from tests.fakes.database import running_database


@pytest.fixture(scope="session")
def database_uri() -> Iterator[str]:
    """A running database: MONGODB_URI's where that is set, else an embedded one of our own."""
    with running_database() as uri:
        yield uri


@pytest.fixture(scope="session")
def bundled_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `DATA_DIR/models` with the bundled embedding model, converted once for all tests."""
    data_dir = tmp_path_factory.mktemp("bundled")
    open_embedder("bundled", None, None, data_dir, 60)
    return data_dir / "models"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `DATA_DIR/database` after a first start, which starts the database twice and makes its indexes."""
    data_dir = tmp_path_factory.mktemp("empty")
    embedded = EmbeddedDatabase(data_dir)
    database = connect(embedded.start())
    try:
        vault = KeyVault("a secret for tests, long enough to be one")
        open_repositories(database, EmbeddedDialect(), vault, FakeClock()).ensure_indexes()
    finally:
        database.client.close()
        embedded.stop()
    return data_dir / "database"
