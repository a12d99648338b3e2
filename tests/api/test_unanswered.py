"""/unanswered: what an assistant did not know, in groups."""

from typing import Any

import pytest

from app.domain.answers import Answer
from app.domain.conversations import Tokens
from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found

UNKNOWN = "Não tenho essa informação."
OTHER = "+5511911111111"


def groups(caller: Caller, assistant: dict[str, Any], **wanted: str) -> list[dict[str, Any]]:
    response = caller.get(f"/unanswered/list/{assistant['_id']}", query_string=wanted)
    assert response.status_code == 200, response.text
    return list(response.json or [])


@pytest.fixture
def asked(house: House, gateway: Caller) -> list[dict[str, Any]]:
    """Three questions that the assistant did not know, two of them alike, among others."""
    house.model.answers.extend([UNKNOWN, "Três dias.", UNKNOWN])
    house.model.answers.append(Answer("", Tokens(1, 1), "fake", handover_reason="Não sei."))
    said = [("Vocês vendem pneus?", "1"), ("Qual é o prazo?", "1"), ("Vocês vendem pneus, moço?", OTHER)]
    return [gateway.chat(text, channel) for text, channel in said] + [gateway.chat("Tem garagem coberta?", "3")]


def test_similar_questions_are_one_group(
    ana: Caller, assistant: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    garage, tyres = groups(ana, assistant)

    assert (garage["question"], garage["count"], garage["state"]) == ("Tem garagem coberta?", 1, "open")
    assert (tyres["question"], tyres["count"]) == ("Vocês vendem pneus, moço?", 2)
    assert [one["chat_id"] for one in tyres["examples"]] == [asked[2]["_id"], asked[0]["_id"]]
    assert tyres["first_at"] < tyres["last_at"]
    page = ana.get(f"/unanswered/list/{assistant['_id']}?limit=1")
    assert (len(page.json or []), "Link" in page.headers) == (1, True)
    assert ana.pages(f"/unanswered/list/{assistant['_id']}?limit=1") == [[garage], [tyres]]
    assert groups(ana, assistant) == [garage, tyres]


def test_what_is_done_is_done_and_the_same_again_begins_a_new_group(
    house: House, ana: Caller, assistant: dict[str, Any], asked: list[dict[str, Any]], gateway: Caller
) -> None:
    _, tyres = groups(ana, assistant)

    done = ana.put(f"/unanswered/done/{tyres['_id']}").json or {}

    assert (done["state"], done["done_by"]["name"]) == ("done", "Ana")
    assert len(groups(ana, assistant)) == 1
    assert groups(ana, assistant, state="done") == [done]
    house.model.answers.append(UNKNOWN)
    gateway.chat("Vocês vendem pneus?")
    assert [one["count"] for one in groups(ana, assistant)] == [1, 1]
    reopened = ana.put(f"/unanswered/reopen/{tyres['_id']}").json or {}
    assert (reopened["state"], reopened["done_at"], reopened["done_by"]) == ("open", None, None)
    assert len(groups(ana, assistant)) == 3


def test_a_group_is_answered_by_a_correction(
    ana: Caller, assistant: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    garage, tyres = groups(ana, assistant)

    made = ana.post("/corrections/add", {"unanswered_id": tyres["_id"], "answer": "Não vendemos pneus."}).json or {}

    assert made["question"] == "Vocês vendem pneus, moço?"
    assert groups(ana, assistant) == [garage]


def test_erasing_a_contact_takes_its_questions_away(
    house: House, ana: Caller, assistant: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    garage, tyres = groups(ana, assistant)
    erased = ana.delete(f"/conversations/delete/{tyres['examples'][1]['conversation_id']}").json or {}
    assert erased["erased"]["unanswered_questions"] == 1
    (left,) = [one for one in groups(ana, assistant) if one["_id"] == tyres["_id"]]
    assert [one["question"] for one in left["examples"]] == ["Vocês vendem pneus, moço?"]
    group = house.rows.unanswered.by_id(tyres["_id"])
    assert group is not None
    assert (group.vector, group.origin) == (b"", "")

    ana.delete(f"/conversations/delete/{garage['examples'][0]['conversation_id']}")

    assert [one["_id"] for one in groups(ana, assistant)] == [tyres["_id"]]
    ana.delete(f"/assistants/delete/{assistant['_id']}")
    assert house.rows.unanswered.by_id(tyres["_id"]) is None


def test_only_the_groups_asked_last_are_kept(
    house: House, ana: Caller, assistant: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    garage, _ = groups(ana, assistant)

    house.rows.unanswered.keep_newest(assistant["_id"], 1)

    assert groups(ana, assistant) == [garage]


def test_groups_of_others_are_unknown(
    ana: Caller, bruno: Caller, assistant: dict[str, Any], asked: list[dict[str, Any]]
) -> None:
    ids = [groups(ana, assistant)[0]["_id"], *BAD_IDS]

    assert_same_not_found([bruno.put(f"/unanswered/done/{one}") for one in ids])
    assert_error(ana.get(f"/unanswered/list/{assistant['_id']}?state=old"), 422, "validation_error", "state")
