"""Keys: with which programs speak for an assistant."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.errors import ConflictError
from app.domain.ids import new_id
from app.domain.permissions import Scope

MOST_KEYS = 50
FIRST_KEY_SCOPES = frozenset({Scope.MESSAGES, Scope.HUMAN})
FIRST_KEY_NAME = "api_key"
_PREFIX_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an assistant without its secret; `hash` is what it is found by, `prefix` what people know it by.

    `is_first`: the one that the assistant shows as `api_key`. `per_minute`: how many requests it may make (None: as
    many as the settings allow). From `expires_at` on it is not taken any more.
    """

    id: str
    name: str
    hash: str
    prefix: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    per_minute: int | None = None
    last_used_at: datetime | None = None
    is_first: bool = False

    def is_good(self, now: datetime) -> bool:
        """Whether it is taken now."""
        return self.expires_at is None or self.expires_at > now


def first_key(secret: str, secret_hash: str, created_at: datetime) -> ApiKey:
    """The key that a new assistant has."""
    return ApiKey(
        id=new_id(),
        name=FIRST_KEY_NAME,
        hash=secret_hash,
        prefix=prefix_of(secret),
        scopes=FIRST_KEY_SCOPES,
        created_at=created_at,
        is_first=True,
    )


def prefix_of(secret: str) -> str:
    """The characters of a key that may be shown."""
    return secret[:_PREFIX_CHARACTERS]


def with_key_added(keys: tuple[ApiKey, ...], new: ApiKey, now: datetime) -> tuple[ApiKey, ...]:
    """The keys with another one, without those that have expired; raises `ConflictError` `too_many_keys`."""
    good = tuple(key for key in keys if key.is_good(now))
    if len(good) >= MOST_KEYS:
        sentence = f"An assistant has at most {MOST_KEYS} keys; delete one first."
        raise ConflictError(sentence, code="too_many_keys")
    return (*good, new)


def with_key_replaced(
    keys: tuple[ApiKey, ...], old: ApiKey, new: ApiKey, grace: timedelta, now: datetime
) -> tuple[ApiKey, ...]:
    """The keys with `new` in the place of `old`, which is taken for the time of `grace` yet.

    Raises `ConflictError` `too_many_keys`.
    """
    ends_at = now + grace if old.expires_at is None else min(old.expires_at, now + grace)
    ending = replace(old, expires_at=ends_at, is_first=False)
    others = tuple(ending if key.id == old.id else key for key in keys)
    return with_key_added(others, replace(new, is_first=old.is_first), now)
