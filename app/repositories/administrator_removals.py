"""The collection `administrator_removals`: which administrators are being made none at this moment."""

from datetime import datetime

from bson import ObjectId
from pymongo.database import Database

from app.domain.rows import Row
from app.repositories.dialect import Dialect


class AdministratorRemovalRepository:
    """Announcements that everybody can see before anything is done, and that expire."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["administrator_removals"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Let the database forget what a crash left behind."""
        self._dialect.expire(self._rows, "expires_at", 0)

    def announce(self, removal_id: str, user_id: str, until: datetime) -> None:
        """A user is about to be no administrator any more."""
        row = {"_id": ObjectId(removal_id), "user_id": ObjectId(user_id), "expires_at": until}
        self._rows.insert_one(row)

    def announced(self, now: datetime) -> set[str]:
        """The ids of all users of whom this is so."""
        return {str(row["user_id"]) for row in self._rows.find({"expires_at": {"$gt": now}})}

    def end(self, removal_id: str) -> None:
        """It was done, or is not going to be done."""
        self._rows.delete_one({"_id": ObjectId(removal_id)})
