"""A place for services to run in, where the embedding model was converted and the database made already."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.service import PROJECT


@pytest.fixture
def new_place(tmp_path: Path, bundled_models: Path) -> Path:
    """A folder for the first start of a service."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(bundled_models)
    assert not tmp_path.is_relative_to(PROJECT)
    return tmp_path


@pytest.fixture
def place(new_place: Path, empty_database: Path) -> Path:
    """A folder for one service, whose database was started once."""
    shutil.copytree(empty_database, new_place / "data" / "database")
    return new_place
