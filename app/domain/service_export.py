"""The export of everything that an administrator had made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_SILENCE = timedelta(minutes=2)


class ExportState(StrEnum):
    """How far it is; `NONE`: nobody had one made, or it was deleted."""

    NONE = "none"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ServiceExport:
    """An export; `done` of `total` rows and files are in `file`, as it was at `told_at`.

    `size` is in bytes, 0 until it is done. `error` is a sentence that says why it failed.
    """

    state: ExportState
    file: str = ""
    done: int = 0
    total: int = 0
    size: int = 0
    started_at: datetime | None = None
    told_at: datetime | None = None
    error: str | None = None

    def is_cut_off(self, now: datetime) -> bool:
        """Whether nobody works on it any more, as the process that did was stopped."""
        return self.state is ExportState.RUNNING and (self.told_at is None or now - self.told_at > _SILENCE)
