"""The collection `usual_addresses`: where accounts signed in from, as digests, forgotten after a while."""

from collections.abc import Collection
from datetime import datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated


class UsualAddressRepository:
    """One row for each key: an account and an address together, or an address alone."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["usual_addresses"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need, and let the database forget."""
        self._dialect.expire(self._rows, "expires_at", 0)
        self._rows.create_index([("user_id", ASCENDING)], sparse=True)

    def among(self, keys: Collection[str], now: datetime) -> set[str]:
        """Those of a few keys that are remembered."""
        rows = self._rows.find({"_id": {"$in": list(keys)}}, {"expires_at": 1})
        return {row["_id"] for row in rows if row["expires_at"] > now}

    def remember(self, key: str, until: datetime, user_id: str | None = None) -> None:
        """Remember a key, which is `user_id`'s where it is of an account."""
        owned: Row = {"user_id": ObjectId(user_id)} if user_id else {}
        self._rows.update_one({"_id": key}, {"$set": {"expires_at": until, **owned}}, upsert=True)

    def forget_user(self, user_id: str) -> None:
        """Forget all of an account's keys."""
        repeated(lambda: self._rows.delete_many({"user_id": ObjectId(user_id)}))
