"""Who administers the service, and that somebody always does."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from app.domain.errors import ConflictError, OrquestradoraError
from app.domain.ids import new_id
from app.domain.users import User
from app.services.ports import Clock
from app.services.ports.accounts import AdministratorRemovals, ManagedUsers

_ANNOUNCED = timedelta(minutes=10)


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


class LastAdministrator:
    """Refuses to let the last administrator go, whoever else is leaving at the same moment.

    A removal is announced, then it is looked who would remain without all who are announced, and only then it is
    made. Of two that would together leave nobody at least one sees the other's announcement, so no lock is needed.
    An announcement that a crash leaves behind expires.
    """

    def __init__(
        self, users: ManagedUsers, removals: AdministratorRemovals, named: NamedAdministrators, clock: Clock
    ) -> None:
        self._users = users
        self._removals = removals
        self._named = named
        self._clock = clock

    @contextmanager
    def removing(self, user_id: str) -> Iterator[None]:
        """Goes around what makes an administrator none; raises `ConflictError` `last_administrator`."""
        removal = new_id()
        self._removals.announce(removal, user_id, self._clock() + _ANNOUNCED)
        leaving = self._removals.announced(self._clock())
        remaining = {user.id for user in self._users.administrators(self._named.emails)} - leaving
        if not remaining:
            self._removals.end(removal)
            raise ConflictError("The service needs an administrator who can sign in.", code="last_administrator")
        try:
            yield
        except OrquestradoraError:
            self._removals.end(removal)
            raise
        # Where the database failed nobody knows whether it was done; then the announcement is left to expire.
        self._removals.end(removal)
