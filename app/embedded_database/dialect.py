"""What the embedded database has to be asked in another way than MongoDB."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection

from app.domain.rows import Row

_WINDOW = timedelta(seconds=1)
_WINDOW_GROWTH = 8
_SPARE = 1.5
# Customers write a few messages a day: mostly one look finds what a conversation was about.
_CONVERSATION_WINDOW = timedelta(days=1)
_CHAT_WINDOWS = (timedelta(hours=1), _CONVERSATION_WINDOW, timedelta(days=30), None)


class EmbeddedDialect:
    """The questions of `repositories.dialect.Dialect`, so that the embedded database reads few rows for them."""

    # A range of `_id` alone goes through the whole collection; all chats have this version.
    everything: Row = {"v": 1}  # noqa: RUF012
    # `$in` goes through the whole collection.
    assistants_a_stream = 1
    # Half a second.
    most_searched = 2_000
    # Its folder is locked.
    serves_one_process = True

    def __init__(self) -> None:
        self._expiring: list[tuple[Collection[Row], str, timedelta]] = []

    def newest(
        self,
        rows: Collection[Row],
        wanted: Row,
        *,
        key: str,
        since: ObjectId | None,
        before: ObjectId | None,
        limit: int,
        projection: Row | None,
    ) -> Iterator[Row]:
        """Rows in windows of time that grow until there are enough.

        The embedded database reads and sorts all that fits a filter (400 ms for 5,000 rows) before it looks at
        the limit: without windows, a page would cost more the more rows there are.
        """
        oldest = since or ObjectId(bytes(12))
        start = before.generation_time if before else datetime.now(UTC)
        upper, width, missing = before, _first_window(wanted), limit
        while missing > 0:
            start -= min(width, start - oldest.generation_time)
            lower = max(oldest, ObjectId.from_datetime(start))
            bounds = {"$gte": lower} | ({"$lt": upper} if upper else {})
            found = list(rows.find({**wanted, key: bounds}, projection).sort(key, DESCENDING).limit(missing))
            yield from found
            if lower == oldest:
                return
            missing -= len(found)
            upper, width = lower, width * _growth(len(found), missing)

    def update_and_read(self, rows: Collection[Row], row_id: ObjectId, condition: Row, change: Row) -> Row | None:
        """An update, then a read: `find_one_and_update` goes through the whole collection, even by `_id`.

        The id comes first in the filter: behind a field that begins an index, no row is found.
        """
        if not rows.update_one({"_id": row_id, **condition}, change).matched_count:
            return None
        return rows.find_one({"_id": row_id})

    def update_if(
        self,
        rows: Collection[Row],
        row_id: ObjectId,
        condition: Row,
        values: Row,
        removed: Sequence[str] = (),
    ) -> bool:
        """The condition is put into the change.

        For each field of a filter but a single `_id` the embedded database looks through the descriptions of all
        indexes again, several times: .7 of the 2.4 ms of a commit.
        """
        changed: Row = {"$mergeObjects": ["$$ROOT", {"$literal": values}]}
        for field in removed:
            changed = {"$setField": {"field": field, "input": changed, "value": "$$REMOVE"}}
        change = [{"$replaceWith": {"$cond": [_expression(condition), changed, "$$ROOT"]}}]
        return rows.update_one({"_id": row_id}, change).modified_count == 1

    def newest_chats(
        self,
        chats: Collection[Row],
        conversations: Sequence[tuple[ObjectId, ObjectId]],
        before: ObjectId | None,
        limit: int,
    ) -> list[Row]:
        """One conversation after another, until the rest is older than the page: `$in` reads and sorts all."""
        found: list[Row] = []
        for conversation_id, latest in conversations:
            if len(found) == limit and found[-1]["_id"] > latest:
                break
            found += _newest_of(chats, conversation_id, latest, before, limit)
            found = sorted(found, key=lambda row: row["_id"], reverse=True)[:limit]
        return found

    def expire(self, rows: Collection[Row], field: str, seconds: int) -> None:
        """A plain index: what is to be deleted is remembered.

        For a TTL index the embedded database reads the whole collection every minute. The thread that does it keeps
        its view of the store until its next round, and with that all that is written over: a row that is written
        often grows to megabytes within a minute, and its page can no longer be written out, for which all wait.
        """
        index = rows.index_information().get(f"{field}_1", {})
        if "expireAfterSeconds" in index:
            rows.drop_index(f"{field}_1")
        rows.create_index([(field, ASCENDING)])
        self._expiring.append((rows, field, timedelta(seconds=seconds)))

    def delete_expired(self, now: datetime) -> None:
        """Delete the rows of each collection that `expire` was called for."""
        for rows, field, kept in self._expiring:
            expired = {field: {"$lt": now - kept}}
            if rows.find_one(expired, {"_id": 1}) is not None:
                rows.delete_many(expired)


def _growth(found: int, missing: int) -> float:
    """How much wider the next window is to be, after one with so many rows: all that is in it is read."""
    return min(_WINDOW_GROWTH, _SPARE * missing / found) if found else _WINDOW_GROWTH


def _newest_of(
    chats: Collection[Row], conversation_id: ObjectId, latest: ObjectId, before: ObjectId | None, limit: int
) -> list[Row]:
    """The newest chats of a conversation; all that fit a filter are read, so a look back begins with an hour."""
    newest = min(before or latest, latest).generation_time
    found: list[Row] = []
    for window in _CHAT_WINDOWS:
        bounds = {"$gte": ObjectId.from_datetime(newest - window)} if window else {}
        bounds |= {"$lt": before} if before else {}
        said = {"conversation_id": conversation_id} | ({"_id": bounds} if bounds else {})
        found = list(chats.find(said).sort("_id", DESCENDING).limit(limit))
        if len(found) == limit:
            break
    return found


def _expression(condition: Row) -> Row:
    """A condition of a filter as an expression of an aggregation."""
    comparisons = []
    for field, wanted in condition.items():
        operator, value = next(iter(wanted.items())) if isinstance(wanted, dict) else ("$eq", wanted)
        comparisons.append({operator: [f"${field}", {"$literal": value}]})
    return {"$and": comparisons}


def _first_window(wanted: Row) -> timedelta:
    return _CONVERSATION_WINDOW if "conversation_id" in wanted else _WINDOW
