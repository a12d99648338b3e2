"""The collection `login_attempts`: how often somebody tried, forgotten after a while."""

from datetime import datetime, timedelta

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.rows import Row
from app.repositories.dialect import Dialect

# By how much the clocks of those who count at the same moment may differ.
_SKEW = timedelta(minutes=1)


class LoginAttemptRepository:
    """Counters that start anew when their window has passed; shared by all processes."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["login_attempts"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Let the database forget windows that have passed."""
        self._dialect.expire(self._rows, "expires_at", 0)

    def count(self, key: str, now: datetime, window: timedelta) -> tuple[int, datetime]:
        """Count one more attempt; returns the attempts in this window and when the window ends."""
        latest = now + window + _SKEW
        running = {"_id": key, "expires_at": {"$gt": now, "$lte": latest}}
        if not self._rows.update_one(running, {"$inc": {"count": 1}}).matched_count:
            # Windows that have passed, and those from before the clock was set back.
            for over in ({"$lte": now}, {"$gt": latest}):
                self._rows.delete_one({"_id": key, "expires_at": over})
            try:
                self._rows.insert_one({"_id": key, "count": 1, "expires_at": now + window})
            except DuplicateKeyError:
                self._rows.update_one({"_id": key}, {"$inc": {"count": 1}})
        row = self._rows.find_one({"_id": key})
        return (row["count"], row["expires_at"]) if row else (1, now + window)

    def take_back(self, key: str) -> None:
        """Count one attempt less."""
        self._rows.update_one({"_id": key, "count": {"$gt": 0}}, {"$inc": {"count": -1}})

    def forget(self, key: str) -> None:
        """Start anew for `key`."""
        self._rows.delete_one({"_id": key})
