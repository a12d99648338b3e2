"""Keys as they are stored in the row of their assistant."""

from collections.abc import Iterable

from bson import ObjectId

from app.domain.keys import FIRST_KEY_NAME, FIRST_KEY_SCOPES, ApiKey
from app.domain.permissions import Scope
from app.domain.rows import Row


def keys_of(row: Row) -> tuple[ApiKey, ...]:
    """The keys of an assistant's row, oldest first; a row of version 0.1.0 has one, at its top."""
    if "keys" not in row and "key_hash" in row:
        return (_only_key(row),)
    return tuple(
        ApiKey(
            id=str(one["_id"]),
            name=one["name"],
            hash=one["hash"],
            prefix=one["prefix"],
            scopes=frozenset(map(Scope, one["scopes"])),
            created_at=one["createdAt"],
            expires_at=one["expires_at"],
            per_minute=one["per_minute"],
            last_used_at=one["last_used_at"],
            is_first=one["first"],
        )
        for one in row.get("keys", ())
    )


def key_rows(keys: Iterable[ApiKey]) -> list[Row]:
    """Keys as they are stored."""
    return [
        {
            "_id": ObjectId(key.id),
            "name": key.name,
            "hash": key.hash,
            "prefix": key.prefix,
            "scopes": sorted(key.scopes),
            "createdAt": key.created_at,
            "expires_at": key.expires_at,
            "per_minute": key.per_minute,
            "last_used_at": key.last_used_at,
            "first": key.is_first,
        }
        for key in keys
    ]


def _only_key(row: Row) -> ApiKey:
    return ApiKey(
        id=str(row["_id"]),
        name=FIRST_KEY_NAME,
        hash=row["key_hash"],
        prefix="",
        scopes=FIRST_KEY_SCOPES,
        created_at=row["createdAt"],
        is_first=True,
    )
