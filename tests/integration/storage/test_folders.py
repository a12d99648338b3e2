"""Folders that have to take files."""

from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.storage.folders import check_writable


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    check_writable(tmp_path / "data" / "here", "DATA_DIR")

    assert list((tmp_path / "data" / "here").iterdir()) == []


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null", "/dev/null/data"])
def test_one_that_takes_no_files_is_named_with_its_setting(folder: str) -> None:
    with pytest.raises(UnavailableError, match=f"^DATA_DIR: {folder} cannot be written"):
        check_writable(Path(folder), "DATA_DIR")
