"""Tokens with which users may choose a new password; part of the user's row in the collection `users`."""

from datetime import datetime

from bson import ObjectId
from pymongo.database import Database

from app.domain.rows import Row
from app.domain.users import User
from app.repositories.user_rows import VISIBLE, ended_tokens, user_of

_MOST = 5


class PasswordResetRepository:
    """At most five tokens of a user are kept, the newest ones, by their hashes."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["users"]

    def add(self, user_id: str, token_hash: str, expires_at: datetime) -> None:
        """A new token of a user."""
        entry = {"hash": token_hash, "expires_at": expires_at}
        change = {"$push": {"resets": {"$each": [entry], "$slice": -_MOST}}}
        self._rows.update_one({"_id": ObjectId(user_id)}, change)

    def user_of(self, user_id: str, token_hash: str, now: datetime) -> User | None:
        """The user, if the token is theirs and can be used."""
        row = self._rows.find_one(_usable(user_id, token_hash, now), VISIBLE)
        return user_of(row) if row else None

    def use(self, user_id: str, token_hash: str, now: datetime, password_hash: str) -> bool:
        """Change the password and end all tokens of the user, in one step; False if this token is none any more."""
        change = ended_tokens(password_hash=password_hash, resets=[])
        return self._rows.update_one(_usable(user_id, token_hash, now), change).matched_count == 1


def _usable(user_id: str, token_hash: str, now: datetime) -> Row:
    unexpired = {"hash": token_hash, "expires_at": {"$gt": now}}
    return {"_id": ObjectId(user_id), "resets": {"$elemMatch": unexpired}}
