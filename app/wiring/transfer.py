"""Everything the service keeps, out of one installation and into another."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from app.archive import Counts, Progress, export_archive, import_archive
from app.repositories.row_checks import is_readable
from app.security.secret import derive
from app.settings import Settings
from app.wiring.database import database_failures_explained, open_database
from app.wiring.engines import old_secrets_of, secret_of, vault_of
from app.wiring.repositories import open_repositories
from app.wiring.usage_rebuild import rebuild_all


def export_everything(settings: Settings, file: Path, progress: Progress) -> Counts:
    """Write the database's rows and the documents' files to `file`; raises `ArchiveError`."""
    with database_failures_explained(), ExitStack() as closing:
        database = open_database(settings, closing, beside_service=True).database
        fingerprint = fingerprint_of(secret_of(settings))
        folders = (settings.documents_dir, settings.media_dir)
        return export_archive(database, *folders, file, fingerprint=fingerprint, progress=progress)


def import_everything(settings: Settings, file: Path, progress: Progress) -> Counts:
    """Read what `export_everything` wrote into an empty database; raises `ArchiveError`."""
    with database_failures_explained(), ExitStack() as closing:
        opened = open_database(settings, closing, beside_service=True)
        vault = vault_of(settings)
        rows = open_repositories(opened.database, opened.dialect, vault, lambda: datetime.now(UTC))
        counts = import_archive(
            opened.database,
            settings.documents_dir,
            settings.media_dir,
            file,
            fingerprints={fingerprint_of(one) for one in (secret_of(settings), *old_secrets_of(settings))},
            is_readable=is_readable,
            make_indexes=rows.ensure_indexes,
            progress=progress,
        )
        # Chats and counters were not exported at one moment.
        for _ in rebuild_all(settings, opened):
            pass
        return counts


def fingerprint_of(secret: str) -> str:
    """Tells one SECRET_KEY from another without telling it: the keys in the database are encrypted under it."""
    return derive(secret, "archive fingerprint").hex()
