"""What a database holds that an archive may carry, and the mark of an import that has not ended."""

from pymongo.database import Database
from pymongo.errors import WriteConcernError

from app.archive.format import ArchiveError
from app.domain.rows import Row

_MARKER = "unfinished_import"
# What expires by itself, and belongs to one installation.
NOT_CARRIED = frozenset(
    {
        *("login_attempts", "usual_addresses", "administrator_removals", "mail_outbox", "request_counts"),
        *("presence", _MARKER),
    }
)
# What a start writes into an empty database, and the next start would write again; and what is written down of who
# has tried to sign in though nobody has an account. An installation that is used has more than these.
_WRITTEN_BEFORE_USE = frozenset({"embedding_models", "audit", "message_words_progress"})


def carried_collections(database: Database[Row]) -> list[str]:
    """The names of the collections that are exported, sorted."""
    names = database.list_collection_names()
    return sorted(name for name in names if name not in NOT_CARRIED and not name.startswith("system."))


def has_unfinished_import(database: Database[Row]) -> bool:
    """Whether an import into this database was cut off (or runs now): part of the rows are missing."""
    return database[_MARKER].find_one() is not None


def begin_import(database: Database[Row], archive_id: str) -> None:
    """Mark the database, if it is empty or has a cut-off import of the same archive; else `ArchiveError`.

    It is empty, too, if the service was started on it and nobody has used it.
    """
    marker = database[_MARKER].find_one()
    if marker is None:
        _require_empty(database)
        for name in _WRITTEN_BEFORE_USE:
            database[name].delete_many({})
        database[_MARKER].insert_one({"_id": archive_id})
    elif marker["_id"] != archive_id:
        raise ArchiveError(
            "An import of another file into this database was cut off. "
            "Import that file again, or start with an empty database."
        )


def end_import(database: Database[Row]) -> None:
    """The import is complete. (Drivers make this write again when the primary steps down, unlike a `drop`.)

    Where it was made and not confirmed it is made once more: without its mark the database counts as not empty, and
    the same file could not be imported again.
    """
    try:
        database[_MARKER].delete_one({})
    except WriteConcernError:
        database[_MARKER].delete_one({})


def _require_empty(database: Database[Row]) -> None:
    names = set(carried_collections(database)) - _WRITTEN_BEFORE_USE
    filled = sorted(name for name in names if database[name].find_one() is not None)
    if filled:
        raise ArchiveError(
            f"The database is not empty (there are rows in {', '.join(filled)}). "
            "An import needs an empty database: nothing in it is ever overwritten."
        )
