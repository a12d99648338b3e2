"""Mails to people who use the service."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import OrquestradoraError


class MailKind(StrEnum):
    """Where the text of a queued mail comes from: it is queued, too, or it is written when it is sent."""

    TEXT = "text"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind, no password


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain text to one address."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail that is to be sent once `due_at` has passed and, after so many `attempts`, until `expires_at`."""

    id: str
    kind: MailKind
    mail: Mail
    due_at: datetime
    expires_at: datetime
    attempts: int = 0


class MailRefusedError(OrquestradoraError):
    """The server will not take this mail, however often it is tried; the message names no person."""

    code = "mail_refused"


class MailUnavailableError(OrquestradoraError):
    """The server cannot be reached, or does not take mails right now; the message names no person."""

    code = "mail_unavailable"
