"""DELETE /assistants/delete/<id>"""

from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from tests.api.house import (
    BAD_IDS,
    PHONE,
    UNKNOWN_ID,
    Caller,
    House,
    assert_error,
    assert_same_not_found,
    open_house,
)
from tests.fakes.database import scratch_database

NOTHING = {"documents": 0, "chunks": 0, "conversations": 0, "chats": 0}


@pytest.fixture
def full(ana: Caller, assistant: dict[str, Any], gateway: Caller) -> dict[str, Any]:
    """An assistant with a bit of everything."""
    ana.upload(assistant["_id"], "# Prazo\nA entrega leva três dias.")
    ana.upload(assistant["_id"], "Seja breve.", "prompt.txt", "prompt")
    gateway.chat("Qual é o prazo de entrega?")
    return assistant


def traces(house: House, assistant_id: str) -> list[str]:
    """Files and folders that are named after an assistant."""
    return [str(path) for root in (house.documents, house.index) for path in root.rglob(f"*{assistant_id}*")]


def test_it_is_gone(ana: Caller, assistant: dict[str, Any]) -> None:
    response = ana.delete(f"/assistants/delete/{assistant['_id']}")

    assert response.status_code == 200
    assert set(response.json or {}) == {"message"}
    assert ana.ids("/assistants/list") == []
    again = ana.delete(f"/assistants/delete/{assistant['_id']}")
    assert_same_not_found([again, ana.get(f"/assistants/get/{assistant['_id']}")])


def test_everything_it_had_is_gone(house: House, ana: Caller, full: dict[str, Any]) -> None:
    assert all(house.rows_of(full["_id"]).values())
    assert len(traces(house, full["_id"])) == 2

    ana.delete(f"/assistants/delete/{full['_id']}")

    assert house.rows_of(full["_id"]) == NOTHING
    assert traces(house, full["_id"]) == []
    assert ana.get("/documents/list").json == ana.get("/chats/list").json == []


def test_its_key_opens_nothing(ana: Caller, full: dict[str, Any], gateway: Caller) -> None:
    ana.delete(f"/assistants/delete/{full['_id']}")

    assert_error(gateway.say("Oi"), 401, "invalid_api_key")


def test_after_a_crash_it_stays_gone(house: House, ana: Caller, full: dict[str, Any], gateway: Caller) -> None:
    document, chat = ana.ids("/documents/list")[0], ana.ids("/chats/list")[0]
    house.rows.assistants.mark_deleted(full["_id"], house.clock())

    for path in ("/assistants/list", "/documents/list", "/chats/list", f"/chats/list?channel_id=%2B{PHONE[1:]}"):
        assert ana.ids(path) == [], path
    gone = [f"/assistants/get/{full['_id']}", f"/documents/get/{document}", f"/documents/download/{document}"]
    for path in (*gone, f"/documents/path/get/{document}", f"/chats/get/{chat}"):
        assert_error(ana.get(path), 404, "not_found")
    for path in (f"/chats/ativar/{chat}", f"/chats/desativar/{PHONE}"):
        assert_error(ana.put(path), 404, "not_found")
    assert_error(ana.send_file(full["_id"], "x"), 404, "not_found")
    assert_error(ana.delete(f"/documents/delete/{document}"), 404, "not_found")
    assert_error(gateway.say("Oi"), 401, "invalid_api_key")


def test_after_a_crash_what_is_left_of_it_is_swept(house: House, ana: Caller, full: dict[str, Any]) -> None:
    house.rows.assistants.mark_deleted(full["_id"], house.clock())

    house.sweep()

    assert house.rows_of(full["_id"]) == NOTHING
    assert traces(house, full["_id"]) == []


def test_the_tombstone_goes_when_nothing_can_write_any_more(house: House, full: dict[str, Any]) -> None:
    house.rows.assistants.mark_deleted(full["_id"], house.clock())
    house.sweep()
    assert full["_id"] in [one for one, _ in house.rows.assistants.being_deleted()]

    house.clock.advance(minutes=16)
    house.sweep()

    assert full["_id"] not in [one for one, _ in house.rows.assistants.being_deleted()]


def test_an_answer_that_comes_too_late_leaves_nothing(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    def deleted_while_thinking() -> str:
        ana.apart().delete(f"/assistants/delete/{assistant['_id']}")
        return "Tarde demais."

    house.model.answers.append(deleted_while_thinking)

    response = gateway.say("Oi")

    assert response.status_code in {401, 404, 409}, response.text
    assert house.rows_of(assistant["_id"]) == NOTHING


def test_what_others_have_stays(house: House, ana: Caller, bruno: Caller, full: dict[str, Any]) -> None:
    other = bruno.make_assistant()
    bruno.upload(other["_id"], "# Preço\nCusta dez reais.")

    ana.delete(f"/assistants/delete/{full['_id']}")

    house.gateway(other["api_key"]).chat("Qual é o preço?")
    assert [passage.filename for passage in house.model.questions[-1].passages] == ["rag.md"]


def test_an_administrator_may(ada: Caller, ana: Caller, assistant: dict[str, Any]) -> None:
    assert ada.delete(f"/assistants/delete/{assistant['_id']}").status_code == 200
    assert ana.ids("/assistants/list") == []


def test_unknown_and_foreign_ids_are_one_and_the_same(
    ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    assert UNKNOWN_ID in BAD_IDS
    assert_same_not_found([bruno.delete(f"/assistants/delete/{one}") for one in (assistant["_id"], *BAD_IDS)])
    assert ana.ids("/assistants/list") == [assistant["_id"]]


def test_a_process_that_was_down_removes_the_index_when_it_starts(database_uri: str, tmp_path: Path) -> None:
    """Though the tombstone is gone by then."""
    with scratch_database(database_uri) as database:
        with open_house(database, tmp_path) as house:
            house.register("Ana", "ana@example.com")
            ana = house.sign_in("ana@example.com")
            deleted, kept = ana.make_assistant(), ana.make_assistant()
            for assistant in (deleted, kept):
                ana.upload(assistant["_id"], "A entrega leva dois dias.")
                house.gateway(assistant["api_key"]).chat("Quantos dias?")
            assert (house.index / deleted["_id"]).exists()
        database["assistants"].delete_one({"_id": ObjectId(deleted["_id"])})

        with open_house(database, tmp_path) as house:
            house.sweep()

            assert not (house.index / deleted["_id"]).exists()
            assert (house.index / kept["_id"]).exists()
