"""A service one of whose folders is a small file system of its own, in a mount namespace."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.service import PROJECT, Service, launch

_NAMESPACE = ("unshare", "--map-root-user", "--mount", "sh", "-c")
_MEGABYTES = 160


@dataclass
class SmallDisk:
    """The service, and its folder as it is in there."""

    service: Service
    folder: Path

    def fill(self) -> None:
        """Take all the room there is."""
        file = os.open(self.folder / "filler", os.O_WRONLY | os.O_CREAT, 0o600)
        for size in (65536, 4096, 1):
            try:
                while True:
                    os.write(file, b"x" * size)
            except OSError:
                continue
        os.close(file)

    def free(self) -> None:
        """Give it back."""
        (self.folder / "filler").unlink()


def require_namespaces() -> None:
    """Skip the test where no file system can be mounted."""
    mounting = [*_NAMESPACE, "mount -t tmpfs tmpfs /mnt"]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")


@contextmanager
def running_on_small_disk(place: Path, folder: str) -> Iterator[SmallDisk]:
    """A service that is signed in to, with a file system of 160 MB at `folder`, "data" or "documents"."""
    models = (place / "data" / "models").resolve()
    (place / "documents").mkdir()
    script = (
        f"mount -t tmpfs -o size={_MEGABYTES}m,mode=700 tmpfs {folder}; "
        f"[ -e data/models ] || ln -s {models} data/models; exec {sys.executable} {PROJECT / 'main.py'}"
    )
    service = launch(place, [*_NAMESPACE, script])
    service.sign_in()
    try:
        yield SmallDisk(service, Path(f"/proc/{service.process.pid}/root{place}/{folder}"))
    finally:
        service.stop()
