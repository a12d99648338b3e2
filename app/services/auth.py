"""Registering and signing in."""

import hashlib
import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from app.domain.errors import ForbiddenError, TooManyAttemptsError, UnauthorizedError
from app.domain.ids import is_id, new_id
from app.domain.users import User
from app.security.password_rules import check_password
from app.services.ports import Clock
from app.services.ports.accounts import LoginAttempts, Passwords, Users

_WINDOW = timedelta(minutes=15)
_FAILURES_PER_ACCOUNT = 10
_FAILURES_PER_ADDRESS = 50


@dataclass(frozen=True, slots=True)
class RegistrationPolicy:
    """Who may register (`first`: only the first user), and who is an administrator by e-mail address."""

    registration: Literal["open", "first", "closed"] = "open"
    admin_emails: tuple[str, ...] = ()


class AuthService:
    """Knows people by e-mail and password."""

    def __init__(
        self,
        users: Users,
        attempts: LoginAttempts,
        passwords: Passwords,
        clock: Clock,
        policy: RegistrationPolicy,
    ) -> None:
        self._users = users
        self._attempts = attempts
        self._passwords = passwords
        self._clock = clock
        self._registration = policy.registration
        self._admin_emails = {email.casefold() for email in policy.admin_emails}

    def register(self, name: str, email: str, password: str) -> User:
        """Make an account.

        Raises `ForbiddenError` `registration_closed`, `InvalidError` (the password is too easily guessed),
        `ConflictError` `email_taken`.
        """
        empty = not self._users.any_exists()
        if self._registration == "closed" or (self._registration == "first" and not empty):
            raise _registration_closed()
        check_password(password, email)
        user = User(new_id(), name, email, self._passwords.hash(password), False, self._clock())
        if empty and self._users.add_first(replace(user, is_admin=True)):
            return replace(user, is_admin=True)
        if self._registration == "first":
            raise _registration_closed()
        self._users.add(user)
        return self._with_role(user)

    def login(self, email: str, password: str, address: str) -> User:
        """The user; raises `UnauthorizedError` `invalid_credentials`, `TooManyAttemptsError`.

        An attempt is counted before the password is looked at, so that a thousand at once are not a thousand
        guesses; a success takes it back.
        """
        account_key, address_key = f"account:{_digest(email.casefold())}", f"address:{_digest(address)}"
        self._count(address_key, _FAILURES_PER_ADDRESS)
        self._count(account_key, _FAILURES_PER_ACCOUNT)
        user = self._users.by_email(email)
        matches = self._passwords.verify(password, user.password_hash if user else None)
        if user is None or not matches:
            raise UnauthorizedError("The e-mail address or the password is wrong.", code="invalid_credentials")
        self._attempts.forget(account_key)
        self._attempts.take_back(address_key)
        return self._with_role(user)

    def user(self, user_id: str) -> User | None:
        """The user a token speaks of, if there still is one."""
        found = self._users.by_id(user_id) if is_id(user_id) else None
        return self._with_role(found) if found else None

    def _with_role(self, user: User) -> User:
        return replace(user, is_admin=user.is_admin or user.email.casefold() in self._admin_emails)

    def _count(self, key: str, limit: int) -> None:
        now = self._clock()
        count, until = self._attempts.count(key, now, _WINDOW)
        if count > limit:
            seconds = max(1, math.ceil((until - now).total_seconds()))
            raise TooManyAttemptsError("Too many failed attempts to sign in; try again later.", seconds)


def _registration_closed() -> ForbiddenError:
    return ForbiddenError("Registration is closed on this server.", code="registration_closed")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
