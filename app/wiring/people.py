"""Composes the services for people: their accounts, and how they sign in."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.errors import NotFoundError
from app.domain.mail import MailKind
from app.security.passwords import PasswordHasher
from app.services.access import Access
from app.services.administrators import LastAdministrator, NamedAdministrators
from app.services.auth import AuthService, RegistrationPolicy
from app.services.invitation_mail import InvitationMail
from app.services.invitations import Invitations
from app.services.login_throttle import LoginThrottle
from app.services.members import MemberService
from app.services.password_reset_mail import PasswordResetMail
from app.services.password_resets import PasswordResets
from app.services.periodic_tasks import PeriodicTasks
from app.services.sessions import Sessions
from app.services.users import UserService
from app.settings import Settings
from app.wiring.audit import audit_log
from app.wiring.database import database_failures_explained
from app.wiring.engines import Engines, open_whole_database, vault_of
from app.wiring.mail import compose_mail_sending, compose_mailer
from app.wiring.repositories import Repositories, open_repositories


@dataclass(frozen=True)
class PeopleServices:
    """The services for people."""

    auth: AuthService
    invitations: Invitations
    members: MemberService
    sessions: Sessions
    users: UserService
    password_resets: PasswordResets
    password_reset_mail: PasswordResetMail
    mail_sending: PeriodicTasks | None


def compose_people(settings: Settings, engines: Engines, rows: Repositories) -> PeopleServices:
    """Compose the services for people."""
    clock, passwords, audit = engines.clock, engines.passwords, audit_log(rows, engines.clock)
    administrators = NamedAdministrators(settings.admin_emails)
    throttle = LoginThrottle(rows.attempts, rows.usual_addresses, clock)
    policy = RegistrationPolicy(settings.registration, administrators)
    last_administrator = LastAdministrator(rows.users, rows.administrator_removals, administrators, clock)
    auth = AuthService(rows.users, throttle, passwords, clock, policy, audit=audit)
    invitations = Invitations(rows.invitations, rows.assistants, rows.users, auth, clock, audit=audit)
    resets = PasswordResets(rows.password_resets, passwords, throttle, clock, audit)
    mailer, public_url = compose_mailer(settings, rows, clock), settings.public_url or ""
    reset_mail = PasswordResetMail(rows.users, resets, mailer, public_url)
    return PeopleServices(
        auth=auth,
        invitations=invitations,
        members=MemberService(
            Access(rows.assistants),
            rows.assistants,
            rows.users,
            invitations,
            InvitationMail(mailer, public_url),
            audit=audit,
        ),
        sessions=Sessions(rows.user_tokens, passwords, throttle, administrators, clock, audit=audit),
        users=UserService(rows.users, rows.assistants, throttle, administrators, last_administrator, audit=audit),
        password_resets=resets,
        password_reset_mail=reset_mail,
        mail_sending=compose_mail_sending(settings, rows, {MailKind.PASSWORD_RESET: reset_mail.write}, clock),
    )


def make_password_reset(settings: Settings, email: str) -> tuple[str, datetime]:
    """A link for a user who forgot their password, and until when it is good.

    Beside a running service or alone. Raises `NotFoundError`, `UnavailableError`, `ArchiveError`.
    """
    with database_failures_explained(), ExitStack() as closing:
        opened = open_whole_database(settings, closing, beside_service=True)
        vault = vault_of(settings)
        rows = open_repositories(opened.database, opened.dialect, vault, lambda: datetime.now(UTC))
        user = rows.users.by_email(email.strip())
        if user is None:
            raise NotFoundError("user")
        throttle = LoginThrottle(rows.attempts, rows.usual_addresses, lambda: datetime.now(UTC))
        audit = audit_log(rows, lambda: datetime.now(UTC))
        resets = PasswordResets(rows.password_resets, PasswordHasher(), throttle, lambda: datetime.now(UTC), audit)
        reset = resets.make(user)
    return reset.link(settings.public_url or f"http://{settings.host}:{settings.port}"), reset.expires_at
