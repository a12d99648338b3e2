"""Who administers the service by the settings."""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.users import User


class NamedAdministrators:
    """Those whom ADMIN_EMAILS names, for as long as it does."""

    def __init__(self, emails: Iterable[str] = ()) -> None:
        self.emails = tuple(emails)
        self._folded = {email.casefold() for email in self.emails}

    def includes(self, email: str) -> bool:
        """Whether the settings name this address, in any case."""
        return email.casefold() in self._folded

    def with_role(self, user: User) -> User:
        """The user, as an administrator where the settings name them."""
        return replace(user, is_admin=user.is_admin or self.includes(user.email))
