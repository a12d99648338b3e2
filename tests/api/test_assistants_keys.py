"""GET, POST and DELETE /assistants/keys/<id>, PUT /assistants/rotateKey/<id>"""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.keys import MOST_KEYS
from tests.api.house import BAD_IDS, UNKNOWN_ID, Caller, House, assert_error, assert_same_not_found


def keys(owner: Caller, assistant: dict[str, Any]) -> list[dict[str, Any]]:
    response = owner.get(f"/assistants/keys/{assistant['_id']}")
    assert response.status_code == 200, response.text
    return list(response.json or [])


def create(owner: Caller, assistant: dict[str, Any], *scopes: str, **fields: Any) -> dict[str, Any]:
    body = {"name": "Site", "scopes": scopes or ["read"], **fields}
    response = owner.post(f"/assistants/keys/{assistant['_id']}", body)
    assert response.status_code == 201, response.text
    return dict(response.json or {})


def rotate(owner: Caller, assistant: dict[str, Any], **fields: Any) -> dict[str, Any]:
    response = owner.put(f"/assistants/rotateKey/{assistant['_id']}", {"grace_hours": 0, **fields})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def test_a_new_assistant_has_one_key(ana: Caller, assistant: dict[str, Any]) -> None:
    (key,) = keys(ana, assistant)

    assert key["prefix"] == assistant["api_key"][:8]
    assert (key["scopes"], key["is_api_key"], key["expires_at"]) == (["human", "messages"], True, None)
    assert "key" not in key


def test_a_key_is_shown_once(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    made = create(ana, assistant, "read", "documents", per_minute=60)

    assert len(made["key"]) == 64
    assert made["key"].startswith(made["prefix"])
    assert (made["scopes"], made["per_minute"], made["is_api_key"]) == (["documents", "read"], 60, False)
    shown = dict(made)
    del shown["key"]
    assert keys(ana, assistant)[1] == shown
    assert made["key"] not in repr(list(house.database["assistants"].find()))


def test_a_key_reads_its_assistant_and_no_other(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    other = ana.make_assistant()
    reader = house.gateway(create(ana, assistant, "read")["key"])

    assert reader.ids("/assistants/list") == [assistant["_id"]]
    got = reader.get(f"/assistants/get/{assistant['_id']}").json or {}
    assert (got["role"], got["api_key"]) == (None, None)
    assert_error(reader.get(f"/assistants/get/{other['_id']}"), 404, "not_found")
    assert reader.get("/chats/list").json == []
    assert_error(reader.get(f"/chats/list?assistant_id={other['_id']}"), 422, "validation_error", "assistant_id")
    assert_error(reader.say("Oi"), 403, "scope_missing")


def test_a_key_for_documents_uploads(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    program = house.gateway(create(ana, assistant, "documents")["key"])

    document = program.upload(assistant["_id"], "Dois dias.")

    assert program.ids("/documents/list") == [document["_id"]]
    assert program.delete(f"/documents/delete/{document['_id']}").status_code == 200
    assert_error(program.get("/chats/list"), 403, "scope_missing")


def test_a_key_expires(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    in_an_hour = house.clock() + timedelta(hours=1)
    made = create(ana, assistant, "messages", expires_at=in_an_hour.isoformat())
    program = house.gateway(made["key"])
    assert program.say("Oi").status_code == 200

    house.clock.advance(minutes=61)

    assert_error(program.say("Oi"), 401, "invalid_api_key")


def test_a_deleted_key_is_not_taken(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    made = create(ana, assistant, "read")
    path = f"/assistants/keys/{assistant['_id']}?key_id={made['id']}"
    assert ana.delete(path).status_code == 200

    assert_error(house.gateway(made["key"]).get("/chats/list"), 401, "invalid_api_key")
    assert_error(ana.delete(path), 404, "not_found")
    assert [one["is_api_key"] for one in keys(ana, assistant)] == [True]


def test_the_first_key_may_be_deleted(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    (first,) = keys(ana, assistant)
    assert ana.delete(f"/assistants/keys/{assistant['_id']}?key_id={first['id']}").status_code == 200

    assert_error(house.gateway(assistant["api_key"]).say("Oi"), 401, "invalid_api_key")
    assert (ana.get(f"/assistants/get/{assistant['_id']}").json or {})["api_key"] is None
    refused = ana.put(f"/assistants/rotateKey/{assistant['_id']}", {"grace_hours": 0})
    assert_error(refused, 404, "not_found")


def test_the_first_key_is_rotated(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    new = rotate(ana, assistant)

    assert (ana.get(f"/assistants/get/{assistant['_id']}").json or {})["api_key"] == new["key"]
    assert new["is_api_key"]
    assert house.gateway(new["key"]).say("Oi").status_code == 200
    assert_error(house.gateway(assistant["api_key"]).say("Oi"), 401, "invalid_api_key")


def test_the_old_key_lives_on_for_the_time_of_grace(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    old = create(ana, assistant, "messages", name="Gateway", per_minute=50)
    new = rotate(ana, assistant, key_id=old["id"], grace_hours=2)
    assert (new["name"], new["scopes"], new["per_minute"]) == ("Gateway", ["messages"], 50)
    assert (ana.get(f"/assistants/get/{assistant['_id']}").json or {})["api_key"] == assistant["api_key"]

    for key in (old, new):
        assert house.gateway(key["key"]).say("Oi").status_code == 200
    house.clock.advance(minutes=121)
    assert house.gateway(new["key"]).say("Oi").status_code == 200
    assert_error(house.gateway(old["key"]).say("Oi"), 401, "invalid_api_key")
    create(ana, assistant)
    assert old["id"] not in [one["id"] for one in keys(ana, assistant)]


def test_when_a_key_was_used_is_told_to_the_minute(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    made = create(ana, assistant, "read")
    assert made["last_used_at"] is None
    reader = house.gateway(made["key"])
    seen = []
    for minutes in (0, 0.5, 1):
        house.clock.advance(minutes=minutes)
        reader.get("/chats/list")
        seen.append(keys(ana, assistant)[1]["last_used_at"])

    assert seen[0] is not None
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scopes", []),
        ("scopes", ["write"]),
        ("scopes", ["Messages"]),
        ("scopes", "read"),
        ("scopes", None),
        ("name", ""),
        ("name", None),
        ("name", "x" * 201),
        ("expires_at", "2020-01-01T00:00:00+00:00"),
        ("expires_at", "2099-01-01T00:00:00"),
        ("expires_at", "tomorrow"),
        ("expires_at", 10**30),
        ("per_minute", 0),
        ("per_minute", -1),
        ("per_minute", 10**9),
        ("per_minute", 1.5),
        ("per_minute", "60"),
        ("owner", True),
    ],
)
def test_what_cannot_be_a_key_is_refused(ana: Caller, assistant: dict[str, Any], field: str, value: Any) -> None:
    body = {"name": "Site", "scopes": ["read"], field: value}

    response = ana.post(f"/assistants/keys/{assistant['_id']}", body)

    assert response.status_code == 422, response.text
    assert {name.partition(".")[0] for name in (response.json or {})["fields"]} == {field}
    assert len(keys(ana, assistant)) == 1


@pytest.mark.parametrize("hours", [-1, 10**9, 169, 1.5, "1", None, True])
def test_what_is_no_time_of_grace_is_refused(ana: Caller, assistant: dict[str, Any], hours: Any) -> None:
    response = ana.put(f"/assistants/rotateKey/{assistant['_id']}", {"grace_hours": hours})

    assert_error(response, 422, "validation_error", "grace_hours")


def test_unknown_ids_are_not_found(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    assert_same_not_found([ana.get(f"/assistants/keys/{one}") for one in BAD_IDS])
    assert_same_not_found([bruno.get(f"/assistants/keys/{assistant['_id']}")])
    for key_id in (UNKNOWN_ID, "1", "x" * 500):
        rotated = ana.put(f"/assistants/rotateKey/{assistant['_id']}", {"key_id": key_id, "grace_hours": 0})
        assert_error(rotated, 404, "not_found")
        assert_error(ana.delete(f"/assistants/keys/{assistant['_id']}?key_id={key_id}"), 404, "not_found")


def test_the_number_of_keys_is_bounded(ana: Caller, assistant: dict[str, Any]) -> None:
    for _ in range(MOST_KEYS - 1):
        create(ana, assistant)

    refused = ana.post(f"/assistants/keys/{assistant['_id']}", {"name": "Site", "scopes": ["read"]})
    assert_error(refused, 409, "too_many_keys")


def test_keys_made_at_once_are_all_there(ana: Caller, assistant: dict[str, Any]) -> None:
    made: list[str] = []

    def make(caller: Caller) -> None:
        made.append(create(caller, assistant)["id"])

    threads = [threading.Thread(target=make, args=(ana.apart(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {one["id"] for one in keys(ana, assistant)[1:]} == set(made)
    assert len(made) == 4


def test_a_deleted_assistants_keys_are_useless(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    reader = house.gateway(create(ana, assistant, "read")["key"])
    ana.delete(f"/assistants/delete/{assistant['_id']}")

    assert_error(reader.get("/chats/list"), 401, "invalid_api_key")


def test_times_are_utc(ana: Caller, assistant: dict[str, Any]) -> None:
    made = create(ana, assistant, expires_at="2099-01-01T00:00:00-03:00")

    assert datetime.fromisoformat(made["expires_at"]) == datetime(2099, 1, 1, 3, tzinfo=UTC)
    assert made["expires_at"].endswith("+00:00")
