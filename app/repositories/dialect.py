"""Where databases that speak MongoDB's protocol have to be asked in different ways."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING, ReturnDocument

from app.domain.rows import Row
from app.repositories.mongo import Rows

_FIRST_ID = ObjectId(bytes(12))


class Dialect(Protocol):
    """The one switch between MongoDB and the embedded database.

    `wiring` gives a repository the dialect of its database. Repositories are written for MongoDB; where the
    embedded database cannot do the same at a bearable price, the question becomes a method here, and its
    answer for the embedded one is in `embedded_database/dialect.py`.
    """

    @property
    def everything(self) -> Row:
        """A filter that fits all chats, on an index that goes on with `_id`."""
        ...

    @property
    def assistants_a_stream(self) -> int:
        """How many assistants one filter of a list may name without being slower than several filters."""
        ...

    @property
    def most_searched(self) -> int:
        """How many rows one request may look through for a text that no index finds."""
        ...

    def newest(
        self,
        rows: Rows,
        wanted: Row,
        *,
        key: str,
        since: ObjectId | None,
        before: ObjectId | None,
        limit: int,
        projection: Row | None,
    ) -> Iterator[Row]:
        """At most `limit` rows that fit `wanted`, descending by the id in the field `key`.

        `wanted` has equality on a prefix of an index that ends in `key`. No id is older than `since`, and
        all are older than `before` (None: no bound);
        rows without such an id are left out.
        """
        ...

    def update_and_read(self, rows: Rows, row_id: ObjectId, condition: Row, change: Row) -> Row | None:
        """Change the row with this id if it meets `condition`, and return it; None, and no change, if not.

        What is returned has the change, and may have others that came after it.
        """
        ...

    @property
    def serves_one_process(self) -> bool:
        """Whether no other process of the service works on the database."""
        ...

    def update_if(
        self, rows: Rows, row_id: ObjectId, condition: Row, values: Row, removed: Sequence[str] = ()
    ) -> bool:
        """Set `values` on the row with this id, and remove fields, if it meets `condition`; whether it did.

        The condition compares fields that the row has: with a value, or by one operator (`{"$gt": value}`). A row
        that meets it has not all of the values yet.
        """
        ...

    def newest_chats(
        self, chats: Rows, conversations: Sequence[tuple[ObjectId, ObjectId]], before: ObjectId | None, limit: int
    ) -> list[Row]:
        """At most `limit` chats of these conversations, newest first, of ids older than `before`.

        A conversation comes with the id of its latest chat; that with the latest one comes first.
        """
        ...

    def expire(self, rows: Rows, field: str, seconds: int) -> None:
        """Make an index on `field`, and have each row deleted some time after `seconds` have passed since then."""
        ...

    def delete_expired(self, now: datetime) -> None:
        """Delete what has expired, where the server does not do that by itself."""
        ...


class MongoDialect:
    """MongoDB 6, 7, 8: an index gives rows in order and stops at the limit."""

    everything: Row = {}  # noqa: RUF012
    # An index is merged in order for up to 200 values (`internalQueryMaxScansToExplode`), for each of two states.
    assistants_a_stream = 100
    # Some tens of milliseconds.
    most_searched = 10_000
    serves_one_process = False

    def newest(
        self,
        rows: Rows,
        wanted: Row,
        *,
        key: str,
        since: ObjectId | None,
        before: ObjectId | None,
        limit: int,
        projection: Row | None,
    ) -> Iterator[Row]:
        """One find, sorted and limited."""
        bounds = {"$gte": since or _FIRST_ID} | ({"$lt": before} if before else {})
        yield from rows.find({**wanted, key: bounds}, projection).sort(key, DESCENDING).limit(limit)

    def update_and_read(self, rows: Rows, row_id: ObjectId, condition: Row, change: Row) -> Row | None:
        """One command."""
        matching = {**condition, "_id": row_id}
        return rows.find_one_and_update(matching, change, return_document=ReturnDocument.AFTER)

    def update_if(
        self, rows: Rows, row_id: ObjectId, condition: Row, values: Row, removed: Sequence[str] = ()
    ) -> bool:
        """A filter."""
        change: Row = {"$set": values, **({"$unset": dict.fromkeys(removed, "")} if removed else {})}
        return rows.update_one({**condition, "_id": row_id}, change).matched_count == 1

    def newest_chats(
        self, chats: Rows, conversations: Sequence[tuple[ObjectId, ObjectId]], before: ObjectId | None, limit: int
    ) -> list[Row]:
        """One find: the index gives the chats of each conversation in order, and the server merges them."""
        of_these = {"conversation_id": {"$in": [one for one, _ in conversations]}}
        older = {"_id": {"$lt": before}} if before else {}
        return list(chats.find({**of_these, **older}).sort("_id", DESCENDING).limit(limit))

    def expire(self, rows: Rows, field: str, seconds: int) -> None:
        """A TTL index."""
        rows.create_index([(field, ASCENDING)], expireAfterSeconds=seconds)

    def delete_expired(self, now: datetime) -> None:
        """The server does."""
