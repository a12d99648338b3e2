"""What all tests share: one database for the whole run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.knowledge.embedding import open_embedder
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
