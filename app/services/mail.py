"""Mails are queued in the database by requests, and sent by a task in the background."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from app.domain.ids import new_id
from app.domain.mail import Mail, MailKind, MailRefusedError, MailUnavailableError, QueuedMail
from app.services.ports import Clock
from app.services.ports.accounts import LoginAttempts
from app.services.ports.mail import MailOutbox, MailServer

_log = logging.getLogger(__name__)

_KEPT = timedelta(hours=24)
_LEASE = timedelta(minutes=5)
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_LONGEST_DOUBLING = 6
_AT_ONCE = 20
_WINDOW = timedelta(hours=1)
_MOST_TO_AN_ADDRESS = 3

Writer = Callable[[str], Mail | None]
"""Writes a mail to an address when it is sent; None: there is nothing to send."""


class NoMail:
    """The mailer where the settings name no server."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Do nothing."""

    def queue(self, kind: MailKind, to: str) -> None:
        """Do nothing."""


class QueuedMailer:
    """Queues mails for at most 24 hours; of a kind at most three to an address in an hour, others are dropped."""

    def __init__(self, outbox: MailOutbox, attempts: LoginAttempts, clock: Clock) -> None:
        self._outbox = outbox
        self._attempts = attempts
        self._clock = clock

    def send(self, to: str, subject: str, text: str) -> None:
        """Queue a text."""
        self._add(MailKind.TEXT, Mail(to, subject, text))

    def queue(self, kind: MailKind, to: str) -> None:
        """Queue a mail of a kind that is written when it is sent."""
        self._add(kind, Mail(to, "", ""))

    def _add(self, kind: MailKind, mail: Mail) -> None:
        now = self._clock()
        address = hashlib.sha256(mail.to.casefold().encode()).hexdigest()
        count, _ = self._attempts.count(f"mail:{kind}:{address}", now, _WINDOW)
        if count <= _MOST_TO_AN_ADDRESS:
            self._outbox.add(QueuedMail(new_id(), kind, mail, due_at=now, expires_at=now + _KEPT))


class MailSender:
    """Sends what is due; `writers` write the mails whose text is not queued."""

    def __init__(
        self, outbox: MailOutbox, server: MailServer, writers: Mapping[MailKind, Writer], clock: Clock
    ) -> None:
        self._outbox = outbox
        self._server = server
        self._writers = writers
        self._clock = clock

    def send_due(self) -> None:
        """One round, which ends when the server cannot be used."""
        for queued in self._outbox.due(self._clock(), _AT_ONCE):
            if self._outbox.lease(queued, self._clock() + _LEASE) and not self._send(queued):
                return

    def _send(self, queued: QueuedMail) -> bool:
        """Make one attempt; whether the server could be used."""
        mail = self._written(queued)
        try:
            if mail is not None:
                self._server.send(mail, queued.id)
        except MailRefusedError as error:
            _log.warning("The mail %s was not sent: %s", queued.id, error)
        except MailUnavailableError as error:
            self._postpone(queued, error)
            return False
        self._outbox.remove(queued.id)
        return True

    def _written(self, queued: QueuedMail) -> Mail | None:
        writer = self._writers.get(queued.kind)
        if writer:
            return writer(queued.mail.to)
        # Empty where another SECRET_KEY encrypted it.
        return queued.mail if queued.mail.text else None

    def _postpone(self, queued: QueuedMail, error: MailUnavailableError) -> None:
        due_at = self._clock() + min(_FIRST_PAUSE * 2 ** min(queued.attempts, _LONGEST_DOUBLING), _LONGEST_PAUSE)
        if due_at < queued.expires_at:
            _log.warning("The mail %s waits until %s: %s", queued.id, due_at.isoformat(timespec="seconds"), error)
            self._outbox.postpone(queued.id, due_at)
        else:
            _log.error("The mail %s was given up after 24 hours: %s", queued.id, error)
            self._outbox.remove(queued.id)
