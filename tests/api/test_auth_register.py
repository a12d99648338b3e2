"""POST /auth/register"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.domain.ids import new_id
from tests.api.house import PASSWORD, Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database


def account(**fields: Any) -> dict[str, Any]:
    """A body that can be used, but for `fields`."""
    return {"name": "Ana", "email": f"ana-{new_id()}@example.com", "password": PASSWORD, **fields}


@pytest.fixture
def first_only(database_uri: str, tmp_path: Path) -> Iterator[House]:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, registration="first", admin_emails="Chef@Example.com") as house,
    ):
        yield house


@pytest.fixture
def closed(database_uri: str, tmp_path: Path) -> Iterator[House]:
    with scratch_database(database_uri) as database, open_house(database, tmp_path, registration="closed") as house:
        yield house


def test_the_new_user_is_answered(anyone: Caller) -> None:
    sent = account(name="Ana María")

    response = anyone.post("/auth/register", sent)

    assert response.status_code == 201
    body = response.json or {}
    assert set(body) == {"message", "user"}
    assert re.fullmatch(r"[0-9a-f]{24}", body["user"].pop("id"))
    assert body["user"] == {"name": "Ana María", "email": sent["email"]}


def test_no_password_can_be_read_in_the_database(house: House, anyone: Caller) -> None:
    sent = account(password="a password like no other")
    anyone.post("/auth/register", sent)

    row = house.database["users"].find_one({"email": sent["email"]})

    assert row is not None
    assert row["password_hash"].startswith("$2b$")
    assert "a password like no other" not in repr(row)


@pytest.mark.parametrize("change", [str.upper, str.title, lambda email: f"  {email} "])
def test_an_address_is_taken_in_any_case(house: House, anyone: Caller, change: Any) -> None:
    sent = account()
    house.register("Ana", sent["email"])

    response = anyone.post("/auth/register", sent | {"email": change(sent["email"])})

    assert_error(response, 409, "email_taken")


def test_of_many_at_once_one_gets_the_address(anyone: Caller) -> None:
    sent = account()

    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(lambda _: anyone.apart().post("/auth/register", sent), range(8)))

    assert sorted(response.status_code for response in responses) == [201] + [409] * 7


@pytest.mark.parametrize("password", ["8 long!!", "xy" * 64, "çã" * 4, "🔑🚪" * 25, "  blanks  ", "' or 1=1 --"])
def test_a_password_has_8_to_128_characters_of_any_kind(house: House, password: str) -> None:
    email = account()["email"]

    house.register("Ana", email, password)

    assert house.sign_in(email, password).get("/assistants/list").status_code == 200


@pytest.mark.parametrize("password", ["", "7 long!", "x" * 129, "ç" * 7, "nul\0nul\0", "\ud800" * 8, 12345678])
def test_no_other_password_is_taken(anyone: Caller, password: Any) -> None:
    assert_error(anyone.post("/auth/register", account(password=password)), 422, "validation_error", "password")


@pytest.mark.parametrize("password", ["maria.souza@example.com", "MARIA.SOUZA", "🔑" * 50, "Senha123", "12345678"])
def test_a_password_that_is_guessed_first_is_refused(anyone: Caller, password: str) -> None:
    refused = anyone.post("/auth/register", account(email="maria.souza@example.com", password=password))

    assert_error(refused, 422, "validation_error", "password")


@pytest.mark.parametrize(
    "email",
    [
        *["", "ana", "ana@", "@example.com", "a b@example.com", "ana@example.com\0", "\ud800@example.com"],
        *["ana@@example.com", "a" * 250 + "@example.com", 7, None, ["ana@example.com"], {"$ne": None}],
    ],
)
def test_an_address_has_to_be_one(anyone: Caller, email: Any) -> None:
    assert_error(anyone.post("/auth/register", account(email=email)), 422, "validation_error", "email")


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b", "\udead", 7, None, {"$ne": None}])
def test_a_name_that_cannot_be_used_is_refused(anyone: Caller, name: Any) -> None:
    assert_error(anyone.post("/auth/register", account(name=name)), 422, "validation_error", "name")


def test_everything_that_is_missing_is_named(anyone: Caller) -> None:
    assert_error(anyone.post("/auth/register", {}), 422, "validation_error", "name", "email", "password")


def test_nobody_makes_themselves_an_administrator(anyone: Caller) -> None:
    response = anyone.post("/auth/register", account(is_admin=True, id="x"))

    assert_error(response, 422, "validation_error", "is_admin", "id")


def test_refused_values_are_not_echoed(anyone: Caller) -> None:
    response = anyone.post("/auth/register", account(email="secret-address", password="secret!"))

    assert "secret" not in response.text


def test_only_the_first_user_administers(ada: Caller, ana: Caller, bruno: Caller) -> None:
    assistant = ana.make_assistant()

    assert ada.get(f"/assistants/get/{assistant['_id']}").status_code == 200
    assert bruno.get(f"/assistants/get/{assistant['_id']}").status_code == 404


def test_registration_can_end_with_the_first_user(first_only: House) -> None:
    first = first_only.register("Ada", "ada@example.com")

    for email in ("bruno@example.com", "ada@example.com"):
        response = first_only.anyone().post("/auth/register", account(email=email))
        assert_error(response, 403, "registration_closed")
    assert first_only.sign_in("ada@example.com").id == first["user"]["id"]


def test_of_many_at_once_one_is_the_first(first_only: House) -> None:
    def register(number: int) -> int:
        return (
            first_only.anyone().apart().post("/auth/register", account(email=f"{number}@example.com")).status_code
        )

    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(threads.map(register, range(8)))

    assert statuses == [201] + [403] * 7


def test_registration_can_be_closed(closed: House) -> None:
    assert_error(closed.anyone().post("/auth/register", account()), 403, "registration_closed")


def test_settings_name_administrators(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, admin_emails="x@example.com, Chef@Example.com") as house,
    ):
        people = {name: f"{name}@example.com" for name in ("ada", "ana", "chef")}
        for name, email in people.items():
            house.register(name, email)
        assistant = house.sign_in(people["ana"]).make_assistant()

        assert house.sign_in(people["chef"]).ids("/assistants/list") == [assistant["_id"]]
