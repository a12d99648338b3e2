"""Room on real disks."""

from pathlib import Path

import pytest

from app.domain.errors import DiskFullError
from app.storage.disk_space import RESERVE_BYTES, DiskSpace, free_bytes


def test_there_is_room_here(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > RESERVE_BYTES
    assert DiskSpace({"DATA_DIR": tmp_path}).has_room()
    DiskSpace({"DATA_DIR": tmp_path}).require()


def test_a_file_system_without_blocks_is_full(tmp_path: Path) -> None:
    disk = DiskSpace({"DATA_DIR": tmp_path, "DOCUMENTS_DIR": Path("/proc")})

    assert not disk.has_room()
    with pytest.raises(DiskFullError) as refused:
        disk.require()
    assert (refused.value.folder, refused.value.code) == ("DOCUMENTS_DIR", "disk_full")
    assert refused.value.retry_after > 0


def test_no_folder_is_never_full() -> None:
    assert DiskSpace({}).has_room()


def test_how_much_room_there_is(tmp_path: Path) -> None:
    here, nowhere = DiskSpace({"DATA_DIR": tmp_path, "DOCUMENTS_DIR": tmp_path / "gone"}).spaces()

    assert here.setting == "DATA_DIR"
    assert 0 < here.free <= here.total
    assert (nowhere.setting, nowhere.free, nowhere.total) == ("DOCUMENTS_DIR", 0, 0)
