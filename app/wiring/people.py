"""Composes the services for people: their accounts, and how they sign in."""

from dataclasses import dataclass

from app.services.access import Access
from app.services.administrators import LastAdministrator, NamedAdministrators
from app.services.auth import AuthService, RegistrationPolicy
from app.services.invitations import Invitations
from app.services.login_throttle import LoginThrottle
from app.services.members import MemberService
from app.services.sessions import Sessions
from app.services.users import UserService
from app.settings import Settings
from app.wiring.engines import Engines
from app.wiring.repositories import Repositories


@dataclass(frozen=True)
class PeopleServices:
    """The services for people."""

    auth: AuthService
    invitations: Invitations
    members: MemberService
    sessions: Sessions
    users: UserService


def compose_people(settings: Settings, engines: Engines, rows: Repositories) -> PeopleServices:
    """Compose the services for people."""
    clock, passwords = engines.clock, engines.passwords
    administrators = NamedAdministrators(settings.admin_emails)
    throttle = LoginThrottle(rows.attempts, rows.usual_addresses, clock)
    policy = RegistrationPolicy(settings.registration, administrators)
    last_administrator = LastAdministrator(rows.users, rows.administrator_removals, administrators, clock)
    auth = AuthService(rows.users, throttle, passwords, clock, policy)
    invitations = Invitations(rows.invitations, rows.assistants, rows.users, auth, clock)
    return PeopleServices(
        auth=auth,
        invitations=invitations,
        members=MemberService(Access(rows.assistants), rows.assistants, rows.users, invitations),
        sessions=Sessions(rows.user_tokens, passwords, throttle, administrators, clock),
        users=UserService(rows.users, rows.assistants, throttle, administrators, last_administrator),
    )
