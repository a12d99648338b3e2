"""Composes what sends mails."""

from collections.abc import Mapping

from app.domain.mail import MailKind
from app.net.smtp import SmtpServer
from app.services.mail import MailSender, NoMail, QueuedMailer, Writer
from app.services.periodic_tasks import PeriodicTasks
from app.services.ports import Clock
from app.services.ports.mail import Mailer
from app.settings import Settings
from app.wiring.database import reveal
from app.wiring.repositories import Repositories

_LOOK_SECONDS = 5


def compose_mailer(settings: Settings, rows: Repositories, clock: Clock) -> Mailer:
    """What queues mails where SMTP_URL names a server, or else does nothing."""
    return QueuedMailer(rows.mail_outbox, rows.attempts, clock) if settings.smtp_url else NoMail()


def compose_mail_sending(
    settings: Settings, rows: Repositories, writers: Mapping[MailKind, Writer], clock: Clock
) -> PeriodicTasks | None:
    """The task in the background that sends what is queued; None where there is no server."""
    url = reveal(settings.smtp_url)
    if url is None:
        return None
    server = SmtpServer(url, settings.mail_sender)
    sender = MailSender(rows.mail_outbox, server, writers, clock)
    return PeriodicTasks((sender.send_due,), _LOOK_SECONDS)
