"""The collection `users`."""

from collections.abc import Collection

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.errors import ConflictError
from app.domain.folding import fold
from app.domain.rows import Row
from app.domain.users import FoundUsers, User
from app.repositories.dialect import Dialect
from app.repositories.pages import newest_first
from app.repositories.user_rows import VISIBLE, email_key, ended_tokens, row_of, user_of

_LOOK = 500


class UserRepository:
    """People who sign in; an e-mail address is theirs whatever its case."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["users"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("email_key", ASCENDING)], unique=True)
        self._rows.create_index([("is_admin", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index(
            [("first", ASCENDING)],
            unique=True,
            partialFilterExpression={"first": True},
            name="one_first_user",
        )

    def any_exists(self) -> bool:
        """Whether anybody has registered yet."""
        return self._rows.find_one({"email_key": {"$gt": ""}}, {"_id": 1}) is not None

    def add(self, user: User) -> None:
        """Store a new user; raises `ConflictError` `email_taken`."""
        try:
            self._rows.insert_one(row_of(user))
        except DuplicateKeyError:
            raise ConflictError("This e-mail address is already registered.", code="email_taken") from None

    def add_first(self, user: User) -> bool:
        """Store the first user of an empty database; False when somebody else was first."""
        try:
            self._rows.insert_one(row_of(user) | {"first": True})
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, user_id: str) -> User | None:
        """The user with this id."""
        row = self._rows.find_one({"_id": ObjectId(user_id)}, VISIBLE)
        return user_of(row) if row else None

    def by_ids(self, user_ids: Collection[str]) -> list[User]:
        """The users with these ids, in any order."""
        rows = self._rows.find({"_id": {"$in": [ObjectId(one) for one in user_ids]}}, VISIBLE)
        return [user_of(row) for row in rows]

    def by_email(self, email: str) -> User | None:
        """The user with this e-mail address, in any case."""
        row = self._rows.find_one({"email_key": email_key(email)}, VISIBLE)
        return user_of(row) if row else None

    def page(self, before: str | None, limit: int) -> list[User]:
        """All users, newest first."""
        streams: list[Row] = [{"is_admin": True}, {"is_admin": False}]
        rows = newest_first(self._dialect, self._rows, streams, before, limit, projection=VISIBLE)
        return [user_of(row) for row in rows]

    def search(self, text: str, before: str | None, limit: int) -> FoundUsers:
        """Users in whose name or e-mail address a text is, newest first, as far as one request looks.

        Case and accents do not count. A whole e-mail address finds its user alone.
        """
        if exact := self.by_email(text):
            return FoundUsers([exact], None)
        needle, found, left = fold(text), list[User](), self._dialect.most_searched
        while left > 0:
            size = min(_LOOK, left)
            looked_at = self.page(before, size)
            for user in looked_at:
                if needle in fold(user.name) or needle in fold(user.email):
                    if len(found) == limit:
                        return FoundUsers(found, found[-1].id)
                    found.append(user)
            if len(looked_at) < size:
                return FoundUsers(found, None)
            before, left = looked_at[-1].id, left - size
        return FoundUsers(found, before)

    def administrators(self, emails: Collection[str]) -> list[User]:
        """Those who are administrators by their row or have one of these addresses, and are not blocked."""
        named = {"email_key": {"$in": [email_key(email) for email in emails]}}
        rows = [*self._rows.find({"is_admin": True}, VISIBLE), *self._rows.find(named, VISIBLE)]
        return [user for row in rows if not (user := user_of(row)).blocked]

    def change(self, user: User, *, is_admin: bool, blocked: bool) -> bool:
        """Change what a user is; False if somebody else did meanwhile. All tokens of a blocked user end."""
        unchanged = {
            "_id": ObjectId(user.id),
            "is_admin": user.is_admin,
            "blocked": True if user.blocked else {"$ne": True},
        }
        values = {"is_admin": is_admin, "blocked": blocked}
        change = ended_tokens(**values) if blocked else {"$set": values}
        return self._rows.update_one(unchanged, change).matched_count == 1

    def remove(self, user_id: str) -> None:
        """Delete a user."""
        self._rows.delete_one({"_id": ObjectId(user_id)})
