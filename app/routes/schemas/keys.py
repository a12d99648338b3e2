"""Keys of assistants."""

from datetime import timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field

from app.domain.keys import ApiKey
from app.domain.permissions import Scope
from app.routes.schemas.common import AnswerModel, Id, Moment, Name, QueryModel, RequestModel, Text
from app.services.keys import KeyRequest

# Strict models take no texts for members of an enumeration, and none for times.
_Scopes = Annotated[list[Annotated[Scope, Field(strict=False)]], Field(min_length=1, max_length=20)]
_ExpiresAt = Annotated[AwareDatetime, Field(strict=False)]


class KeyIn(RequestModel):
    """A new key."""

    name: Name
    scopes: _Scopes = Field(description="What it is good for")
    expires_at: _ExpiresAt | None = Field(None, description="With offset; null: it does not expire")
    per_minute: int | None = Field(
        None, ge=1, le=1_000_000, description="At most so many requests, and no more than the service allows"
    )

    def to_request(self) -> KeyRequest:
        """What the service is to make."""
        return KeyRequest(self.name, frozenset(self.scopes), self.expires_at, self.per_minute)


class RotationIn(RequestModel):
    """A new key in the place of another."""

    key_id: Text | None = Field(None, description="null: the assistant's `api_key`")
    grace_hours: int = Field(ge=0, le=168, description="How long the old one is good yet")

    def grace(self) -> timedelta:
        """How long the old key is good yet."""
        return timedelta(hours=self.grace_hours)


class KeyQuery(QueryModel):
    """Which key."""

    key_id: str


class KeyOut(AnswerModel):
    """A key without its secret."""

    id: Id
    name: str
    prefix: str = Field(description="How it begins")
    scopes: list[Scope]
    per_minute: int | None
    created_at: Moment
    last_used_at: Moment | None = Field(description="To the minute")
    expires_at: Moment | None
    is_api_key: bool = Field(description="Whether the assistant shows it as `api_key`")

    @classmethod
    def of(cls, key: ApiKey) -> "KeyOut":
        return cls(**_shown(key))


class NewKeyOut(KeyOut):
    """A new key."""

    key: str = Field(description="What a program sends as `X-API-Key`; shown this once")

    @classmethod
    def of_new(cls, key: ApiKey, secret: str) -> "NewKeyOut":
        return cls(**_shown(key), key=secret)


def _shown(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "per_minute": key.per_minute,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "expires_at": key.expires_at,
        "is_api_key": key.is_first,
    }
