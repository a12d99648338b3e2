"""The folder of the export of everything: one archive at most, and beside it how far it is."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from app.domain.service_export import ExportState, ServiceExport

_STATE = "state.json"


class ExportFolder:
    """Keeps what processes on this machine tell each other of the export; readable to the service's user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: str) -> Path:
        """Where an archive of this name lies."""
        return self._folder / file

    def read(self) -> ServiceExport:
        """What was told last; that there is none, if that cannot be read."""
        try:
            kept = json.loads((self._folder / _STATE).read_text())
            moments = {name: _moment(kept[name]) for name in ("started_at", "told_at")}
            return ServiceExport(**{**kept, **moments, "state": ExportState(kept["state"])})
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return ServiceExport(ExportState.NONE)

    def tell(self, export: ServiceExport) -> None:
        """Keep how far it is; raises `OSError`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f".{_STATE}.{os.getpid()}"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            json.dump(asdict(export), stream, default=datetime.isoformat)
        unfinished.replace(self._folder / _STATE)

    def clear(self) -> None:
        """Delete the archive, and what was told of it."""
        if self._folder.is_dir():
            for file in self._folder.iterdir():
                file.unlink(missing_ok=True)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
