"""What becomes of an export that cannot be written."""

import time
from pathlib import Path

import pytest

from app.domain.errors import ConflictError, DiskFullError, UnavailableError
from app.domain.service_export import ExportState, ServiceExport
from app.domain.users import User
from app.services.service_export import ExportService, Progress, WriteArchive
from tests.fakes.audit import audit_of_tests
from tests.fakes.clock import FakeClock

ADA = User("6" * 24, "Ada", "ada@example.com", "", True, FakeClock()())


class _Files:
    """An export folder in memory."""

    def __init__(self) -> None:
        self.told = [ServiceExport(ExportState.NONE)]

    def path(self, file: str) -> Path:
        return Path("/nowhere", file)

    def read(self) -> ServiceExport:
        return self.told[-1]

    def tell(self, export: ServiceExport) -> None:
        self.told.append(export)

    def clear(self) -> None:
        self.told = [ServiceExport(ExportState.NONE)]


class _Disk:
    def __init__(self) -> None:
        self.is_full = False

    def require(self) -> None:
        if self.is_full:
            raise DiskFullError


def _ended(write: WriteArchive, files: _Files, disk: _Disk, clock: FakeClock) -> ServiceExport:
    exports = ExportService(files, write, disk.require, clock, audit_of_tests())
    exports.start(ADA)
    deadline = time.monotonic() + 10
    while files.read().state is ExportState.RUNNING:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return files.read()


def test_a_failure_of_ours_is_told_as_it_says() -> None:
    def write(file: Path, progress: Progress) -> None:
        raise UnavailableError("The database is away.")

    export = _ended(write, _Files(), _Disk(), FakeClock())

    assert (export.state, export.error) == (ExportState.FAILED, "The database is away.")


def test_of_a_bug_the_log_tells_more() -> None:
    def write(file: Path, progress: Progress) -> None:
        raise ValueError("a secret")

    export = _ended(write, _Files(), _Disk(), FakeClock())

    assert export.state is ExportState.FAILED
    assert "secret" not in str(export.error)


def test_it_stops_before_the_disk_is_full_and_tells_how_far_it_is() -> None:
    disk, clock, files = _Disk(), FakeClock(), _Files()

    def write(file: Path, progress: Progress) -> None:
        clock.advance(seconds=2)
        progress(10, 100)
        assert (files.read().done, files.read().total) == (10, 100)
        disk.is_full = True
        clock.advance(seconds=2)
        progress(20, 100)

    export = _ended(write, files, disk, clock)

    assert (export.state, export.error) == (ExportState.FAILED, DiskFullError().message)


def test_none_begins_on_a_full_disk() -> None:
    disk, files = _Disk(), _Files()
    disk.is_full = True
    exports = ExportService(files, lambda file, progress: None, disk.require, FakeClock(), audit_of_tests())

    with pytest.raises(DiskFullError):
        exports.start(ADA)

    assert files.read().state is ExportState.NONE


def test_one_at_a_time() -> None:
    clock, files = FakeClock(), _Files()
    files.tell(ServiceExport(ExportState.RUNNING, told_at=clock()))
    exports = ExportService(files, lambda file, progress: None, _Disk().require, clock, audit_of_tests())

    with pytest.raises(ConflictError):
        exports.start(ADA)
