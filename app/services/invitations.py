"""Invitations: a link with which somebody who has no account registers and gets a role."""

import hashlib
import secrets
from datetime import timedelta

from app.domain.assistants import MOST_MEMBERS, Assistant, Member
from app.domain.audit import AuditAction, Place
from app.domain.callers import Caller
from app.domain.errors import InvalidError, OrquestradoraError
from app.domain.ids import new_id
from app.domain.invitations import Invitation
from app.domain.permissions import Role
from app.domain.users import User
from app.services.access import check_administrator
from app.services.audit import AuditLog, target_user
from app.services.auth import AuthService
from app.services.ports import Clock
from app.services.ports.accounts import Assistants, InvitationRows, Users

_GOOD_FOR = timedelta(days=7)
_LONGEST_REGISTRATION = timedelta(minutes=5)


class Invitations:
    """Makes invitations, and lets people register with them; each step can be repeated."""

    def __init__(
        self,
        invitations: InvitationRows,
        assistants: Assistants,
        users: Users,
        auth: AuthService,
        clock: Clock,
        *,
        audit: AuditLog,
    ) -> None:
        self._invitations = invitations
        self._assistants = assistants
        self._users = users
        self._auth = auth
        self._clock = clock
        self._audit = audit

    def of_assistant(self, assistant_id: str) -> list[Invitation]:
        """Those that can still be used."""
        return self._invitations.of_assistant(assistant_id, self._clock())

    def invite(self, by: Caller, assistant: Assistant, email: str, role: Role) -> tuple[Invitation, str]:
        """A new invitation, good for 7 days, and its token; one that this address had is void.

        Raises `ForbiddenError` `not_allowed` where the settings make an administrator of who registers with it, as
        who invites has the token, too.
        """
        if self._auth.makes_administrator(email):
            check_administrator(by)
        token = secrets.token_urlsafe(32)
        invitation = Invitation(new_id(), assistant.id, email, role, self._clock() + _GOOD_FOR)
        self._invitations.invite(invitation, _hash(token))
        return invitation, token

    def withdraw(self, assistant_id: str, email: str) -> bool:
        """Make the invitation of an address void; False if there was none."""
        return self._invitations.withdraw(assistant_id, email)

    def register(self, token: str, name: str, email: str, password: str, address: str) -> User:
        """Make an account for somebody who was invited, also where registration is closed.

        Raises `InvalidError` `invitation_invalid`, and what registering raises.
        """
        invitation = self._invitations.by_token(_hash(token))
        if invitation is None or invitation.expires_at <= self._clock():
            raise _invalid("This invitation was used or withdrawn, or it has expired; ask for a new one.")
        if invitation.email.casefold() != email.casefold():
            raise _invalid("This invitation is for another e-mail address.")
        user_id = new_id()
        if not self._invitations.claim(invitation.id, user_id, self._clock()):
            raise _invalid("This invitation was used or withdrawn, or it has expired; ask for a new one.")
        try:
            user = self._auth.register_invited(user_id, name, email, password, address)
        except OrquestradoraError:
            self._invitations.release(invitation.id, user_id)
            raise
        self._give_role(invitation, user)
        return user

    def sweep(self) -> None:
        """Finish what a crash cut off, and drop what has expired."""
        now = self._clock()
        for invitation, user_id in self._invitations.claimed_before(now - _LONGEST_REGISTRATION):
            user = self._users.by_id(user_id)
            if user is None:
                self._invitations.release(invitation.id, user_id)
            else:
                self._give_role(invitation, user)
        self._invitations.remove_expired(now)

    def _give_role(self, invitation: Invitation, user: User) -> None:
        assistant, member = self._assistants.by_id(invitation.assistant_id), Member(user.id, invitation.role)
        if assistant is not None:
            after, place = {"role": member.role}, Place.of(assistant)
            with self._audit.change(user, AuditAction.MEMBER_ADD, target_user(user), place, after=after):
                self._assistants.set_member(assistant.id, member, MOST_MEMBERS)
        self._invitations.remove(invitation.id)


def _hash(token: str) -> str:
    """A plain SHA-256 is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _invalid(sentence: str) -> InvalidError:
    return InvalidError(sentence, {"invitation": [sentence]}, code="invitation_invalid")
