"""DELETE /documents/delete/<id>"""

from pathlib import Path
from typing import Any

import pytest

from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found

TEXT = "A entrega leva três dias úteis."
QUESTION = "Quantos dias leva a entrega?"


@pytest.fixture
def document(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    return ana.upload(assistant["_id"], TEXT)


def file_of(house: House, document: dict[str, Any]) -> Path:
    return house.documents.parent / str(document["filepath"])


def test_its_file_record_and_chunks_are_gone(house: House, ana: Caller, document: dict[str, Any]) -> None:
    assert file_of(house, document).exists()
    assert house.rows_of(document["assistant_id"])["chunks"] == 1

    response = ana.delete(f"/documents/delete/{document['_id']}")

    assert response.status_code == 200
    assert set(response.json or {}) == {"message"}
    assert not file_of(house, document).exists()
    assert house.rows_of(document["assistant_id"])["chunks"] == 0
    assert ana.ids("/documents/list") == []
    again = ana.delete(f"/documents/delete/{document['_id']}")
    assert_same_not_found([again, ana.get(f"/documents/get/{document['_id']}")])


def test_no_question_finds_it_any_more(
    house: House, ana: Caller, document: dict[str, Any], gateway: Caller
) -> None:
    assert len(gateway.chat(QUESTION)["sources"]) == 1

    ana.delete(f"/documents/delete/{document['_id']}")

    assert gateway.chat(QUESTION)["sources"] == []


def test_other_documents_stay_findable(ana: Caller, document: dict[str, Any], gateway: Caller) -> None:
    other = ana.upload(document["assistant_id"], "A entrega para fora leva nove dias.", "outro.md")

    ana.delete(f"/documents/delete/{document['_id']}")

    assert [source["document_id"] for source in gateway.chat(QUESTION)["sources"]] == [other["_id"]]


def test_a_deleted_prompt_instructs_no_more(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    prompt = ana.upload(assistant["_id"], "Seja breve.", "prompt.txt", "prompt")

    ana.delete(f"/documents/delete/{prompt['_id']}")
    gateway.chat("Oi")

    assert house.model.questions[-1].instructions is None
    assert not file_of(house, prompt).exists()


def test_the_name_is_free_again(ana: Caller, document: dict[str, Any], gateway: Caller) -> None:
    ana.delete(f"/documents/delete/{document['_id']}")

    new = ana.upload(document["assistant_id"], TEXT)

    assert new["_id"] != document["_id"]
    assert [source["document_id"] for source in gateway.chat(QUESTION)["sources"]] == [new["_id"]]


def test_after_a_crash_it_stays_gone(house: House, ana: Caller, document: dict[str, Any]) -> None:
    house.rows.documents.mark_deleted(document["_id"], house.clock())

    assert ana.ids("/documents/list") == []
    for path in ("get", "path/get", "download"):
        assert_error(ana.get(f"/documents/{path}/{document['_id']}"), 404, "not_found")


def test_after_a_crash_what_is_left_of_it_is_swept(
    house: House, ana: Caller, document: dict[str, Any], gateway: Caller
) -> None:
    house.rows.documents.mark_deleted(document["_id"], house.clock())

    house.sweep()

    assert not file_of(house, document).exists()
    assert house.rows_of(document["assistant_id"])["chunks"] == 0
    assert gateway.chat(QUESTION)["sources"] == []
    house.clock.advance(minutes=16)
    house.sweep()
    assert house.rows_of(document["assistant_id"])["documents"] == 0


def test_the_sweep_leaves_a_new_file_of_the_same_name(
    house: House, ana: Caller, document: dict[str, Any], gateway: Caller
) -> None:
    house.rows.documents.mark_deleted(document["_id"], house.clock())
    new = ana.upload(document["assistant_id"], "A entrega leva nove dias.")

    house.sweep()

    assert file_of(house, new).read_text() == "A entrega leva nove dias."
    assert [source["document_id"] for source in gateway.chat(QUESTION)["sources"]] == [new["_id"]]


def test_an_administrator_may(ada: Caller, document: dict[str, Any]) -> None:
    assert ada.delete(f"/documents/delete/{document['_id']}").status_code == 200


def test_unknown_and_foreign_ids_are_one_and_the_same(
    house: House, bruno: Caller, document: dict[str, Any]
) -> None:
    assert_same_not_found([bruno.delete(f"/documents/delete/{one}") for one in (document["_id"], *BAD_IDS)])
    assert file_of(house, document).exists()


def test_a_deleted_document_is_news_once(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    document = ana.upload(assistant["_id"], "A entrega leva três dias.", "prazos.md")
    ana.delete(f"/documents/delete/{document['_id']}")
    before = house.rows.assistants.by_id(assistant["_id"])

    house.sweep()
    house.sweep()

    assert house.rows.assistants.by_id(assistant["_id"]) == before
