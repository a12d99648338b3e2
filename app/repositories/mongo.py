"""The connection."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

Row = dict[str, Any]
Rows = Collection[Row]

_OPTIONS: dict[str, Any] = {
    "appname": "orquestradora",
    "connectTimeoutMS": 10_000,
    "serverSelectionTimeoutMS": 10_000,
    "socketTimeoutMS": 60_000,
    "maxPoolSize": 256,
}


def connect(uri: str, name: str) -> Database[Row]:
    """The database; no I/O happens before the first question. The URI's own options win over ours."""
    in_uri = {option.lower() for option in parse_qs(urlsplit(uri).query)}
    options = {option: value for option, value in _OPTIONS.items() if option.lower() not in in_uri}
    client: MongoClient[Row] = MongoClient(uri, tz_aware=True, **options)
    return client[name]
