"""The connection, and what all repositories do with rows."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from bson import ObjectId
from pymongo import DESCENDING, MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

Row = dict[str, Any]
Rows = Collection[Row]

_TIMEOUT_MS = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_SKEW = timedelta(minutes=10)
_FIRST_WINDOW = timedelta(minutes=20)
_WINDOW_GROWTH = 8


def connect(uri: str, name: str) -> Database[Row]:
    """The database; no I/O happens before the first question. The URI's own options win over ours."""
    client: MongoClient[Row] = MongoClient(
        uri,
        tz_aware=True,
        appname="orquestradora",
        connectTimeoutMS=_TIMEOUT_MS,
        serverSelectionTimeoutMS=_TIMEOUT_MS,
        socketTimeoutMS=6 * _TIMEOUT_MS,
        maxPoolSize=256,
    )
    return client[name]


def newest_first(
    rows: Rows,
    streams: Sequence[Row],
    before: str | None,
    limit: int,
    *,
    projection: Row | None = None,
    since: datetime = _EPOCH,
) -> list[Row]:
    """At most `limit` rows, descending by `_id`, older than the id `before` and not made before `since`.

    Each stream is a filter with equality on a prefix of an index that ends in `_id`.
    """
    pages = (_stream(rows, stream, before, limit, projection, since) for stream in streams)
    return list(islice(merge(*pages, key=lambda row: row["_id"], reverse=True), limit))


def _stream(
    rows: Rows, stream: Row, before: str | None, limit: int, projection: Row | None, since: datetime
) -> Iterator[Row]:
    """The rows of one stream, newest first, read in windows of time that grow until there are enough.

    MongoDB would stop at the limit by itself. The embedded database reads and sorts all that fits the filter
    (400 ms for 5,000 rows), so that without windows a page would cost more the more rows there are.
    """
    newest, window, missing = before, _FIRST_WINDOW, limit
    start = ObjectId(before).generation_time if before else datetime.now(UTC) + _CLOCK_SKEW
    while missing > 0:
        start = max(start - window, since) if start - since > window else since
        bounds = {"$gte": ObjectId.from_datetime(start)} | ({"$lt": ObjectId(newest)} if newest else {})
        found = rows.find({**stream, "_id": bounds}, projection).sort("_id", DESCENDING).limit(missing)
        for row in found:
            missing -= 1
            yield row
        if start <= since:
            return
        newest, window = str(ObjectId.from_datetime(start)), window * _WINDOW_GROWTH
