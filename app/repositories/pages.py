"""Pages of rows, newest first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import merge
from itertools import islice

from bson import ObjectId
from pymongo import DESCENDING

from app.repositories.mongo import Row, Rows

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WINDOW_GROWTH = 8


@dataclass(frozen=True, slots=True)
class Span:
    """Where to look: nothing is older than `since`; `window` is the stretch of time that is tried first."""

    since: datetime = _EPOCH
    window: timedelta = timedelta(seconds=1)


_Read = Callable[[ObjectId, ObjectId | None, int], list[Row]]


def newest_first(
    rows: Rows,
    streams: Sequence[Row],
    before: str | None,
    limit: int,
    *,
    key: str = "_id",
    projection: Row | None = None,
    span: Span = Span(),
) -> list[Row]:
    """At most `limit` rows, descending by the id in the field `key`, older than the id `before`.

    Each stream is a filter with equality on a prefix of an index that ends in `key`.
    """
    find = _Find(rows, key, projection)
    pages = (_stream(partial(find.window, stream), before, limit, span) for stream in streams)
    return list(islice(merge(*pages, key=lambda row: row[key], reverse=True), limit))


def _stream(read: _Read, before: str | None, limit: int, span: Span) -> Iterator[Row]:
    """The rows of one stream, newest first, read in windows of time that grow until there are enough.

    MongoDB would stop at the limit by itself. The embedded database reads and sorts all that fits the filter
    (400 ms for 5,000 rows), so that without windows a page would cost more the more rows there are.
    """
    upper, width, missing = ObjectId(before) if before else None, span.window, limit
    start = upper.generation_time if upper else datetime.now(UTC)
    while missing > 0:
        start = span.since if start - span.since <= width else start - width
        found = read(ObjectId.from_datetime(start), upper, missing)
        yield from found
        if start == span.since:
            return
        missing -= len(found)
        upper, width = ObjectId.from_datetime(start), width * _WINDOW_GROWTH


@dataclass(frozen=True, slots=True)
class _Find:
    rows: Rows
    key: str
    projection: Row | None

    def window(self, stream: Row, lower: ObjectId, upper: ObjectId | None, limit: int) -> list[Row]:
        bounds = {"$gte": lower} | ({"$lt": upper} if upper else {})
        found = self.rows.find({**stream, self.key: bounds}, self.projection)
        return list(found.sort(self.key, DESCENDING).limit(limit))
