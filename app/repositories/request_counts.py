"""The collection `request_counts`: what each process counted lately, for the others to see."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pymongo
from pymongo import ASCENDING, ReplaceOne, WriteConcern
from pymongo.database import Database
from pymongo.errors import PyMongoError

from app.domain.errors import UnavailableError
from app.domain.ids import new_id
from app.domain.rate_limits import Bucket, Counts
from app.domain.rows import Row
from app.repositories.dialect import Dialect

_AT_ONCE = 500


class RequestCountRepository:
    """One row a process and key, which only that process writes.

    The primary's word is enough for a write: what an election loses, the next exchange writes again.
    """

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["request_counts"].with_options(write_concern=WriteConcern(1))
        self._dialect = dialect
        self._process = new_id()

    def ensure_indexes(self) -> None:
        """Find a key's rows, and let the database forget those that have expired."""
        self._rows.create_index([("key", ASCENDING)])
        self._dialect.expire(self._rows, "expires_at", 0)

    def exchange(self, counts: Sequence[Counts], seconds: float) -> Mapping[str, Sequence[Bucket]]:
        """Store these instead of what this process stored before; return what the others have of each of them.

        Takes no longer than `seconds`. Raises `UnavailableError`.
        """
        found: dict[str, list[Bucket]] = {one.key: [] for one in counts}
        try:
            with pymongo.timeout(seconds):
                for start in range(0, len(counts), _AT_ONCE):
                    self._exchange(counts[start : start + _AT_ONCE], found)
        except PyMongoError as error:
            raise UnavailableError(f"The database fails: {type(error).__name__}.") from error
        return found

    def _exchange(self, counts: Sequence[Counts], found: Mapping[str, list[Bucket]]) -> None:
        self._rows.bulk_write([self._replacement(one) for one in counts], ordered=False)
        for row in self._rows.find({"key": {"$in": [one.key for one in counts]}}):
            if row["process"] != self._process:
                found[row["key"]] += [Bucket(*one) for one in row["buckets"]]

    def _replacement(self, counts: Counts) -> ReplaceOne[Row]:
        row_id = f"{counts.key}@{self._process}"
        row = {
            "_id": row_id,
            "key": counts.key,
            "process": self._process,
            "buckets": [list(one) for one in counts.buckets],
            "expires_at": datetime.fromtimestamp(counts.expires, UTC),
        }
        return ReplaceOne({"_id": row_id}, row, upsert=True)
