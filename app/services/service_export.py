"""Exports everything the service keeps into one file, for administrators to download."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from app.domain.audit import AuditAction, Target
from app.domain.callers import Caller
from app.domain.errors import ConflictError, NotFoundError, OrquestradoraError
from app.domain.ids import new_id
from app.domain.service_export import ExportState, ServiceExport
from app.services.access import check_administrator
from app.services.audit import AuditLog
from app.services.ports import Clock

_log = logging.getLogger(__name__)

_KEPT = timedelta(hours=24)
_TOLD_EVERY = timedelta(seconds=1)

Progress = Callable[[int, int], None]
WriteArchive = Callable[[Path, Progress], object]
"""Writes the archive to a file, which appears when it is complete; raises `OrquestradoraError`."""


class ExportFiles(Protocol):
    """Where the archive lies, and how far it is."""

    def path(self, file: str) -> Path: ...
    def read(self) -> ServiceExport: ...
    def tell(self, export: ServiceExport) -> None: ...
    def clear(self) -> None: ...


class ExportService:
    """One export at a time, in a thread; everybody but administrators gets `ForbiddenError` `not_allowed`.

    `require_room` raises `DiskFullError`: an export must not take the room that the database needs.
    """

    def __init__(
        self,
        files: ExportFiles,
        write: WriteArchive,
        require_room: Callable[[], None],
        clock: Clock,
        audit: AuditLog,
    ) -> None:
        self._files = files
        self._write = write
        self._require_room = require_room
        self._clock = clock
        self._audit = audit
        self._starting = threading.Lock()

    def state(self, caller: Caller) -> ServiceExport:
        """How far the export is."""
        check_administrator(caller)
        return self._current()

    def start(self, caller: Caller) -> ServiceExport:
        """Begin one in place of the one before; raises `ConflictError` `export_under_way`, `DiskFullError`."""
        check_administrator(caller)
        self._require_room()
        with self._starting:
            if self._current().state is ExportState.RUNNING:
                raise ConflictError("An export is under way.", code="export_under_way")
            self._audit.record(caller, AuditAction.SERVICE_EXPORT, Target("service"))
            self._files.clear()
            now = self._clock()
            export = ServiceExport(ExportState.RUNNING, f"{new_id()}.gz", started_at=now, told_at=now)
            self._files.tell(export)
        threading.Thread(target=self._work, args=(export,), name="export", daemon=True).start()
        return export

    def file(self, caller: Caller) -> tuple[ServiceExport, Path]:
        """The archive; raises `NotFoundError` while there is none."""
        check_administrator(caller)
        export = self._current()
        path = self._files.path(export.file)
        if export.state is not ExportState.DONE or not path.is_file():
            raise NotFoundError("export")
        return export, path

    def delete(self, caller: Caller) -> None:
        """Delete the archive; raises `ConflictError` `export_under_way`."""
        check_administrator(caller)
        if self._current().state is ExportState.RUNNING:
            raise ConflictError("An export is under way.", code="export_under_way")
        self._files.clear()

    def sweep(self) -> None:
        """Delete an archive that was made a day ago: it holds everything there is."""
        export = self._current()
        if export.state is not ExportState.RUNNING and export.told_at and self._clock() - export.told_at > _KEPT:
            self._files.clear()

    def _current(self) -> ServiceExport:
        export = self._files.read()
        if export.is_cut_off(self._clock()):
            return replace(export, state=ExportState.FAILED, error="The export was cut off; begin it again.")
        return export

    def _work(self, export: ServiceExport) -> None:
        path = self._files.path(export.file)
        try:
            self._write(path, self._progress_of(export))
            size = path.stat().st_size
            self._end(export, state=ExportState.DONE, size=size)
        except OrquestradoraError as error:
            self._end(export, state=ExportState.FAILED, error=error.message)
        except Exception:
            _log.exception("The export failed")
            self._end(export, state=ExportState.FAILED, error="The export failed; the log says why.")

    def _progress_of(self, export: ServiceExport) -> Progress:
        told_at = self._clock()

        def tell(done: int, total: int) -> None:
            nonlocal told_at
            now = self._clock()
            if now - told_at >= _TOLD_EVERY:
                self._require_room()
                self._files.tell(replace(export, done=done, total=total, told_at=now))
                told_at = now

        return tell

    def _end(self, export: ServiceExport, **changes: object) -> None:
        try:
            self._files.tell(replace(export, told_at=self._clock(), **changes))  # type: ignore[arg-type]
        except OSError:
            _log.exception("How the export ended could not be written down")
