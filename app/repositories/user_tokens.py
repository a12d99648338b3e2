"""Which tokens of a user are good; part of the user's row in the collection `users`."""

from datetime import datetime

from bson import ObjectId
from pymongo.database import Database

from app.domain.rows import Row
from app.domain.users import Token, User
from app.repositories.own_writes import OwnWrites, ReadUntilWritten
from app.repositories.user_rows import VISIBLE, ended_tokens, user_of

_SIGNED_OUT = "signed_out"
_MOST_SIGNED_OUT = 1000


class UserTokenRepository:
    """Tokens that were signed out are listed until they expire; all others end by their generation."""

    def __init__(self, database: Database[Row], writes: OwnWrites | None = None) -> None:
        self._rows = database["users"]
        self._known: ReadUntilWritten[User | None] = ReadUntilWritten(writes, ("users",))

    def user_of(self, token: Token) -> User | None:
        """The user whose token this is, unless it was signed out; one query at most."""
        return self._known.get(f"{token.user_id} {token.id}", lambda: self._read(token))

    def sign_out(self, token: Token, now: datetime) -> None:
        """End one token. Where 1,000 have been ended that could still be used, end all of the user's tokens."""
        user: Row = {"_id": ObjectId(token.user_id)}
        self._rows.update_one(user, {"$pull": {_SIGNED_OUT: {"expires_at": {"$lte": now}}}})
        entry = {"id": token.id, "expires_at": token.expires_at}
        has_room = {**user, f"{_SIGNED_OUT}.{_MOST_SIGNED_OUT - 1}": {"$exists": False}}
        if not self._rows.update_one(has_room, {"$push": {_SIGNED_OUT: entry}}).matched_count:
            self._rows.update_one(user, ended_tokens(**{_SIGNED_OUT: []}))

    def change_password(self, user: User, password_hash: str, kept_token: str | None) -> bool:
        """End all tokens but one with the old password; False if the password was changed meanwhile."""
        unchanged = {"_id": ObjectId(user.id), "password_hash": user.password_hash}
        change = ended_tokens(password_hash=password_hash, kept_token=kept_token, resets=[])
        return self._rows.update_one(unchanged, change).matched_count == 1

    def _read(self, token: Token) -> User | None:
        wanted = {"_id": ObjectId(token.user_id), f"{_SIGNED_OUT}.id": {"$ne": token.id}}
        row = self._rows.find_one(wanted, VISIBLE)
        return user_of(row) if row else None
