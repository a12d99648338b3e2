"""The usage of all assistants, made anew beside the service or alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

from app.settings import Settings
from app.wiring.database import OpenDatabase, database_failures_explained
from app.wiring.engines import open_whole_database, vault_of
from app.wiring.repositories import open_repositories
from app.wiring.usage import compose_usage

_ASSISTANTS_AT_ONCE = 500


def rebuild_usage(settings: Settings) -> Iterator[int]:
    """Rebuild the usage of one assistant after another; how many counters each has."""
    with database_failures_explained(), ExitStack() as closing:
        yield from rebuild_all(settings, open_whole_database(settings, closing, beside_service=True))


def rebuild_all(settings: Settings, opened: OpenDatabase) -> Iterator[int]:
    """The same in a database that is open."""
    rows = open_repositories(opened.database, opened.dialect, vault_of(settings), lambda: datetime.now(UTC))
    rebuild = compose_usage(settings, rows, lambda: datetime.now(UTC)).rebuild
    before: str | None = None
    while page := rows.assistants.page(None, before, _ASSISTANTS_AT_ONCE):
        yield from (rebuild.rebuild(assistant.id) for assistant in page)
        before = page[-1].id
