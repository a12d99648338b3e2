"""The people of an assistant: who has which role, and who is invited."""

from dataclasses import dataclass

from app.domain.assistants import MOST_MEMBERS, Assistant, Member
from app.domain.audit import AuditAction, Place, Target
from app.domain.callers import Caller
from app.domain.errors import ConflictError, NotFoundError
from app.domain.invitations import Invitation
from app.domain.permissions import Action, Role
from app.domain.users import User
from app.services.access import Access
from app.services.audit import AuditLog, target_user
from app.services.invitation_mail import InvitationMail
from app.services.invitations import Invitations
from app.services.ports.accounts import Assistants, Users


@dataclass(frozen=True, slots=True)
class Membership:
    """A person with their role at an assistant."""

    user: User
    role: Role


class MemberService:
    """Shows and changes who may use an assistant."""

    def __init__(
        self,
        access: Access,
        assistants: Assistants,
        users: Users,
        invitations: Invitations,
        mail: InvitationMail,
        *,
        audit: AuditLog,
    ) -> None:
        self._access = access
        self._assistants = assistants
        self._users = users
        self._invitations = invitations
        self._mail = mail
        self._audit = audit

    def all(self, caller: Caller, assistant_id: str) -> tuple[list[Membership], list[Invitation]]:
        """The owner, the members in the order in which they came, and who is invited.

        Raises `NotFoundError`, `ForbiddenError`.
        """
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_MEMBERS)
        members = (Member(assistant.owner_id, Role.OWNER), *assistant.members)
        users = {user.id: user for user in self._users.by_ids([one.user_id for one in members])}
        theirs = [Membership(users[one.user_id], one.role) for one in members if one.user_id in users]
        return theirs, self._invitations.of_assistant(assistant.id)

    def set(self, caller: Caller, assistant_id: str, email: str, role: Role) -> Membership | tuple[Invitation, str]:
        """Give somebody a role; who has no account is invited (by mail, too, where one can be sent).

        What is returned of an invitation has its token.

        Raises `NotFoundError`, `ForbiddenError`, `ConflictError` (`last_owner`, `too_many_members`).
        """
        assistant = self._access.assistant(caller, assistant_id, Action.MANAGE_MEMBERS)
        user = self._users.by_email(email)
        if user is None:
            return self._invite(caller, assistant, email, role)
        before = _role_of(assistant, user.id)
        action = AuditAction.MEMBER_UPDATE if before else AuditAction.MEMBER_ADD
        with self._audit.change(
            caller,
            action,
            target_user(user),
            Place.of(assistant),
            before={"role": before} if before else None,
            after={"role": role},
        ):
            self._give(assistant, user, role)
        self._invitations.withdraw(assistant.id, email)
        return Membership(user, role)

    def remove(self, caller: User, assistant_id: str, email: str) -> None:
        """Take somebody's role away, or withdraw their invitation; everybody may leave by themselves.

        Raises `NotFoundError`, `ForbiddenError`, `ConflictError` `last_owner`.
        """
        user = self._users.by_email(email)
        leaves = user is not None and user.id == caller.id
        assistant = self._access.assistant(caller, assistant_id, Action.READ if leaves else Action.MANAGE_MEMBERS)
        if user is not None and user.id == assistant.owner_id:
            raise _owner_stays()
        target = target_user(user) if user else Target("invitation", name=email)
        before = {"role": user and _role_of(assistant, user.id)}
        with self._audit.change(caller, AuditAction.MEMBER_REMOVE, target, Place.of(assistant), before=before):
            removed = user is not None and self._assistants.remove_member(assistant.id, user.id)
            withdrawn = self._invitations.withdraw(assistant.id, email)
            if not removed and not withdrawn:
                raise NotFoundError("member")

    def _invite(self, caller: Caller, assistant: Assistant, email: str, role: Role) -> tuple[Invitation, str]:
        self._check_room(assistant)
        target, place = Target("invitation", name=email), Place.of(assistant)
        with self._audit.change(caller, AuditAction.MEMBER_INVITE, target, place, after={"role": role}):
            invitation, token = self._invitations.invite(caller, assistant, email, role)
        self._mail.send(email, token)
        return invitation, token

    def _give(self, assistant: Assistant, user: User, role: Role) -> None:
        if user.id == assistant.owner_id:
            if role is not Role.OWNER:
                raise _owner_stays()
        elif not self._assistants.set_member(assistant.id, Member(user.id, role), MOST_MEMBERS):
            self._raise_refusal(assistant.id, user)

    def _check_room(self, assistant: Assistant) -> None:
        if len(assistant.members) + len(self._invitations.of_assistant(assistant.id)) >= MOST_MEMBERS:
            raise _too_many()

    def _raise_refusal(self, assistant_id: str, user: User) -> None:
        """Say why a role could not be given: the person became the owner meanwhile, or there is no room."""
        now = self._assistants.by_id(assistant_id)
        if now is None:
            raise NotFoundError("assistant")
        raise _owner_stays() if now.owner_id == user.id else _too_many()


def _role_of(assistant: Assistant, user_id: str) -> Role | None:
    if user_id == assistant.owner_id:
        return Role.OWNER
    return next((one.role for one in assistant.members if one.user_id == user_id), None)


def _owner_stays() -> ConflictError:
    sentence = "The assistant belongs to this person, who stays its owner; an administrator can hand it to another."
    return ConflictError(sentence, code="last_owner")


def _too_many() -> ConflictError:
    sentence = f"An assistant has at most {MOST_MEMBERS} members and invitations."
    return ConflictError(sentence, code="too_many_members")
