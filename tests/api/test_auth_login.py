"""POST /auth/login"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.ids import new_id
from tests.api.house import PASSWORD, Caller, House, assert_error

_numbers = count(1)


@pytest.fixture
def guest(anyone: Caller) -> Caller:
    """Somebody at an address nobody has called from yet."""
    number = next(_numbers)
    return replace(anyone, address=f"10.0.{number // 250}.{number % 250}")


def login(caller: Caller, email: Any, password: Any) -> TestResponse:
    return caller.post("/auth/login", {"email": email, "password": password})


def test_a_token_and_the_user_are_answered(ana: Caller, guest: Caller) -> None:
    response = login(guest, ana.email, PASSWORD)

    assert response.status_code == 200
    body = response.json or {}
    assert set(body) == {"token", "user"}
    assert body["user"] == {"id": ana.id, "name": "Ana", "email": ana.email}
    with_token = replace(guest, headers={"Authorization": f"Bearer {body['token']}"})
    assert with_token.get("/assistants/list").status_code == 200


@pytest.mark.parametrize("change", [str.upper, str.title, lambda email: f" {email} "])
def test_the_case_of_the_address_does_not_matter(ana: Caller, guest: Caller, change: Any) -> None:
    assert login(guest, change(ana.email), PASSWORD).status_code == 200


def test_a_wrong_address_and_a_wrong_password_are_one_and_the_same(ana: Caller, guest: Caller) -> None:
    responses = [
        login(guest, ana.email, "wrong password"),
        login(guest, "nobody@example.com", PASSWORD),
        login(guest, "no address", PASSWORD),
        login(guest, "", ""),
        login(guest, ana.email, ""),
    ]

    for response in responses:
        assert_error(response, 401, "invalid_credentials")
        assert response.headers["WWW-Authenticate"]
    assert len({response.data for response in responses}) == 1


@pytest.mark.parametrize("wrong", [PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, PASSWORD[:-1]])
def test_passwords_are_compared_exactly(ana: Caller, guest: Caller, wrong: str) -> None:
    assert_error(login(guest, ana.email, wrong), 401, "invalid_credentials")


@pytest.mark.parametrize("password", ["🔑🚪" * 25, "xz" * 64])
def test_every_character_of_a_long_password_counts(house: House, guest: Caller, password: str) -> None:
    email = f"{new_id()}@example.com"
    house.register("Ana", email, password)

    assert_error(login(guest, email, password[:-1]), 401, "invalid_credentials")
    assert_error(login(guest, email, password[:-1] + "y"), 401, "invalid_credentials")
    assert login(guest, email, password).status_code == 200


def test_the_same_letters_typed_otherwise_are_the_same_password(house: House, guest: Caller) -> None:
    email = f"{new_id()}@example.com"
    house.register("Ana", email, "ação e coração")

    assert login(guest, email, "ac\u0327a\u0303o e corac\u0327a\u0303o").status_code == 200


@pytest.mark.parametrize("value", [{"$ne": None}, {"$gt": ""}, ["x"], 7, None, True, "a\0b", "\ud800", "x" * 1001])
def test_what_is_no_text_is_refused(ana: Caller, guest: Caller, value: Any) -> None:
    assert_error(login(guest, value, PASSWORD), 422, "validation_error", "email")
    assert_error(login(guest, ana.email, value), 422, "validation_error", "password")


def test_missing_and_unknown_fields_are_named(guest: Caller) -> None:
    response = guest.post("/auth/login", {"email": "a@example.com", "senha": "x"})

    assert_error(response, 422, "validation_error", "password", "senha")


def test_failures_are_throttled_per_account(house: House, ana: Caller, guest: Caller) -> None:
    for _ in range(10):
        assert_error(login(guest, ana.email, "wrong password"), 401, "invalid_credentials")

    refused = login(guest, ana.email.upper(), PASSWORD)

    assert_error(refused, 429, "too_many_attempts")
    wait = int(refused.headers["Retry-After"])
    assert 14 * 60 < wait <= 15 * 60
    house.clock.advance(seconds=wait + 1)
    assert login(guest, ana.email, PASSWORD).status_code == 200


def test_an_account_is_throttled_wherever_the_guesses_come_from(ana: Caller, anyone: Caller) -> None:
    for number in range(100):
        login(replace(anyone, address=f"10.1.0.{number}"), ana.email, "wrong password")

    assert_error(login(replace(anyone, address="10.1.1.1"), ana.email, PASSWORD), 429, "too_many_attempts")


def test_nobody_locks_the_owner_out_of_an_address_they_use(ana: Caller, guest: Caller) -> None:
    assert login(guest, ana.email, PASSWORD).status_code == 200
    for number in range(101):
        login(replace(guest, address=f"10.5.0.{number}"), ana.email, "wrong password")
    for _ in range(12):
        refused = login(guest, ana.email, "wrong password")

    assert_error(refused, 429, "too_many_attempts")
    assert int(refused.headers["Retry-After"]) > 0
    assert_error(login(replace(guest, address="10.5.1.1"), ana.email, PASSWORD), 429, "too_many_attempts")
    assert login(guest, ana.email, PASSWORD).status_code == 200


def test_registering_makes_an_address_the_owners(guest: Caller) -> None:
    email = f"{new_id()}@example.com"
    guest.post("/auth/register", {"name": "Ana", "email": email, "password": PASSWORD})
    for _ in range(11):
        login(guest, email, "wrong password")

    assert login(guest, email, PASSWORD).status_code == 200


def test_an_unknown_account_is_refused_as_a_known_one(ana: Caller, guest: Caller) -> None:
    assert login(guest, ana.email, PASSWORD).status_code == 200
    known = [login(guest, ana.email, "wrong password") for _ in range(12)]
    unknown = [login(guest, "nobody-at-all@example.com", "wrong password") for _ in range(12)]

    assert [one.data for one in known] == [one.data for one in unknown]
    assert [one.status_code for one in known] == [one.status_code for one in unknown] == [401] * 10 + [429] * 2


def test_unknown_accounts_are_throttled_alike(guest: Caller) -> None:
    email = f"{new_id()}@example.com"

    statuses = [login(guest, email, "wrong password").status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]


def test_failures_are_throttled_per_address(house: House, ana: Caller, guest: Caller) -> None:
    for _ in range(50):
        login(guest, f"{new_id()}@example.com", "wrong password")

    refused = login(guest, ana.email, PASSWORD)

    assert_error(refused, 429, "too_many_attempts")
    assert int(refused.headers["Retry-After"]) > 0
    assert login(replace(guest, address="10.2.0.1"), ana.email, PASSWORD).status_code == 200
    house.clock.advance(minutes=16)
    assert login(guest, ana.email, PASSWORD).status_code == 200


def test_whoever_signs_in_starts_anew(ana: Caller, guest: Caller) -> None:
    for _ in range(3):
        for _ in range(9):
            login(guest, ana.email, "wrong password")
        assert login(guest, ana.email, PASSWORD).status_code == 200


def test_signing_in_often_is_no_failure(ana: Caller, guest: Caller) -> None:
    assert {login(guest, ana.email, PASSWORD).status_code for _ in range(60)} == {200}


def test_guesses_at_once_are_no_more_guesses(ana: Caller, guest: Caller) -> None:
    with ThreadPoolExecutor(16) as threads:
        guesses = [threads.submit(login, guest.apart(), ana.email, f"wrong password {n}") for n in range(32)]
        statuses = [guess.result().status_code for guess in guesses]

    assert set(statuses) <= {401, 429}
    assert statuses.count(401) <= 10


def test_an_address_is_known_as_it_was_registered(house: House, guest: Caller) -> None:
    typed = f"ana-{new_id()}@xn--mnchen-3ya.de"
    house.register("Ana", typed)

    assert login(guest, typed, PASSWORD).status_code == 200
