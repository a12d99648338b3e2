"""Invitations by PUT /assistants/members/<id>, and POST /auth/register with their token"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.ids import new_id
from tests.api.house import PASSWORD, Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database


def invite(owner: Caller, assistant: dict[str, Any], email: str, role: str = "editor") -> dict[str, Any]:
    response = owner.put(f"/assistants/members/{assistant['_id']}", {"email": email, "role": role})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def token_of(invited: dict[str, Any]) -> str:
    return str(invited["link"]).rpartition("/")[2]


def register(house: House, email: str, token: Any) -> TestResponse:
    body = {"name": "Nina", "email": email, "password": PASSWORD, "invitation": token}
    return house.anyone().post("/auth/register", body)


@pytest.fixture
def email() -> str:
    return f"nina-{new_id()}@example.com"


def test_who_registers_with_the_link_has_the_role(
    house: House, ana: Caller, assistant: dict[str, Any], email: str
) -> None:
    invited = invite(ana, assistant, email)
    assert (invited["invited"], invited["user_id"], invited["role"]) == (True, None, "editor")
    assert invited["link"].startswith("http://localhost/painel/#/convite/")
    (pending,) = [one for one in ana.get(f"/assistants/members/{assistant['_id']}").json or [] if one["invited"]]
    assert pending == {**invited, "link": None}

    assert register(house, email.upper(), token_of(invited)).status_code == 201

    nina = house.sign_in(email)
    assert [(one["_id"], one["role"]) for one in nina.get("/assistants/list").json or []] == [
        (assistant["_id"], "editor")
    ]
    people = ana.get(f"/assistants/members/{assistant['_id']}").json or []
    assert [(one["email"].lower(), one["invited"]) for one in people] == [(ana.email, False), (email, False)]


def test_an_invitation_is_good_once(house: House, ana: Caller, assistant: dict[str, Any], email: str) -> None:
    token = token_of(invite(ana, assistant, email))
    assert register(house, email, token).status_code == 201

    assert_error(register(house, email, token), 422, "invitation_invalid", "invitation")


def test_an_invitation_is_good_for_seven_days(
    house: House, ana: Caller, assistant: dict[str, Any], email: str
) -> None:
    token = token_of(invite(ana, assistant, email))
    house.clock.advance(hours=7 * 24 + 1)

    assert_error(register(house, email, token), 422, "invitation_invalid", "invitation")
    house.sweep()
    assert house.database["invitations"].count_documents({"email": email}) == 0


def test_an_invitation_is_for_one_address(house: House, ana: Caller, assistant: dict[str, Any], email: str) -> None:
    token = token_of(invite(ana, assistant, email))

    assert_error(register(house, f"x{email}", token), 422, "invitation_invalid", "invitation")
    assert register(house, email, token).status_code == 201


def test_a_second_invitation_voids_the_first(
    house: House, ana: Caller, assistant: dict[str, Any], email: str
) -> None:
    first, second = (token_of(invite(ana, assistant, email, role)) for role in ("owner", "viewer"))

    assert_error(register(house, email, first), 422, "invitation_invalid", "invitation")
    assert register(house, email, second).status_code == 201
    assert (house.sign_in(email).get("/assistants/list").json or [])[0]["role"] == "viewer"


def test_a_withdrawn_invitation_is_void(house: House, ana: Caller, assistant: dict[str, Any], email: str) -> None:
    token = token_of(invite(ana, assistant, email))
    assert ana.delete(f"/assistants/members/{assistant['_id']}?email={email}").status_code == 200

    assert_error(register(house, email, token), 422, "invitation_invalid", "invitation")


@pytest.mark.parametrize("token", ["", "x", "\u0000", "ação", "\ud800", 7, "y" * 500, ["x"]])
def test_what_is_no_token_is_refused(house: House, email: str, token: Any) -> None:
    response = register(house, email, token)

    assert response.status_code == 422
    assert set((response.json or {})["fields"]) == {"invitation"}


def test_a_registration_that_fails_leaves_the_invitation_good(
    house: House, ana: Caller, assistant: dict[str, Any], email: str
) -> None:
    token = token_of(invite(ana, assistant, email))
    easy = {"name": "Nina", "email": email, "password": "aaaaaaaaaa", "invitation": token}
    assert_error(house.anyone().post("/auth/register", easy), 422, "validation_error", "password")

    assert register(house, email, token).status_code == 201


def test_a_crash_after_the_account_was_made_is_finished(
    house: House, ana: Caller, assistant: dict[str, Any], email: str
) -> None:
    invite(ana, assistant, email)
    person, lost = house.newcomer("Nina"), new_id()
    house.database["invitations"].update_one({"email": email}, {"$set": {}})
    (invitation,) = house.rows.invitations.of_assistant(assistant["_id"], house.clock())
    assert house.rows.invitations.claim(invitation.id, person.id, house.clock())
    assert not house.rows.invitations.claim(invitation.id, lost, house.clock())
    house.clock.advance(minutes=6)
    house.sweep()

    assert person.ids("/assistants/list") == [assistant["_id"]]


def test_a_crash_before_the_account_was_made_leaves_it_good(
    house: House, ana: Caller, assistant: dict[str, Any], email: str
) -> None:
    token = token_of(invite(ana, assistant, email))
    (invitation,) = house.rows.invitations.of_assistant(assistant["_id"], house.clock())
    assert house.rows.invitations.claim(invitation.id, new_id(), house.clock())
    assert_error(register(house, email, token), 422, "invitation_invalid", "invitation")
    house.clock.advance(minutes=6)
    house.sweep()

    assert register(house, email, token).status_code == 201


def test_the_tokens_stand_nowhere(house: House, ana: Caller, assistant: dict[str, Any], email: str) -> None:
    token = token_of(invite(ana, assistant, email))

    assert token not in str(list(house.database["invitations"].find()))


def test_invitations_go_with_their_assistant(
    house: House, ana: Caller, assistant: dict[str, Any], email: str
) -> None:
    token = token_of(invite(ana, assistant, email))
    ana.delete(f"/assistants/delete/{assistant['_id']}")

    assert_error(register(house, email, token), 422, "invitation_invalid", "invitation")


@pytest.fixture
def closed_house(database_uri: str, tmp_path: Path) -> Iterator[House]:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, registration="closed", public_url="https://bot.example.com/") as house,
    ):
        yield house


def test_where_registration_is_closed(closed_house: House, email: str) -> None:
    owner = closed_house.newcomer("Ana")
    invited = invite(owner, owner.make_assistant(), email)
    assert invited["link"].startswith("https://bot.example.com/painel/#/convite/")
    uninvited = {"name": "Nina", "email": email, "password": PASSWORD}
    assert_error(closed_house.anyone().post("/auth/register", uninvited), 403, "registration_closed")

    assert register(closed_house, email, token_of(invited)).status_code == 201


def test_nobody_makes_themselves_an_administrator_by_inviting_one(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, admin_emails=("boss@example.com",), registration="first") as house,
    ):
        ana, ada = house.newcomer("Ana"), house.newcomer("Ada")
        database["users"].update_one({"email": ada.email}, {"$set": {"is_admin": True}})
        path = f"/assistants/members/{ana.make_assistant()['_id']}"
        boss = {"email": "Boss@Example.com", "role": "viewer"}

        assert_error(ana.put(path, boss), 403, "not_allowed")

        assert not [one for one in ana.get(path).json or [] if one["invited"]]
        invited = ada.put(path, boss)
        assert register(house, "boss@example.com", token_of(invited.json or {})).status_code == 201
        assert (house.sign_in("boss@example.com").get("/auth/me").json or {})["is_admin"]
        assert ana.put(path, boss).status_code == 200  # who has an account is given a role by anybody who may
