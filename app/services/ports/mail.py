"""Mails to people who use the service."""

from datetime import datetime
from typing import Protocol

from app.domain.mail import Mail, MailKind, QueuedMail


class Mailer(Protocol):
    """Sends mails some time after a call returns; does nothing where the settings name no server."""

    def send(self, to: str, subject: str, text: str) -> None: ...
    def queue(self, kind: MailKind, to: str) -> None: ...


class MailOutbox(Protocol):
    def add(self, queued: QueuedMail) -> None: ...
    def due(self, now: datetime, limit: int) -> list[QueuedMail]: ...
    def lease(self, queued: QueuedMail, until: datetime) -> bool: ...
    def postpone(self, mail_id: str, due_at: datetime) -> None: ...
    def remove(self, mail_id: str) -> None: ...


class MailServer(Protocol):
    """Raises `MailRefusedError`, `MailUnavailableError`."""

    def send(self, mail: Mail, mail_id: str) -> None: ...
