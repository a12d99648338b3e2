"""The collection `users`."""

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.errors import ConflictError
from app.domain.rows import Row
from app.domain.users import User
from app.repositories.user_rows import VISIBLE, email_key, row_of, user_of


class UserRepository:
    """People who sign in; an e-mail address is theirs whatever its case."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["users"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("email_key", ASCENDING)], unique=True)
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

    def by_email(self, email: str) -> User | None:
        """The user with this e-mail address, in any case."""
        row = self._rows.find_one({"email_key": email_key(email)}, VISIBLE)
        return user_of(row) if row else None
