"""POST /assistants/add"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.house import UNKNOWN_ID, Caller, House, assert_error
from tests.api.test_assistants_settings import DEFAULTS as SETTINGS

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


def test_the_new_assistant_is_answered(ana: Caller) -> None:
    response = ana.post("/assistants/add", {"name": "Loja do João"})

    assert response.status_code == 201
    body = response.json or {}
    assert set(body) == {"_id", "id", "name", "company", "owner_id", "role", "api_key", "createdAt", *SETTINGS}
    assert re.fullmatch(r"[0-9a-f]{24}", body["_id"])
    assert (body["id"], body["name"], body["owner_id"]) == (body["_id"], "Loja do João", ana.id)
    assert response.headers["Location"] == f"/assistants/get/{body['_id']}"
    assert ana.get(response.headers["Location"]).json == body


def test_times_are_utc_with_offset(ana: Caller) -> None:
    created = ana.make_assistant()["createdAt"]

    assert TIME.fullmatch(created)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(created)) < timedelta(minutes=1)


def test_keys_are_64_url_safe_characters_and_never_the_same(ana: Caller) -> None:
    keys = [ana.make_assistant()["api_key"] for _ in range(3)]

    assert len(set(keys)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{64}", key) for key in keys)


def test_keys_cannot_be_read_in_a_dump_of_the_database(house: House, assistant: dict[str, Any]) -> None:
    row = house.database["assistants"].find_one({"name": "Loja", "keys.hash": {"$exists": True}})
    dump = " ".join(map(repr, house.database["assistants"].find({})))

    assert row is not None
    assert assistant["api_key"] not in dump
    assert assistant["api_key"][:20] not in dump


def test_two_assistants_may_have_one_name(ana: Caller) -> None:
    assert ana.make_assistant("Loja")["_id"] != ana.make_assistant("Loja")["_id"]


def test_naming_oneself_as_owner_is_fine(ana: Caller) -> None:
    response = ana.post("/assistants/add", {"name": "Loja", "owner_id": ana.id})

    assert (response.json or {})["owner_id"] == ana.id


def test_nobody_makes_assistants_for_others(ana: Caller, bruno: Caller) -> None:
    assert_error(ana.post("/assistants/add", {"name": "Loja", "owner_id": bruno.id}), 403, "forbidden")
    assert_error(ana.post("/assistants/add", {"name": "Loja", "owner_id": UNKNOWN_ID}), 403, "forbidden")


def test_an_administrator_makes_assistants_for_others(ada: Caller, bruno: Caller) -> None:
    response = ada.post("/assistants/add", {"name": "Loja", "owner_id": bruno.id})

    assert response.status_code == 201
    assert bruno.ids("/assistants/list") == [(response.json or {})["_id"]]


@pytest.mark.parametrize("owner_id", [UNKNOWN_ID, "nobody", ""])
def test_an_owner_has_to_exist(ada: Caller, owner_id: str) -> None:
    response = ada.post("/assistants/add", {"name": "Loja", "owner_id": owner_id})

    assert_error(response, 422, "validation_error", "owner_id")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\0b", "\ud800", 7, None, ["Loja"], {"$ne": None}])
def test_a_name_that_cannot_be_used_is_refused(ana: Caller, name: Any) -> None:
    assert_error(ana.post("/assistants/add", {"name": name}), 422, "validation_error", "name")
    assert ana.ids("/assistants/list") == []


@pytest.mark.parametrize("name", ["x" * 200, "Padaria São José 🥖", "$where", "a.b"])
def test_any_other_name_is_kept_as_it_is(ana: Caller, name: str) -> None:
    assert ana.make_assistant(name)["name"] == name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"company": "Padaria São José Ltda."}, "Padaria São José Ltda."),
        ({"company": "  Loja  "}, "Loja"),
        ({"company": "x" * 200}, "x" * 200),
        ({"company": ""}, None),
        ({"company": None}, None),
        ({}, None),
    ],
)
def test_a_company_may_be_named(ana: Caller, sent: dict[str, Any], kept: str | None) -> None:
    added = ana.post("/assistants/add", {"name": "Loja", **sent}).json or {}

    assert added["company"] == kept
    assert ana.get(f"/assistants/get/{added['_id']}").json == added
    assert ana.get("/assistants/list").json == [added]


@pytest.mark.parametrize("company", ["x" * 201, "a\0b", "\ud800", 7, ["Loja"], {"$ne": None}])
def test_a_company_that_cannot_be_kept_is_refused(ana: Caller, company: Any) -> None:
    response = ana.post("/assistants/add", {"name": "Loja", "company": company})

    assert_error(response, 422, "validation_error", "company")


def test_a_name_is_required(ana: Caller) -> None:
    assert_error(ana.post("/assistants/add", {}), 422, "validation_error", "name")


def test_unknown_fields_are_named(ana: Caller) -> None:
    response = ana.post("/assistants/add", {"name": "Loja", "api_key": "my own", "x": 1})

    assert_error(response, 422, "validation_error", "api_key", "x")
