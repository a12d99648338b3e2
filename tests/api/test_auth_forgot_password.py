"""POST /auth/forgotPassword, and the mails that follow from it and from invitations."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.house import Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database
from tests.fakes.smtp_server import FakeSmtpServer

NEW = "uma senha nova"
PUBLIC_URL = "https://assistentes.example.com"


@pytest.fixture
def post() -> Iterator[FakeSmtpServer]:
    with FakeSmtpServer() as server:
        yield server


@pytest.fixture
def mailing(database_uri: str, tmp_path: Path, post: FakeSmtpServer) -> Iterator[House]:
    """A service that sends mails."""
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, smtp_url=f"smtp://{post.host}", public_url=PUBLIC_URL) as house,
    ):
        house.register("Ana", "ana@example.com")
        yield house


def send_mails(house: House) -> None:
    """One round of the task in the background, now."""
    assert house.services.people.mail_sending is not None
    house.services.people.mail_sending.run_once()


def forget(caller: Caller, email: Any) -> Any:
    return caller.post("/auth/forgotPassword", {"email": email})


def test_a_mail_brings_a_link_that_gives_a_new_password(mailing: House, post: FakeSmtpServer) -> None:
    response = forget(mailing.anyone(), " ANA@example.com")
    send_mails(mailing)

    assert response.status_code == 202
    assert set(response.json) == {"message"}
    (mail,) = post.mails
    assert (mail["To"], mail["From"]) == ("ana@example.com", "nao-responda@assistentes.example.com")
    assert mail["Subject"] == "Redefinição de senha"
    (token,) = re.findall(rf"{PUBLIC_URL}/painel/#/redefinir-senha/([\w-]+)", mail.get_content())
    body = {"token": token, "password": NEW}
    assert mailing.anyone().post("/auth/resetPassword", body).status_code == 200
    assert mailing.sign_in("ana@example.com", NEW).get("/auth/me").status_code == 200


def test_the_host_of_a_request_is_in_no_mail(mailing: House, post: FakeSmtpServer) -> None:
    evil = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"}
    mailing.anyone().post("/auth/forgotPassword", {"email": "ana@example.com"}, headers=evil)
    send_mails(mailing)

    assert "evil" not in post.mails[0].as_string()


def test_every_address_gets_the_same_answer_by_the_same_steps(mailing: House, post: FakeSmtpServer) -> None:
    emails = ["ana@example.com", "nobody@example.com", "no address", "", "ação@example.com"]
    responses = [forget(mailing.anyone(), email) for email in emails]
    assert {(one.status_code, one.data) for one in responses} == {(202, responses[0].data)}

    send_mails(mailing)

    assert [mail["To"] for mail in post.mails] == ["ana@example.com"]
    assert mailing.database["mail_outbox"].find_one() is None


def test_no_link_is_in_the_database(mailing: House) -> None:
    forget(mailing.anyone(), "ana@example.com")

    rows = [*mailing.database["mail_outbox"].find(), *mailing.database["users"].find()]
    assert "redefinir" not in repr(rows)


def test_a_person_gets_at_most_three_mails_an_hour(mailing: House, post: FakeSmtpServer) -> None:
    assert {forget(mailing.anyone(), "ana@example.com").status_code for _ in range(5)} == {202}
    send_mails(mailing)

    assert len(post.mails) == 3


def test_a_blocked_user_gets_no_mail(mailing: House, post: FakeSmtpServer) -> None:
    bruno, ana = mailing.newcomer("Bruno"), mailing.sign_in("ana@example.com")
    ana.put(f"/users/update/{bruno.id}", {"blocked": True})
    forget(mailing.anyone(), bruno.email)
    send_mails(mailing)

    assert post.mails == []


def test_who_is_invited_gets_the_link_by_mail(mailing: House, post: FakeSmtpServer) -> None:
    ana = mailing.sign_in("ana@example.com")
    path = f"/assistants/members/{ana.make_assistant()['_id']}"
    invited = ana.put(path, {"email": "rita@example.com", "role": "viewer"}).json or {}
    send_mails(mailing)

    (mail,) = post.mails
    assert mail["To"] == "rita@example.com"
    assert invited["link"] in mail.get_content()


def test_without_a_server_the_answer_is_the_same_and_nothing_is_kept(house: House, ana: Caller) -> None:
    assert forget(house.anyone(), ana.email).status_code == 202
    assert house.database["mail_outbox"].find_one() is None


@pytest.mark.parametrize("value", [None, 7, ["x"], {"$ne": None}, "a\0b", "\ud800", "x" * 1001])
def test_what_is_no_text_is_refused(anyone: Caller, value: Any) -> None:
    assert_error(forget(anyone, value), 422, "validation_error", "email")


def test_missing_and_unknown_fields_are_named(anyone: Caller) -> None:
    response = anyone.post("/auth/forgotPassword", {"password": "x"})

    assert_error(response, 422, "validation_error", "email", "password")
