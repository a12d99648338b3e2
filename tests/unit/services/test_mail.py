"""Mails are queued, and sent in the background."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from app.domain.errors import OrquestradoraError
from app.domain.mail import Mail, MailKind, MailRefusedError, MailUnavailableError, QueuedMail
from app.services.mail import MailSender, NoMail, QueuedMailer
from tests.fakes.clock import FakeClock
from tests.fakes.sign_in import FakeAttempts

ANA = "ana@example.com"


@dataclass
class FakeOutbox:
    """Mails in memory; `taken`: another sender is always quicker."""

    mails: dict[str, QueuedMail] = field(default_factory=dict)
    taken: bool = False

    def add(self, queued: QueuedMail) -> None:
        self.mails[queued.id] = queued

    def due(self, now: datetime, limit: int) -> list[QueuedMail]:
        return [one for one in self.mails.values() if one.due_at <= now][:limit]

    def lease(self, queued: QueuedMail, until: datetime) -> bool:
        if not self.taken:
            self.mails[queued.id] = replace(queued, due_at=until, attempts=queued.attempts + 1)
        return not self.taken

    def postpone(self, mail_id: str, due_at: datetime) -> None:
        self.mails[mail_id] = replace(self.mails[mail_id], due_at=due_at)

    def remove(self, mail_id: str) -> None:
        del self.mails[mail_id]


@dataclass
class FakeServer:
    """Raises the failures, one at each attempt, and then takes mails."""

    failures: list[OrquestradoraError] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    attempts: int = 0

    def send(self, mail: Mail, mail_id: str) -> None:
        self.attempts += 1
        if self.failures:
            raise self.failures.pop(0)
        self.mails.append(mail)


class PostOffice:
    """A mailer and the sender of what it queues."""

    def __init__(self) -> None:
        self.clock, self.outbox, self.server = FakeClock(), FakeOutbox(), FakeServer()
        self.mailer = QueuedMailer(self.outbox, FakeAttempts(), self.clock)
        self.written: Mail | None = Mail(ANA, "Senha", "Um endereço.")
        writers = {MailKind.PASSWORD_RESET: lambda _to: self.written}
        self.sender = MailSender(self.outbox, self.server, writers, self.clock)


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_a_mail_is_sent_once(office: PostOffice) -> None:
    office.mailer.send(ANA, "Oi", "Olá!")
    assert office.server.mails == []

    for _ in range(2):
        office.sender.send_due()

    assert office.server.mails == [Mail(ANA, "Oi", "Olá!")]
    assert office.outbox.mails == {}


def test_some_mails_are_written_when_they_are_sent(office: PostOffice) -> None:
    office.mailer.queue(MailKind.PASSWORD_RESET, ANA)
    office.sender.send_due()

    assert office.server.mails == [office.written]


def test_what_there_is_nothing_to_write_of_is_dropped(office: PostOffice) -> None:
    office.written = None
    office.mailer.queue(MailKind.PASSWORD_RESET, ANA)
    office.mailer.send(ANA, "Oi", "")
    office.sender.send_due()

    assert (office.server.attempts, office.outbox.mails) == (0, {})


def test_what_another_sender_has_taken_is_left_alone(office: PostOffice) -> None:
    office.mailer.send(ANA, "Oi", "Olá!")
    office.outbox.taken = True
    office.sender.send_due()

    assert office.server.attempts == 0


def test_a_mail_that_is_refused_for_good_is_dropped_and_others_are_sent(office: PostOffice) -> None:
    office.server.failures = [MailRefusedError("550.")]
    for text in ("1", "2"):
        office.mailer.send(ANA, "Oi", text)
    office.sender.send_due()

    assert [mail.text for mail in office.server.mails] == ["2"]
    assert office.outbox.mails == {}


def test_a_server_that_cannot_be_used_is_left_alone_until_later(office: PostOffice) -> None:
    office.server.failures = [MailUnavailableError("421.")]
    for text in ("1", "2"):
        office.mailer.send(ANA, "Oi", text)
    office.sender.send_due()
    assert office.server.attempts == 1

    office.sender.send_due()
    assert [mail.text for mail in office.server.mails] == ["2"]
    office.clock.advance(minutes=1, seconds=1)
    office.sender.send_due()
    assert [mail.text for mail in office.server.mails] == ["2", "1"]


def test_it_is_tried_ever_more_rarely_and_given_up_after_a_day(office: PostOffice) -> None:
    office.mailer.send(ANA, "Oi", "Olá!")
    begun, tries = office.clock(), []
    office.server.failures = [MailUnavailableError("421.") for _ in range(1000)]
    for _ in range(25 * 60):
        before = office.server.attempts
        office.sender.send_due()
        if office.server.attempts > before:
            tries.append(office.clock() - begun)
        office.clock.advance(minutes=1)

    pauses = [round((after - before) / timedelta(minutes=1)) for before, after in pairwise(tries)]
    assert pauses[:7] == sorted(pauses[:7])
    assert pauses[0] <= 3
    assert 55 <= max(pauses) <= 65
    assert 23 <= tries[-1] / timedelta(hours=1) <= 24
    assert office.outbox.mails == {}


def test_a_sender_that_dies_is_relieved(office: PostOffice) -> None:
    office.mailer.send(ANA, "Oi", "Olá!")
    (queued,) = office.outbox.mails.values()
    office.outbox.lease(queued, office.clock() + timedelta(minutes=5))
    office.sender.send_due()
    assert office.server.attempts == 0

    office.clock.advance(minutes=6)
    office.sender.send_due()

    assert len(office.server.mails) == 1


def test_nobody_is_flooded_with_mails(office: PostOffice) -> None:
    for _ in range(10):
        office.mailer.queue(MailKind.PASSWORD_RESET, ANA)
        office.mailer.queue(MailKind.PASSWORD_RESET, ANA.upper())
    office.mailer.send(ANA, "Oi", "Olá!")
    office.mailer.queue(MailKind.PASSWORD_RESET, "bruno@example.com")

    assert len(office.outbox.mails) == 5


def test_without_a_server_nothing_is_done() -> None:
    mailer = NoMail()

    mailer.send(ANA, "Oi", "Olá!")
    mailer.queue(MailKind.PASSWORD_RESET, ANA)
