"""Who a token speaks of, and how tokens end."""

from app.domain.audit import AuditAction
from app.domain.errors import InvalidError
from app.domain.ids import is_id
from app.domain.users import Token, User
from app.security.password_rules import check_password
from app.services.administrators import NamedAdministrators
from app.services.audit import AuditLog, target_user
from app.services.login_throttle import LoginThrottle
from app.services.ports import Clock
from app.services.ports.accounts import Passwords, UserTokens


class Sessions:
    """Tokens end in all processes at once: each request looks at the row of its user."""

    def __init__(
        self,
        tokens: UserTokens,
        passwords: Passwords,
        throttle: LoginThrottle,
        administrators: NamedAdministrators,
        clock: Clock,
        *,
        audit: AuditLog,
    ) -> None:
        self._tokens = tokens
        self._passwords = passwords
        self._throttle = throttle
        self._administrators = administrators
        self._clock = clock
        self._audit = audit

    def user(self, token: Token) -> User | None:
        """The user a signed token speaks of, if it has not ended and there still is one; one query."""
        found = self._tokens.user_of(token) if is_id(token.user_id) else None
        if found is None or not found.accepts(token):
            return None
        return self._administrators.with_role(found)

    def sign_out(self, user: User, token: Token) -> None:
        """End this token of a user."""
        with self._audit.change(user, AuditAction.LOGOUT, target_user(user)):
            self._tokens.sign_out(token, self._clock())

    def change_password(self, user: User, token: Token, current: str, new: str, address: str) -> None:
        """Change the password of a user who is signed in with `token`, and end all their other tokens.

        Raises `InvalidError` naming `current_password` (it is wrong) or `new_password` (it is too easily guessed),
        `TooManyAttemptsError`.
        """
        check_password(new, user.email, "new_password")
        attempt = self._throttle.begin(user.email, address)
        is_right = self._passwords.verify(current, user.password_hash)
        if not self._throttle.settle(attempt, user.id if is_right else None):
            self._audit.failed_login(user)
            raise _wrong_password()
        with self._audit.change(user, AuditAction.CHANGE_PASSWORD, target_user(user)):
            if not self._tokens.change_password(user, self._passwords.hash(new), token.id):
                raise _wrong_password()


def _wrong_password() -> InvalidError:
    return InvalidError("The current password is wrong.", {"current_password": ["Is not the current password."]})
