"""Services to be put under stress: real processes, with a database and folders of their own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from app.domain.rows import Row
from tests.e2e.service import running
from tests.fakes.database import scratch_database
from tests.stress.callers import Callers, calling

SECRET = "a secret for tests, long enough to be one"
Started = Callable[..., AbstractContextManager[Callers]]


@pytest.fixture
def database(database_uri: str) -> Iterator[Database[Row]]:
    """An empty database, for `two_processes` and for who wants to look into it."""
    with scratch_database(database_uri) as empty:
        yield empty


@pytest.fixture
def two_processes(tmp_path: Path, bundled_models: Path, database_uri: str, database: Database[Row]) -> Started:
    """Starts two processes on one database, with the settings it is given, and an assistant to call."""

    @contextmanager
    def start(**settings: Any) -> Iterator[Callers]:
        one, two = (make_place(tmp_path / name, bundled_models) for name in ("one", "two"))
        shared: dict[str, Any] = {
            "MONGODB_URI": database_uri,
            "MONGODB_DB": database.name,
            "SECRET_KEY": SECRET,
            "DOCUMENTS_DIR": tmp_path / "documents",
            "LOG_LEVEL": "WARNING",
            **settings,
        }
        with (
            running(one, **shared) as first,
            running(two, **shared) as second,
            calling((first, second), first.make_assistant()) as callers,
        ):
            yield callers

    return start


@pytest.fixture
def place(tmp_path: Path, bundled_models: Path) -> Path:
    """An empty folder for one service."""
    return make_place(tmp_path / "service", bundled_models)


def make_place(folder: Path, models: Path) -> Path:
    """A folder for a service, where the embedding model was converted already."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "models").symlink_to(models)
    return folder
