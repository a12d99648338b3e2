"""Mails leave the process by SMTP (RFC 5321), through the server that SMTP_URL names."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from urllib.parse import unquote, urlsplit

from app.domain.mail import Mail, MailRefusedError, MailUnavailableError

_SECONDS = 20.0
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class SmtpServer:
    """Sends one mail a connection. Each step of it may take 20 s.

    The URL is `smtp://`, `smtp+starttls://` or `smtps://`, then `user:password@` (percent-encoded) where the server
    wants that, then host and port. Certificates are checked against `tls` (None: the system's authorities).
    """

    def __init__(self, url: str, sender: str, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._tls = tls or ssl.create_default_context()

    def send(self, mail: Mail, mail_id: str) -> None:
        """Hand a mail to the server; raises `MailRefusedError`, `MailUnavailableError`.

        It may be sent twice where the server's answer is lost; `mail_id` is in its Message-ID, so that the
        recipient's server can tell.
        """
        try:
            message = self._message(mail, mail_id)
        except ValueError:
            raise MailRefusedError("A header of the mail cannot be written.") from None
        try:
            connection = self._connect()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise MailUnavailableError(_reason(error)) from error
        try:
            connection.send_message(message, self._sender, [mail.to])
        except (smtplib.SMTPException, OSError) as error:
            kind = MailRefusedError if _is_final(error) else MailUnavailableError
            raise kind(_reason(error)) from error
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _message(self, mail: Mail, mail_id: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = f"<{mail_id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message

    @property
    def _domain(self) -> str:
        return self._sender.rpartition("@")[2]

    def _connect(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in as the URL says."""
        if self._scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, self._domain, timeout=_SECONDS, context=self._tls
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, self._domain, timeout=_SECONDS)
        try:
            if self._scheme == "smtp+starttls":
                connection.starttls(context=self._tls)
            if self._user:
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection


def _is_final(error: Exception) -> bool:
    """Whether another attempt would end the same way: the recipient or the text is refused for good (5yz)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, smtplib.SMTPNotSupportedError)


def _reason(error: Exception) -> str:
    """What went wrong, without what the server said, which may repeat addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in error.recipients.values()})
        return f"The server refused the recipient ({', '.join(codes)})."
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The server answered with {error.smtp_code} ({type(error).__name__})."
    return f"The server could not be used ({type(error).__name__})."
