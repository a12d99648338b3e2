"""PUT /documents/update/<id>, and what an upload says of when it is found"""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found

TEXT = "A entrega leva três dias."
QUESTION = "Quantos dias leva a entrega?"


@pytest.fixture
def document(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    return ana.upload(assistant["_id"], TEXT, "prazos.md")


def update(caller: Caller, document: dict[str, Any], **change: Any) -> dict[str, Any]:
    response = caller.put(f"/documents/update/{document['_id']}", change)
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def is_found(gateway: Caller) -> bool:
    return bool(gateway.chat(QUESTION)["sources"])


def chunk_ids(house: House, document: dict[str, Any]) -> set[str]:
    return house.rows.chunks.known(document["_id"], "hashing-64")


def test_a_document_is_enabled_and_always_valid_unless_said_otherwise(document: dict[str, Any]) -> None:
    assert (document["enabled"], document["valid_from"], document["valid_until"]) == (True, None, None)


def test_a_document_that_is_switched_off_is_not_found(
    house: House, ana: Caller, gateway: Caller, document: dict[str, Any]
) -> None:
    before = chunk_ids(house, document)
    assert is_found(gateway)

    assert update(ana, document, enabled=False) == {**document, "enabled": False}

    assert not is_found(gateway)
    assert ana.get(f"/documents/get/{document['_id']}").json == {**document, "enabled": False}
    assert update(ana, document, enabled=True) == document
    assert is_found(gateway)
    assert chunk_ids(house, document) == before


def test_a_document_is_found_from_and_until_the_very_second(
    house: House, ana: Caller, gateway: Caller, document: dict[str, Any]
) -> None:
    start = house.clock().astimezone(UTC) + timedelta(hours=1)
    update(ana, document, valid_from=start.isoformat(), valid_until=(start + timedelta(hours=1)).isoformat())

    assert not is_found(gateway)
    house.clock.advance(seconds=3595)
    assert not is_found(gateway)
    house.clock.advance(seconds=6)
    assert is_found(gateway)
    house.clock.advance(seconds=3590)
    assert is_found(gateway)
    house.clock.advance(seconds=10)
    assert not is_found(gateway)


def test_times_are_shown_in_utc_and_can_be_taken_away(ana: Caller, document: dict[str, Any]) -> None:
    changed = update(ana, document, valid_until="2026-12-31T21:00:00-03:00")
    assert changed["valid_until"] == "2027-01-01T00:00:00.000+00:00"

    assert update(ana, document, valid_until=None) == document


def test_the_document_as_get_gave_it_changes_nothing(ana: Caller, document: dict[str, Any]) -> None:
    assert update(ana, document, **document) == document
    assert update(ana, document) == document
    assert update(ana, document, enabled=None) == document


@pytest.mark.parametrize("name", ["_id", "id", "filename", "filepath", "type", "assistant_id", "createdAt", "url"])
def test_what_cannot_change_is_named(ana: Caller, document: dict[str, Any], name: str) -> None:
    response = ana.put(f"/documents/update/{document['_id']}", {name: "x"})

    assert_error(response, 422, "read_only", name)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"enabled": "yes"}, "enabled"),
        ({"valid_from": "tomorrow"}, "valid_from"),
        ({"valid_from": "2026-12-31T21:00:00"}, "valid_from"),
        ({"valid_from": 5}, "valid_from"),
        ({"valid_until": "2026-12-31"}, "valid_until"),
        ({"valid_from": "0001-01-01T00:00:00+14:00"}, "valid_from"),
        ({"valid_until": "9999-12-31T23:59:59-12:00"}, "valid_until"),
        ({"valid_from": "2026-12-31T21:00:00Z", "valid_until": "2026-12-31T21:00:00Z"}, "valid_until"),
        ({"refresh_hours": 24}, "refresh_hours"),
        ({"refresh_hours": 0}, "refresh_hours"),
        ({"expires": "never"}, "expires"),
    ],
)
def test_what_cannot_be_used_is_named(
    ana: Caller, document: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    assert_error(ana.put(f"/documents/update/{document['_id']}", change), 422, "validation_error", field)
    assert ana.get(f"/documents/get/{document['_id']}").json == document


def test_an_end_before_the_beginning_that_is_set_already_is_refused(ana: Caller, document: dict[str, Any]) -> None:
    update(ana, document, valid_from="2026-12-01T00:00:00Z")

    response = ana.put(f"/documents/update/{document['_id']}", {"valid_until": "2026-11-01T00:00:00Z"})

    assert_error(response, 422, "validation_error", "valid_until")


def test_a_prompt_always_applies(ana: Caller, assistant: dict[str, Any]) -> None:
    prompt = ana.upload(assistant["_id"], "Seja breve.", "p.md", "prompt")

    response = ana.put(f"/documents/update/{prompt['_id']}", {"enabled": False})

    assert_error(response, 422, "validation_error", "enabled")
    update(ana, prompt, enabled=True)


def test_unknown_and_foreign_ids_are_one_and_the_same(bruno: Caller, document: dict[str, Any]) -> None:
    paths = [f"/documents/update/{one}" for one in (document["_id"], *BAD_IDS)]
    assert_same_not_found([bruno.put(path, {"enabled": False}) for path in paths])


def send(caller: Caller, assistant: dict[str, Any], **fields: str) -> Any:
    file = (BytesIO(TEXT.encode()), "prazos.md")
    return caller.send_form(file=file, type="rag", assistant_id=assistant["_id"], **fields)


def test_an_upload_says_when_it_is_found(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    soon = house.clock().astimezone(UTC) + timedelta(minutes=5)
    response = send(ana, assistant, enabled="true", valid_from=soon.isoformat())

    assert response.status_code == 201, response.text
    assert datetime.fromisoformat(response.json["valid_from"]) - soon < timedelta(milliseconds=1)
    assert not is_found(gateway)
    house.clock.advance(minutes=6)
    assert is_found(gateway)


def test_a_new_version_keeps_what_is_not_said_anew(ana: Caller, assistant: dict[str, Any]) -> None:
    send(ana, assistant, enabled="false", valid_until="2030-01-01T00:00:00Z")

    kept = send(ana, assistant, valid_from="2026-01-01T00:00:00Z").json

    assert kept["enabled"] is False
    assert kept["valid_from"] == "2026-01-01T00:00:00.000+00:00"
    assert kept["valid_until"] == "2030-01-01T00:00:00.000+00:00"


@pytest.mark.parametrize("fields", [{"enabled": "maybe"}, {"valid_from": "soon"}, {"valid_until": "12/31/2026"}])
def test_an_upload_that_says_it_wrongly_is_refused(
    house: House, ana: Caller, assistant: dict[str, Any], fields: dict[str, str]
) -> None:
    assert_error(send(ana, assistant, **fields), 422, "validation_error", *fields)
    assert ana.ids("/documents/list") == []


def test_a_prompt_with_an_end_is_refused_and_leaves_nothing(
    house: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    file = (BytesIO(b"Seja breve."), "p.md")
    response = ana.send_form(
        file=file, type="prompt", assistant_id=assistant["_id"], valid_until="2030-01-01T00:00:00Z"
    )

    assert_error(response, 422, "validation_error", "valid_until")
    assert [path for path in house.documents.rglob(f"{assistant['_id']}/**/*") if path.is_file()] == []


def test_what_an_upload_says_holds_for_the_old_version_too(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, document: dict[str, Any]
) -> None:
    assert is_found(gateway)

    file = (BytesIO(b"\0" * 500), "prazos.md")
    response = ana.send_form(file=file, type="rag", assistant_id=assistant["_id"], enabled="false")

    assert (response.status_code, (response.json or {})["status"]) == (201, "failed")
    assert not is_found(gateway)


def test_a_change_whose_news_was_lost_is_told_when_it_is_repeated(
    house: House, ana: Caller, gateway: Caller, document: dict[str, Any]
) -> None:
    assert is_found(gateway)
    house.rows.documents.change(document["_id"], {"enabled": False}, None)

    update(ana, document, enabled=False)

    assert not is_found(gateway)
