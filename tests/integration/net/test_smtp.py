"""Mails by SMTP."""

import ssl
from pathlib import Path

import pytest

from app.domain.mail import Mail, MailRefusedError, MailUnavailableError
from app.net.smtp import SmtpServer
from tests.fakes.certificates import self_signed
from tests.fakes.smtp_server import FakeSmtpServer

SENDER = "nao-responda@example.com"
MAIL = Mail("ana@example.com", "Redefinição de senha", "Olá!\n\nUm endereço: https://example.com/#/abc\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls") / "mail.pem", "127.0.0.1")


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_mail_arrives_as_it_was_written() -> None:
    with FakeSmtpServer() as there:
        SmtpServer(f"smtp://{there.host}", SENDER).send(MAIL, "6561f0")

    (mail,) = there.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (MAIL.to, SENDER, MAIL.subject)
    assert mail["Message-ID"] == "<6561f0@example.com>"
    assert mail["Date"]
    assert mail.get_content().replace("\r\n", "\n") == MAIL.text
    assert there.connections[0].recipients == [MAIL.to]
    assert there.connections[0].user == ""


def test_user_and_password_are_those_of_the_url() -> None:
    with FakeSmtpServer() as there:
        SmtpServer(f"smtp://ana%40example.com:p%3A%2Fss@{there.host}", SENDER).send(MAIL, "1")

    assert (there.connections[0].user, there.connections[0].password) == ("ana@example.com", "p:/ss")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_what_is_sent_is_encrypted(certificate: Path, scheme: str) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))
    with FakeSmtpServer(tls=server_context(certificate), starttls=scheme == "smtp+starttls") as there:
        SmtpServer(f"{scheme}://ana:senha@{there.host}", SENDER, trusted).send(MAIL, "1")

    assert there.connections[0].encrypted
    assert (there.connections[0].user, len(there.mails)) == ("ana", 1)


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_nobody_knows_is_not_taken(certificate: Path, scheme: str) -> None:
    with (
        FakeSmtpServer(tls=server_context(certificate), starttls=scheme == "smtp+starttls") as there,
        pytest.raises(MailUnavailableError),
    ):
        SmtpServer(f"{scheme}://ana:senha@{there.host}", SENDER).send(MAIL, "1")

    assert there.mails == []
    assert there.connections[0].password == ""


def test_a_server_without_encryption_gets_no_password_where_it_is_wanted() -> None:
    with FakeSmtpServer() as there, pytest.raises(MailUnavailableError):
        SmtpServer(f"smtp+starttls://ana:senha@{there.host}", SENDER).send(MAIL, "1")

    assert there.connections[0].password == ""


@pytest.mark.parametrize(
    "replies", [{"RCPT": "550 no such <ana@example.com>"}, {"DATA": "554 spam from ana@example.com"}]
)
def test_what_is_refused_for_good_is_refused(replies: dict[str, str]) -> None:
    with FakeSmtpServer(replies) as there, pytest.raises(MailRefusedError) as refused:
        SmtpServer(f"smtp://{there.host}", SENDER).send(MAIL, "1")

    assert next(iter(replies.values()))[:3] in refused.value.message
    assert "ana" not in refused.value.message


@pytest.mark.parametrize(
    "replies",
    [
        {"RCPT": "450 later"},
        {"DATA": "451 later"},
        {"MAIL": "550 not from you"},
        {"AUTH": "535 wrong password"},
        {"EHLO": "421 go away", "HELO": "421 go away"},
    ],
)
def test_what_may_go_better_later_may(replies: dict[str, str]) -> None:
    with FakeSmtpServer(replies) as there, pytest.raises(MailUnavailableError):
        SmtpServer(f"smtp://ana:senha@{there.host}", SENDER).send(MAIL, "1")


def test_a_server_that_is_not_there_may_come_back() -> None:
    with FakeSmtpServer() as there:
        host = there.host

    with pytest.raises(MailUnavailableError):
        SmtpServer(f"smtp://{host}", SENDER).send(MAIL, "1")


@pytest.mark.parametrize("to", ["ana@example.com\r\nBcc: all@example.com", "ana@example.com\nX: y"])
def test_nobody_writes_headers(to: str) -> None:
    with FakeSmtpServer() as there, pytest.raises(MailRefusedError):
        SmtpServer(f"smtp://{there.host}", SENDER).send(Mail(to, "Oi", "Oi"), "1")

    assert there.mails == []
