"""Folders that have to take files."""

from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.storage.folders import check_writable, close_to_others


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    check_writable(tmp_path / "data" / "here", "DATA_DIR")

    assert list((tmp_path / "data" / "here").iterdir()) == []


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null", "/dev/null/data"])
def test_one_that_takes_no_files_is_named_with_its_setting(folder: str) -> None:
    with pytest.raises(UnavailableError, match=f"^DATA_DIR: {folder} cannot be written"):
        check_writable(Path(folder), "DATA_DIR")


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o2770, 0o777, 0o701])
def test_a_folder_that_others_can_enter_is_closed_to_them_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    tmp_path.chmod(mode)

    close_to_others(tmp_path, "DATA_DIR")

    assert tmp_path.stat().st_mode & 0o7777 == 0o700
    assert caplog.messages == [
        f"DATA_DIR: other users of this machine could enter {tmp_path} ({mode:04o}); it has mode 0700 now"
    ]


def test_a_closed_folder_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tmp_path.chmod(0o700)

    close_to_others(tmp_path, "DATA_DIR")

    assert caplog.messages == []


def test_a_folder_of_everybody_stays_so_and_that_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tmp_path.chmod(0o1777)

    close_to_others(tmp_path, "DATA_DIR")

    assert tmp_path.stat().st_mode & 0o7777 == 0o1777
    assert "give it mode 0700" in caplog.text
