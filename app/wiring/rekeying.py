"""The secrets in the database, under another SECRET_KEY."""

from contextlib import ExitStack

from app.repositories.stored_secrets import Rekeyed, StoredSecrets
from app.settings import Settings
from app.wiring.database import database_failures_explained
from app.wiring.engines import open_whole_database, vault_of


def rekey(settings: Settings) -> Rekeyed:
    """Encrypt under SECRET_KEY what is encrypted under one of SECRET_KEYS_OLD, beside the service or alone.

    Raises `UnavailableError`, `ArchiveError`.
    """
    with database_failures_explained(), ExitStack() as closing:
        database = open_whole_database(settings, closing, beside_service=True).database
        return StoredSecrets(database, vault_of(settings)).rekey()
