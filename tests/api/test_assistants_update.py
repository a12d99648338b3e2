"""PUT /assistants/update/<id>"""

from typing import Any

import pytest

from tests.api.house import BAD_IDS, PHONE, UNKNOWN_ID, Caller, House, assert_error, assert_same_not_found


def test_a_name_is_changed_and_nothing_else(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.put(f"/assistants/update/{assistant['_id']}", {"name": "Padaria"})

    assert (response.status_code, response.json) == (200, assistant | {"name": "Padaria"})
    assert ana.get(f"/assistants/get/{assistant['_id']}").json == response.json


def test_the_object_as_get_gave_it_is_taken(ana: Caller, assistant: dict[str, Any]) -> None:
    path = f"/assistants/update/{assistant['_id']}"

    assert ana.put(path, assistant).json == assistant
    assert ana.put(path, assistant | {"name": "Nova"}).json == assistant | {"name": "Nova"}


def test_the_company_is_changed_and_taken_away(ana: Caller, assistant: dict[str, Any]) -> None:
    path = f"/assistants/update/{assistant['_id']}"

    assert ana.put(path, {"company": "Padaria Ltda."}).json == assistant | {"company": "Padaria Ltda."}
    assert ana.put(path, {"name": "Pão"}).json == assistant | {"name": "Pão", "company": "Padaria Ltda."}
    assert ana.put(path, {"name": "Loja", "company": None}).json == assistant


def test_an_empty_part_changes_nothing(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.put(f"/assistants/update/{assistant['_id']}", {})

    assert (response.status_code, response.json) == (200, assistant)


def test_a_time_written_differently_is_not_a_change(ana: Caller, assistant: dict[str, Any]) -> None:
    same = assistant["createdAt"].replace("+00:00", "Z")

    assert ana.put(f"/assistants/update/{assistant['_id']}", {"createdAt": same}).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_id", UNKNOWN_ID),
        ("id", UNKNOWN_ID),
        ("id", None),
        ("id", {"$ne": None}),
        ("api_key", "x" * 64),
        ("api_key", None),
        ("createdAt", "2020-01-01T00:00:00.000+00:00"),
        ("createdAt", 7),
        ("owner_id", UNKNOWN_ID),
    ],
)
def test_read_only_fields_cannot_be_changed(
    ana: Caller, assistant: dict[str, Any], name: str, value: object
) -> None:
    path = f"/assistants/update/{assistant['_id']}"

    assert_error(ana.put(path, {"name": "Nova", name: value}), 422, "read_only", name)
    assert ana.get(f"/assistants/get/{assistant['_id']}").json == assistant


def test_an_owner_cannot_give_away(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    response = ana.put(f"/assistants/update/{assistant['_id']}", {"owner_id": bruno.id})

    assert_error(response, 422, "read_only", "owner_id")
    assert bruno.ids("/assistants/list") == []


def test_an_administrator_changes_the_owner_and_everything_follows(
    house: House, ada: Caller, ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    document = ana.upload(assistant["_id"], "# Prazo\nA entrega leva três dias.")
    chat = gateway.chat("Oi")

    response = ada.put(f"/assistants/update/{assistant['_id']}", {"owner_id": bruno.id})

    assert (response.status_code, response.json) == (200, assistant | {"owner_id": bruno.id})
    assert bruno.ids("/assistants/list") == [assistant["_id"]]
    assert bruno.ids("/documents/list") == [document["_id"]]
    assert bruno.ids("/chats/list") == [chat["_id"]]
    assert bruno.ids(f"/chats/list?channel_id=%2B{PHONE[1:]}") == [chat["_id"]]
    assert bruno.put(f"/chats/desativar/{PHONE}").status_code == 200
    for path in ("/assistants/list", "/documents/list", "/chats/list"):
        assert ana.ids(path) == []
    assert_same_not_found([ana.get(f"/chats/get/{one}") for one in (chat["_id"], UNKNOWN_ID)])


def test_the_key_goes_on_working_for_a_new_owner(
    ada: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    ada.put(f"/assistants/update/{assistant['_id']}", {"owner_id": bruno.id})

    chat = gateway.chat("Oi")

    assert bruno.ids("/chats/list") == [chat["_id"]]


def test_a_change_of_owner_that_was_cut_off_is_finished(
    house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    document, chat = ana.upload(assistant["_id"], "Texto."), gateway.chat("Oi")
    house.rows.assistants.change_owner(assistant["_id"], bruno.id, house.clock())

    house.sweep()

    assert bruno.ids("/documents/list") == [document["_id"]]
    assert bruno.ids("/chats/list") == [chat["_id"]]
    assert ana.ids("/documents/list") == ana.ids("/chats/list") == []


@pytest.mark.parametrize("owner_id", [UNKNOWN_ID, "nobody"])
def test_a_new_owner_has_to_exist(ada: Caller, assistant: dict[str, Any], owner_id: str) -> None:
    response = ada.put(f"/assistants/update/{assistant['_id']}", {"name": "Nova", "owner_id": owner_id})

    assert_error(response, 422, "validation_error", "owner_id")
    assert ada.get(f"/assistants/get/{assistant['_id']}").json == assistant


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b", "\udfff", 7, {"$ne": None}])
def test_a_name_that_cannot_be_used_is_refused(ana: Caller, assistant: dict[str, Any], name: Any) -> None:
    response = ana.put(f"/assistants/update/{assistant['_id']}", {"name": name})

    assert_error(response, 422, "validation_error", "name")
    assert ana.get(f"/assistants/get/{assistant['_id']}").json == assistant


def test_unknown_fields_are_named(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.put(f"/assistants/update/{assistant['_id']}", {"name": "Nova", "prompt": "x", "created_at": 1})

    assert_error(response, 422, "validation_error", "prompt", "created_at")


def test_unknown_and_foreign_ids_are_one_and_the_same(bruno: Caller, assistant: dict[str, Any]) -> None:
    ids = (assistant["_id"], *BAD_IDS)

    assert_same_not_found([bruno.put(f"/assistants/update/{one}", {"name": "Minha"}) for one in ids])
