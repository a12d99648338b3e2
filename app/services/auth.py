"""Registering and signing in."""

from dataclasses import dataclass, field, replace
from typing import Literal

from app.domain.audit import AuditAction
from app.domain.errors import ForbiddenError, UnauthorizedError
from app.domain.ids import new_id
from app.domain.users import User
from app.security.password_rules import check_password
from app.services.administrators import NamedAdministrators
from app.services.audit import AuditLog, target_user
from app.services.login_throttle import LoginThrottle
from app.services.ports import Clock
from app.services.ports.accounts import Passwords, Users


@dataclass(frozen=True, slots=True)
class RegistrationPolicy:
    """Who may register (`first`: only the first user), and who is an administrator by e-mail address."""

    registration: Literal["open", "first", "closed"] = "open"
    administrators: NamedAdministrators = field(default_factory=NamedAdministrators)


class AuthService:
    """Knows people by e-mail and password."""

    def __init__(
        self,
        users: Users,
        throttle: LoginThrottle,
        passwords: Passwords,
        clock: Clock,
        policy: RegistrationPolicy,
        *,
        audit: AuditLog,
    ) -> None:
        self._users = users
        self._throttle = throttle
        self._passwords = passwords
        self._clock = clock
        self._registration = policy.registration
        self._administrators = policy.administrators
        self._audit = audit

    def register(self, name: str, email: str, password: str, address: str) -> User:
        """Make an account for somebody at this address.

        Raises `ForbiddenError` `registration_closed`, `InvalidError` (the password is too easily guessed),
        `ConflictError` `email_taken`.
        """
        user = self._add(name, email, password)
        self._throttle.remember(email, address, user.id)
        return user

    def register_invited(self, user_id: str, name: str, email: str, password: str, address: str) -> User:
        """Make an account with this id for somebody who was invited, whatever the policy is.

        Raises `InvalidError` (the password is too easily guessed), `ConflictError` `email_taken`.
        """
        check_password(password, email)
        user = User(user_id, name, email, self._passwords.hash(password), False, self._clock())
        with self._audit.change(user, AuditAction.REGISTER, target_user(user)):
            self._users.add(user)
        self._throttle.remember(email, address, user.id)
        return self._administrators.with_role(user)

    def login(self, email: str, password: str, address: str) -> User:
        """The user; raises `UnauthorizedError` `invalid_credentials`, `TooManyAttemptsError`.

        `ForbiddenError` `account_blocked` for who knows the password of a blocked account.
        """
        attempt = self._throttle.begin(email, address)
        user = self._users.by_email(email)
        matches = self._passwords.verify(password, user.password_hash if user else None)
        if not self._throttle.settle(attempt, user.id if user and matches else None) or user is None:
            self._audit.failed_login(user)
            raise UnauthorizedError("The e-mail address or the password is wrong.", code="invalid_credentials")
        if user.blocked:
            raise ForbiddenError("This account is blocked; ask an administrator.", code="account_blocked")
        self._audit.record(user, AuditAction.LOGIN, target_user(user))
        return self._administrators.with_role(user)

    def makes_administrator(self, email: str) -> bool:
        """Whether the settings make an administrator of whoever has this address."""
        return self._administrators.includes(email)

    def _add(self, name: str, email: str, password: str) -> User:
        empty = not self._users.any_exists()
        if self._registration == "closed" or (self._registration == "first" and not empty):
            raise _registration_closed()
        check_password(password, email)
        user = User(new_id(), name, email, self._passwords.hash(password), False, self._clock())
        with self._audit.change(user, AuditAction.REGISTER, target_user(user)):
            if empty and self._users.add_first(replace(user, is_admin=True)):
                return replace(user, is_admin=True)
            if self._registration == "first":
                raise _registration_closed()
            self._users.add(user)
        return self._administrators.with_role(user)


def _registration_closed() -> ForbiddenError:
    return ForbiddenError("Registration is closed on this server.", code="registration_closed")
