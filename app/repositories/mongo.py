"""The connection."""

from typing import Any

from pymongo import MongoClient
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
