"""People who sign in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account; `email` keeps the spelling it was registered with."""

    id: str
    name: str
    email: str
    password_hash: str
    is_admin: bool
    created_at: datetime

    def may_touch(self, owner_id: str) -> bool:
        """Owners touch what is theirs, administrators everything."""
        return self.is_admin or owner_id == self.id
