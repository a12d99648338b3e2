"""How a user is stored."""

import unicodedata

from bson import ObjectId

from app.domain.rows import Row
from app.domain.users import User

VISIBLE = {"signed_out": 0, "resets": 0}
"""All of a row but the lists that are looked into where they are, and not read with the user."""


def email_key(email: str) -> str:
    """An e-mail address as it is looked up: whatever its case, and however its accents are encoded."""
    return unicodedata.normalize("NFC", email).casefold()


def row_of(user: User) -> Row:
    """A new user's row."""
    return {
        "_id": ObjectId(user.id),
        "name": user.name,
        "email": user.email,
        "email_key": email_key(user.email),
        "password_hash": user.password_hash,
        "is_admin": user.is_admin,
        "blocked": user.blocked,
        "token_generation": user.token_generation,
        "kept_token": user.kept_token,
        "createdAt": user.created_at,
    }


def user_of(row: Row) -> User:
    """The user; rows of versions without sessions lack what belongs to these."""
    return User(
        id=str(row["_id"]),
        name=row["name"],
        email=row["email"],
        password_hash=row["password_hash"],
        is_admin=row["is_admin"],
        created_at=row["createdAt"],
        blocked=row.get("blocked", False),
        token_generation=row.get("token_generation", 0),
        kept_token=row.get("kept_token"),
    )


def ended_tokens(**values: object) -> Row:
    """The change of a row that ends all tokens of a user, but for `kept_token` among the other `values` to set."""
    return {"$inc": {"token_generation": 1}, "$set": {"kept_token": None, **values}}
