"""A place for services to run in, where the embedding model was converted already."""

from pathlib import Path

import pytest

from tests.e2e.service import PROJECT


@pytest.fixture
def place(tmp_path: Path, bundled_models: Path) -> Path:
    """An empty folder for one service."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(bundled_models)
    assert not tmp_path.is_relative_to(PROJECT)
    return tmp_path
