"""People's accounts, as administrators look after them."""

from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace

from app.domain.audit import AuditAction
from app.domain.errors import ConflictError, NotFoundError
from app.domain.ids import is_id
from app.domain.users import FoundUsers, User
from app.services.access import check_administrator
from app.services.administrators import LastAdministrator, NamedAdministrators
from app.services.audit import AuditLog, differences, target_user
from app.services.login_throttle import LoginThrottle
from app.services.ports.accounts import ManagedUsers, Memberships

_ATTEMPTS = 5


class _ChangedMeanwhileError(ConflictError):
    """Somebody else changed the same user, so that it has to be read again."""


class UserService:
    """What administrators do with accounts; everybody else gets `ForbiddenError` `not_allowed`."""

    def __init__(
        self,
        users: ManagedUsers,
        memberships: Memberships,
        throttle: LoginThrottle,
        named: NamedAdministrators,
        last_administrator: LastAdministrator,
        *,
        audit: AuditLog,
    ) -> None:
        self._users = users
        self._memberships = memberships
        self._throttle = throttle
        self._named = named
        self._last_administrator = last_administrator
        self._audit = audit

    def page(self, caller: User, before: str | None, limit: int) -> list[User]:
        """All users, newest first."""
        check_administrator(caller)
        return [self._named.with_role(user) for user in self._users.page(before, limit)]

    def search(self, caller: User, text: str, before: str | None, limit: int) -> FoundUsers:
        """Those in whose name or e-mail address a text is, newest first."""
        check_administrator(caller)
        found = self._users.search(text, before, limit)
        return FoundUsers([self._named.with_role(user) for user in found.users], found.next_before)

    def get(self, caller: User, user_id: str) -> User:
        """One user; raises `NotFoundError`."""
        check_administrator(caller)
        return self._named.with_role(self._stored(user_id))

    def update(self, caller: User, user_id: str, *, is_admin: bool | None, blocked: bool | None) -> User:
        """Make a user an administrator or none, block them or not (None: no change); blocking ends their tokens.

        Raises `NotFoundError`; `ConflictError`: `last_administrator`, or `named_in_settings` where ADMIN_EMAILS
        makes the user an administrator.
        """
        check_administrator(caller)
        for _ in range(_ATTEMPTS):
            user = self._stored(user_id)
            if is_admin is False and self._named.includes(user.email):
                sentence = "The setting ADMIN_EMAILS makes this user an administrator; take the address out there."
                raise ConflictError(sentence, code="named_in_settings")
            changed = replace(
                user,
                is_admin=user.is_admin if is_admin is None else is_admin,
                blocked=user.blocked if blocked is None else blocked,
            )
            if self._change(caller, user, changed):
                return self.get(caller, user_id)
        raise _changed_meanwhile()

    def delete(self, caller: User, user_id: str) -> None:
        """Delete a user, and take their roles at assistants away.

        They are blocked first, so that nothing becomes theirs meanwhile. Raises `NotFoundError`; `ConflictError`:
        `owns_assistants`, `last_administrator`.
        """
        check_administrator(caller)
        user = self._stored(user_id)
        self._check_owns_nothing(user)
        with self._audit.change(caller, AuditAction.USER_DELETE, target_user(user)), self._guarded(user):
            if not self._users.change(user, is_admin=user.is_admin, blocked=True):
                raise _changed_meanwhile()
            try:
                self._check_owns_nothing(user)
            except ConflictError:
                self._users.change(replace(user, blocked=True), is_admin=user.is_admin, blocked=user.blocked)
                raise
            self._memberships.remove_from_all(user.id)
            self._throttle.forget_user(user.id)
            self._users.remove(user.id)

    def _stored(self, user_id: str) -> User:
        """The user as the database has them, without the settings' say."""
        user = self._users.by_id(user_id) if is_id(user_id) else None
        if user is None:
            raise NotFoundError("user")
        return user

    def _change(self, caller: User, user: User, changed: User) -> bool:
        """Whether it was made: somebody else may have changed the user meanwhile."""
        stays = self._is_active_administrator(changed)
        before, after = differences(_rights(user), _rights(changed))
        audited = self._audit.change(caller, AuditAction.USER_UPDATE, target_user(user), before=before, after=after)
        with suppress(_ChangedMeanwhileError), audited, nullcontext() if stays else self._guarded(user):
            if not self._users.change(user, is_admin=changed.is_admin, blocked=changed.blocked):
                raise _ChangedMeanwhileError("Somebody else changed this user at the same moment.")
            return True
        return False

    def _guarded(self, user: User) -> AbstractContextManager[None]:
        """What makes this user no administrator any more happens within this."""
        if self._is_active_administrator(user):
            return self._last_administrator.removing(user.id)
        return nullcontext()

    def _is_active_administrator(self, user: User) -> bool:
        return self._named.with_role(user).is_admin and not user.blocked

    def _check_owns_nothing(self, user: User) -> None:
        if self._memberships.owns_any(user.id):
            sentence = "This user owns assistants; hand them to somebody else first."
            raise ConflictError(sentence, code="owns_assistants")


def _rights(user: User) -> dict[str, bool]:
    return {"is_admin": user.is_admin, "blocked": user.blocked}


def _changed_meanwhile() -> ConflictError:
    return ConflictError("Somebody else changed this user at the same moment; please try again.")
