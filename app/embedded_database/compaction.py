"""Rewriting the store, so that deleted texts are in none of its files.

WiredTiger frees the blocks of deleted rows and keeps their bytes until it needs the room. So the rows that are left
are copied into a new store, and the old one is deleted.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from app.embedded_database.errors import EmbeddedDatabaseError
from app.embedded_database.folder import DatabaseFolder
from app.embedded_database.opening import make_store, serve
from app.embedded_database.server import client

_log = logging.getLogger(__name__)

MAX_BYTES_AT_START = 32 * 1024 * 1024
"""About 10,000 chats, which are copied in ten seconds."""
_CALL_SECONDS = 120.0
_ROWS_AT_ONCE = 500
_OWN_DATABASES = frozenset({"admin", "config", "local"})
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)


def compact(folder: DatabaseFolder) -> None:
    """Copy all rows and indexes into a new store and delete the old one, whose files hold deleted rows, too.

    Takes about a second for 1,000 rows, and as much room as the rows take. A crash leaves one of the two stores.
    Raises `DatabaseInUseError` while the database runs, and `EmbeddedDatabaseError`.
    """
    with folder.lock() as lock:
        if folder.store.exists():
            try:
                _rewrite(folder, lock)
            except (PyMongoError, OSError) as error:
                raise EmbeddedDatabaseError(f"The embedded database could not be compacted: {error}") from error
            finally:
                folder.drop_unfinished_store()
        folder.forget_deletions()


def compact_at_start(folder: DatabaseFolder) -> None:
    """Compact a small store out of which something was deleted; a failure is logged, and the old store stays."""
    if not folder.has_deletions():
        return
    if folder.store_bytes() > MAX_BYTES_AT_START:
        _log.warning(
            "Deleted texts are still in the files of the embedded database, which is too large to be rewritten "
            "at a start: stop the service and run `python -m app compact`"
        )
        return
    try:
        compact(folder)
    except EmbeddedDatabaseError as error:
        _log.warning("Deleted texts are still in the files of the embedded database: %s", error)
    else:
        _log.info("The embedded database was compacted: deleted texts are gone from its files")


def _rewrite(folder: DatabaseFolder, lock: int) -> None:
    password, never = folder.password(), threading.Event()
    make_store(folder, lock, password, never)
    with ExitStack() as closing:
        clients = []
        for store in (folder.store, folder.unfinished_store):
            server = serve(folder, lock, store, password, never)
            closing.callback(server.stop)
            clients.append(closing.enter_context(client(server.uri, _CALL_SECONDS)))
        _copy(*clients)
    folder.replace_store()


def _copy(source: "MongoClient[Any]", target: "MongoClient[Any]") -> None:
    for name in source.list_database_names():
        if name not in _OWN_DATABASES:
            for collection in source[name].list_collection_names():
                _copy_collection(source[name], target[name], collection)


def _copy_collection(source: Database[Any], target: Database[Any], name: str) -> None:
    """The indexes first: they take longest on a collection that has rows already."""
    target.create_collection(name)
    indexes = [_definition(index) for index in source[name].list_indexes() if index["name"] != "_id_"]
    if indexes:
        target.command("createIndexes", name, indexes=indexes)
    rows = source.get_collection(name, codec_options=_RAW)
    copies = target.get_collection(name, codec_options=_RAW)
    copied = 0
    for batch in _batches(rows.find()):
        copies.insert_many(batch, ordered=False)
        copied += len(batch)
    found = copies.count_documents({})
    if found != copied:
        raise EmbeddedDatabaseError(f"A copy of {name} has {found} rows instead of {copied}.")


def _definition(index: Any) -> dict[str, Any]:
    return {option: value for option, value in index.items() if option not in {"ns", "v"}}


def _batches(rows: Iterator[RawBSONDocument]) -> Iterator[Sequence[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
