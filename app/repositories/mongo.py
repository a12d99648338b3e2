"""The connection to MongoDB, and writes that are made again when they fail."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import PyMongoError, ServerSelectionTimeoutError, WaitQueueTimeoutError
from pymongo.monitoring import CommandListener
from pymongo.read_concern import ReadConcern

from app.domain.rows import Row
from app.repositories.failures import is_passing

_log = logging.getLogger(__name__)

T = TypeVar("T")
Rows = Collection[Row]

DEFAULT_DATABASE = "orquestradora"
# MongoDB's own databases; a URI names `admin` in its path to say where the user is defined, not where to store.
_SYSTEM_DATABASES = frozenset({"admin", "config", "local"})
# Of the process itself: workers that index documents, periodic tasks, readiness.
_BACKGROUND_CONNECTIONS = 64
_MAJORITY_MS = 30_000
_OPTIONS: dict[str, Any] = {
    "appname": "orquestradora",
    "connectTimeoutMS": 10_000,
    # An election takes up to 12 s (median, as MongoDB's manual says) with the default settings.
    "serverSelectionTimeoutMS": 25_000,
    "socketTimeoutMS": 60_000,
    "waitQueueTimeoutMS": 20_000,
}
# For what nobody waits for: who asks is told to come again. A server that answers is waited for. The driver looks
# for one every half second, and one late answer of it is no outage.
_PROMPT_OPTIONS: dict[str, Any] = {
    "connectTimeoutMS": 2_000,
    "serverSelectionTimeoutMS": 750,
    "socketTimeoutMS": 5_000,
    "waitQueueTimeoutMS": 700,
}
# These come after a long wait for a primary or a connection.
_WAITED = (ServerSelectionTimeoutError, WaitQueueTimeoutError)
_REPEATS = 3
_REPEAT_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.1


def connect(
    uri: str,
    name: str | None = None,
    *,
    threads: int = 64,
    listeners: Sequence[CommandListener] = (),
    promptly: bool = False,
) -> Database[Row]:
    """The database `name`; without a name, the one in the URI's path, or `orquestradora`.

    No I/O happens before the first command. `threads` are those that may use it at the same time, and `listeners`
    hear of each command. The options in the URI win over ours, except what correctness rests on: reads go to the
    primary, and the majority acknowledges a write (or it raises `WTimeoutError` after 30 s), which waits for the
    disk where the URI says `journal=true`. Reads are `local`, not `majority`: after a duplicate key the row that
    holds the key must be found, though the majority may not have it yet.

    `promptly`: while there is no primary, commands fail within a second, whatever the URI says.
    """
    in_uri = {option.lower() for option in parse_qs(urlsplit(uri).query)}
    options = {**_OPTIONS, "maxPoolSize": threads + _BACKGROUND_CONNECTIONS}
    chosen = {option: value for option, value in options.items() if option.lower() not in in_uri}
    if promptly:
        chosen |= _PROMPT_OPTIONS
    client: MongoClient[Row] = MongoClient(uri, tz_aware=True, event_listeners=listeners, **chosen)
    journal = client.write_concern.document.get("j") or None
    return client.get_database(
        name or _named_in_path(client),
        read_preference=ReadPreference.PRIMARY,
        write_concern=WriteConcern("majority", wtimeout=_MAJORITY_MS, j=journal),
        read_concern=ReadConcern("local"),
    )


def confirmed_later(rows: Rows) -> Rows:
    """The same rows, for writes that count only once a later write is confirmed, and need not wait for the disk.

    So it is where the URI says `journal=true`; what is left is MongoDB's default, by which the majority's
    acknowledgement waits for the disk all the same.
    """
    concern = {name: value for name, value in rows.write_concern.document.items() if name != "j"}
    return rows.with_options(write_concern=WriteConcern(**concern))


def delete_if_any(rows: Rows, wanted: Row) -> None:
    """Delete the rows that fit, for sweeps that mostly find none: after a deletion, even of nothing, the embedded
    database rewrites its store at the next start.
    """
    if rows.find_one(wanted, {"_id": 1}) is not None:
        repeated(lambda: rows.delete_many(wanted))


def _named_in_path(client: MongoClient[Row]) -> str:
    named = client.get_default_database(DEFAULT_DATABASE).name
    return DEFAULT_DATABASE if named in _SYSTEM_DATABASES else named


def repeated(write: Callable[[], T]) -> T:
    """Make a write that may be made twice; again, up to three times in 30 s, when it fails for a passing reason.

    For what the driver does not retry by itself: `update_many`, `delete_many`, `create_index`. An attempt waits for
    the next primary as long as the selection of a server may take. Raises what the last attempt raised.
    """
    begun, pause = time.monotonic(), _FIRST_PAUSE_SECONDS
    for _ in range(_REPEATS):
        try:
            return write()
        except PyMongoError as error:
            is_late = isinstance(error, _WAITED) or time.monotonic() + pause - begun > _REPEAT_SECONDS
            if is_late or not is_passing(error):
                raise
            _log.warning("A write is made again after %s", type(error).__name__)
        time.sleep(pause)
        pause *= 4
    return write()
