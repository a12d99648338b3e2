"""Links with which people who forgot their password choose a new one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from app.domain.audit import AuditAction
from app.domain.errors import InvalidError
from app.domain.ids import is_id
from app.domain.users import User
from app.security.one_time_tokens import new_token, token_hash
from app.security.password_rules import check_password
from app.services.audit import AuditLog, target_user
from app.services.login_throttle import LoginThrottle
from app.services.ports import Clock
from app.services.ports.accounts import Passwords, ResetTokens

_GOOD_FOR = timedelta(hours=1)
_ID_LENGTH = 24


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """A token that is shown this once, and until when it can be used."""

    token: str
    expires_at: datetime

    def link(self, base: str) -> str:
        """The page of the dashboard at `base` that uses it; behind the #, so that no log of a server holds it."""
        return f"{base.rstrip('/')}/painel/#/redefinir-senha/{quote(self.token)}"


class PasswordResets:
    """Each token is good for one hour and one new password; it begins with the id of its user."""

    def __init__(
        self, tokens: ResetTokens, passwords: Passwords, throttle: LoginThrottle, clock: Clock, audit: AuditLog
    ) -> None:
        self._tokens = tokens
        self._passwords = passwords
        self._throttle = throttle
        self._clock = clock
        self._audit = audit

    def make(self, user: User, by: User | None = None) -> PasswordReset:
        """A new token for this user; earlier ones stay good. `by` None: the service, or its command line."""
        token, expires_at = user.id + new_token(), self._clock() + _GOOD_FOR
        with self._audit.change(by, AuditAction.USER_RESET_LINK, target_user(user)):
            self._tokens.add(user.id, token_hash(token), expires_at)
        return PasswordReset(token, expires_at)

    def reset(self, token: str, password: str, address: str) -> None:
        """Give the token's user this password and end all their sessions. Their only usual address is now this one.

        Raises `InvalidError`: `invalid_token` (unknown, used or expired), or naming `password`.
        """
        user_id, hashed = token[:_ID_LENGTH], token_hash(token)
        user = self._tokens.user_of(user_id, hashed, self._clock()) if is_id(user_id) else None
        if user is None:
            raise _invalid_token()
        check_password(password, user.email)
        with self._audit.change(user, AuditAction.RESET_PASSWORD, target_user(user)):
            if not self._tokens.use(user.id, hashed, self._clock(), self._passwords.hash(password)):
                raise _invalid_token()
        self._throttle.forget_user(user.id)
        self._throttle.remember(user.email, address, user.id)


def _invalid_token() -> InvalidError:
    problem = {"token": ["Is unknown, was used, or has expired."]}
    return InvalidError("This link cannot be used any more; ask for a new one.", problem, code="invalid_token")
