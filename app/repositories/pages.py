"""Pages of rows, newest first."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice

from bson import ObjectId

from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.mongo import Rows


def newest_first(
    dialect: Dialect,
    rows: Rows,
    streams: Sequence[Row],
    before: str | None,
    limit: int,
    *,
    key: str = "_id",
    since: str | None = None,
    projection: Row | None = None,
) -> list[Row]:
    """At most `limit` rows, descending by the id in the field `key`, of ids older than `before`.

    Each stream is a filter with equality on a prefix of an index that ends in `key`; no row is in two of them at
    the same time. None is older than the id `since`.
    """
    pages = (
        dialect.newest(
            rows, stream, key=key, since=_id(since), before=_id(before), limit=limit, projection=projection
        )
        for stream in streams
    )
    return list(islice(_each_once(merge(*pages, key=lambda row: row[key], reverse=True)), limit))


def _each_once(rows: Iterable[Row]) -> Iterator[Row]:
    """A row that moved into another stream after the first was read is in both."""
    seen: set[ObjectId] = set()
    for row in rows:
        if row["_id"] not in seen:
            seen.add(row["_id"])
            yield row


def _id(text: str | None) -> ObjectId | None:
    return ObjectId(text) if text else None
