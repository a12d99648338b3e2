"""POST /auth/resetPassword and POST /users/resetLink/<id>"""

from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.house import (
    BAD_IDS,
    PASSWORD,
    Caller,
    House,
    assert_error,
    assert_same_not_found,
    open_house,
)
from tests.fakes.database import scratch_database

NEW = "uma senha nova"


def link_for(ada: Caller, user: Caller) -> dict[str, Any]:
    response = ada.post(f"/users/resetLink/{user.id}")
    assert response.status_code == 201, response.text
    return dict(response.json or {})


def reset(caller: Caller, token: Any, password: Any = NEW) -> TestResponse:
    return caller.post("/auth/resetPassword", {"token": token, "password": password})


def test_the_link_holds_the_token_and_says_how_long_it_is_good(ada: Caller, ana: Caller) -> None:
    made = link_for(ada, ana)

    assert set(made) == {"link", "token", "expires_at"}
    assert made["link"] == f"http://localhost/painel/#/redefinir-senha/{made['token']}"
    assert made["expires_at"].endswith("+00:00")


def test_links_lead_to_where_the_settings_say(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, public_url="https://assistentes.example.com/") as house,
    ):
        house.register("Ada", "ada@example.com")
        ada = house.sign_in("ada@example.com")

        assert link_for(ada, ada)["link"].startswith("https://assistentes.example.com/painel/#/redefinir-senha/")


def test_a_link_gives_a_new_password_once_and_ends_all_tokens(house: House, ada: Caller, ana: Caller) -> None:
    token, anyone = link_for(ada, ana)["token"], house.anyone()

    response = reset(anyone, token)

    assert response.status_code == 200
    assert set(response.json or {}) == {"message"}
    assert_error(ana.get("/auth/me"), 401, "unauthorized")
    assert house.sign_in(ana.email, NEW).get("/auth/me").status_code == 200
    old = anyone.post("/auth/login", {"email": ana.email, "password": PASSWORD})
    assert_error(old, 401, "invalid_credentials")
    assert_error(reset(anyone, token), 422, "invalid_token", "token")


def test_a_link_is_good_for_an_hour(house: House, ada: Caller, ana: Caller) -> None:
    token = link_for(ada, ana)["token"]
    house.clock.advance(minutes=61)

    assert_error(reset(house.anyone(), token), 422, "invalid_token", "token")
    house.clock.offset *= 0
    assert reset(house.anyone(), token).status_code == 200


def test_no_token_can_be_read_in_the_database(house: House, ada: Caller, ana: Caller) -> None:
    token = link_for(ada, ana)["token"]

    assert not [row for row in house.database["users"].find() if token[24:] in repr(row)]


@pytest.mark.parametrize("token", ["x", "x" * 67, "../..", "$ne", "é" * 100, "'; --"])
def test_an_unknown_token_is_refused(anyone: Caller, token: str) -> None:
    assert_error(reset(anyone, token), 422, "invalid_token", "token")


@pytest.mark.parametrize("token", ["", "a\0b", "\ud800", "x" * 201, None, 7, {"$ne": None}, ["x"]])
def test_what_is_no_token_is_refused(anyone: Caller, token: Any) -> None:
    assert_error(reset(anyone, token), 422, "validation_error", "token")


@pytest.mark.parametrize("password", ["short", "senha123", "aaaaaaaa", "nul\0nul\0", None])
def test_a_password_that_cannot_be_used_leaves_the_link_good(
    house: House, ada: Caller, ana: Caller, password: Any
) -> None:
    token = link_for(ada, ana)["token"]

    assert_error(reset(house.anyone(), token, password), 422, "validation_error", "password")
    assert reset(house.anyone(), token).status_code == 200


def test_missing_and_unknown_fields_are_named(anyone: Caller) -> None:
    response = anyone.post("/auth/resetPassword", {"email": "x"})

    assert_error(response, 422, "validation_error", "token", "password", "email")


def test_a_blocked_user_stays_blocked(house: House, ada: Caller, ana: Caller) -> None:
    token = link_for(ada, ana)["token"]
    ada.put(f"/users/update/{ana.id}", {"blocked": True})

    reset(house.anyone(), token)

    login = house.anyone().post("/auth/login", {"email": ana.email, "password": NEW})
    assert_error(login, 403, "account_blocked")


def test_only_administrators_make_links(ana: Caller, bruno: Caller) -> None:
    for user_id in (ana.id, bruno.id, *BAD_IDS):
        assert_error(ana.post(f"/users/resetLink/{user_id}"), 403, "not_allowed")


def test_ids_of_nobody_are_404(ada: Caller) -> None:
    assert_same_not_found([ada.post(f"/users/resetLink/{one}") for one in BAD_IDS])
