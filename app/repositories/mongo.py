"""The connection, and what all repositories do with rows."""

from collections.abc import Sequence
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


def newest_first(rows: Rows, streams: Sequence[Row], before: str | None, limit: int) -> list[Row]:
    """At most `limit` rows, descending by `_id`, older than the id `before`.

    Each stream is a filter with equality on a prefix of an index that ends in `_id`: every page, the first and
    the thousandth, costs the same few index reads.
    """
    older = {"_id": {"$lt": ObjectId(before)}} if before else {}
    pages = (rows.find({**stream, **older}).sort("_id", DESCENDING).limit(limit) for stream in streams)
    return list(islice(merge(*pages, key=lambda row: row["_id"], reverse=True), limit))
