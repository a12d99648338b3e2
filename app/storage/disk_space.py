"""Room on the disks of the folders that the service writes to."""

import os
from collections.abc import Mapping
from pathlib import Path

from app.domain.errors import DiskFullError
from app.domain.service_overview import Disk

RESERVE_BYTES = 32 * 2**20
"""What has to stay free: the embedded database brings on disk later what it has accepted, and stops if it cannot.

It writes a log in files of 10 MB, and at a checkpoint the pages that changed in a minute.
"""


class DiskSpace:
    """Whether there is room in folders, each named by its setting."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def require(self) -> None:
        """Raise `DiskFullError` if in one of them less than the reserve is free; some microseconds."""
        for setting, folder in self._folders.items():
            if free_bytes(folder) < RESERVE_BYTES:
                raise DiskFullError(setting)

    def spaces(self) -> list[Disk]:
        """How much is free on the disk of each, and how large that is; nothing of a folder that is not there."""
        return [Disk(setting, *_free_and_total(folder)) for setting, folder in self._folders.items()]

    def has_room(self) -> bool:
        """Whether `require` raises nothing."""
        return all(free_bytes(folder) >= RESERVE_BYTES for folder in self._folders.values())


def free_bytes(folder: Path) -> int:
    """What an ordinary user may still write there; raises `OSError`."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def _free_and_total(folder: Path) -> tuple[int, int]:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0, 0
    return disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
