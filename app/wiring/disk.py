"""What the service does about a full disk."""

from collections.abc import Callable

from app.domain.disk_full import is_disk_full
from app.domain.errors import DiskFullError, ModelError, OrquestradoraError, UnavailableError
from app.repositories.failures import as_unavailable, is_passing
from app.settings import Settings
from app.storage.disk_space import DiskSpace


def disk_of(settings: Settings) -> DiskSpace:
    """The folders that have to have room for the service to be ready."""
    return DiskSpace({"DATA_DIR": settings.data_dir, "DOCUMENTS_DIR": settings.documents_dir})


def database_disk_of(settings: Settings) -> DiskSpace:
    """The folder without which no row can be written: that of the embedded database; none with MongoDB."""
    return DiskSpace({} if settings.mongodb_uri else {"DATA_DIR": settings.data_dir})


def error_translator(settings: Settings) -> Callable[[Exception], OrquestradoraError | None]:
    """Which of our errors an error of the database or the disk is; None for a bug."""
    disk = database_disk_of(settings)

    def translated(error: Exception) -> OrquestradoraError | None:
        if is_disk_full(error):
            return DiskFullError()
        unavailable = as_unavailable(error)
        return DiskFullError() if unavailable and not disk.has_room() else unavailable

    return translated


def outage_teller(settings: Settings) -> Callable[[BaseException], bool]:
    """Whether an error says no more than that the disk, the database or another part cannot be used right now.

    Libraries do not always say that they failed for want of room: while there is none, every error is one of these.
    """
    disk = disk_of(settings)

    def is_outage(error: BaseException) -> bool:
        known = isinstance(error, UnavailableError | ModelError) or is_passing(error) or is_disk_full(error)
        return known or not _has_room(disk)

    return is_outage


def _has_room(disk: DiskSpace) -> bool:
    try:
        return disk.has_room()
    except OSError:  # a folder is not there, as before the first start
        return True
