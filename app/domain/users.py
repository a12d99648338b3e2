"""People who sign in, and the tokens that say who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What a user's token claims (RFC 7519): its id (`jti`), whose it is, their generation, when it expires."""

    id: str
    user_id: str
    generation: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account; `email` keeps the spelling it was registered with.

    Raising `token_generation` ends all tokens of earlier generations but `kept_token`, the id of one.
    """

    id: str
    name: str
    email: str
    password_hash: str
    is_admin: bool
    created_at: datetime
    blocked: bool = False
    token_generation: int = 0
    kept_token: str | None = None

    def accepts(self, token: Token) -> bool:
        """Whether a token of this user that nobody has signed out is still good."""
        is_current = token.generation == self.token_generation or token.id == self.kept_token
        return is_current and not self.blocked


@dataclass(frozen=True, slots=True)
class FoundUsers:
    """A page of a search, newest first, which may be short or empty though there is more to look through.

    The search goes on with users older than the id `next_before`; None: it has ended.
    """

    users: Sequence[User]
    next_before: str | None
