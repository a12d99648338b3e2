"""POST /corrections/add, GET /corrections/get/<id>"""

from typing import Any

import pytest

from app.domain.assistants import Member
from app.domain.permissions import Role
from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found


def correct(caller: Caller, **said: str) -> dict[str, Any]:
    response = caller.post("/corrections/add", said)
    assert response.status_code == 201, response.text
    return dict(response.json or {})


def state(caller: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    return dict(caller.get(f"/corrections/get/{assistant['_id']}").json or {})


def test_the_right_answer_becomes_knowledge_and_a_case(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    assert state(ana, assistant) == {"document_id": None, "filename": None, "status": None, "entries": []}
    chat = gateway.chat("Quantos dias leva a entrega?")

    made = correct(ana, chat_id=chat["_id"], answer="São três dias úteis.\n# Sem título")

    assert (made["filename"], made["status"], made["replaced"]) == ("Correções.md", "ready", False)
    assert made["question"] == "Quantos dias leva a entrega?"
    assert state(ana, assistant)["entries"] == [
        {"question": "Quantos dias leva a entrega?", "answer": "São três dias úteis.\nSem título"}
    ]
    gateway.chat("Quantos dias leva a entrega?")
    assert "São três dias úteis." in house.model.questions[-1].passages[0].text
    (case,) = ana.get(f"/evaluations/cases/{assistant['_id']}").json or []
    assert (case["_id"], case["source"]) == (made["case_id"], "correction")
    assert case["expected"].startswith("São três dias úteis.")
    (entry,) = ana.get(f"/audit/list?assistant_id={assistant['_id']}&action=correction.add").json or []
    assert entry["target"]["id"] == made["document_id"]


def test_the_same_question_again_replaces_its_entry(ana: Caller, assistant: dict[str, Any]) -> None:
    first = correct(ana, assistant_id=assistant["_id"], question="Abre no sábado?", answer="Sim.")
    correct(ana, assistant_id=assistant["_id"], question="Qual é o prazo?", answer="Dois dias.")

    again = correct(ana, assistant_id=assistant["_id"], question="abre no SABADO", answer="Não.")

    assert (again["replaced"], again["case_id"], again["document_id"]) == (
        True,
        first["case_id"],
        first["document_id"],
    )
    assert [one["answer"] for one in state(ana, assistant)["entries"]] == ["Não.", "Dois dias."]
    assert correct(ana, assistant_id=assistant["_id"], question="abre no SABADO", answer="Não.")["replaced"]
    assert len(ana.get(f"/evaluations/cases/{assistant['_id']}").json or []) == 2


def test_what_the_owner_writes_into_the_document_stays(ana: Caller, assistant: dict[str, Any]) -> None:
    made = correct(ana, assistant_id=assistant["_id"], question="Um?", answer="Um.")
    text = ana.get(f"/documents/download/{made['document_id']}").text
    assert text == "# Correções\n\n## Um?\n\nUm.\n"
    ana.upload(assistant["_id"], f"{text}\n## De mim?\n\nDe mim.\n", "Correções.md")

    correct(ana, assistant_id=assistant["_id"], question="Dois?", answer="Dois.")

    assert [one["question"] for one in state(ana, assistant)["entries"]] == ["Um?", "De mim?", "Dois?"]


def test_operators_correct_and_viewers_do_not(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    chat = gateway.chat("Oi?")
    operator, viewer = house.newcomer("Rita"), house.newcomer("Vera")
    assert house.rows.assistants.set_member(assistant["_id"], Member(operator.id, Role.OPERATOR), 9)
    assert house.rows.assistants.set_member(assistant["_id"], Member(viewer.id, Role.VIEWER), 9)

    correct(operator, chat_id=chat["_id"], answer="Oi, tudo bem?")

    assert_error(viewer.post("/corrections/add", {"chat_id": chat["_id"], "answer": "x"}), 403, "not_allowed")
    assert len(state(viewer, assistant)["entries"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "x"},
        {"chat_id": "0" * 24, "assistant_id": "0" * 24, "answer": "x"},
        {"chat_id": "x", "answer": "x"},
        {"chat_id": "0" * 24},
        {"chat_id": "0" * 24, "answer": " "},
        {"chat_id": "0" * 24, "answer": "x" * 4001},
        {"chat_id": "0" * 24, "answer": "x", "question": "x" * 1001},
    ],
)
def test_what_cannot_be_used(ana: Caller, body: dict[str, Any]) -> None:
    response = ana.post("/corrections/add", body)

    assert response.status_code == 422, response.text
    assert (response.json or {})["code"] == "validation_error"


def test_a_question_has_words(ana: Caller, assistant: dict[str, Any]) -> None:
    body = {"assistant_id": assistant["_id"], "question": "?!", "answer": "x"}

    assert_error(ana.post("/corrections/add", body), 422, "validation_error", "question")
    del body["question"]
    assert_error(ana.post("/corrections/add", body), 422, "validation_error", "question")


def test_chats_of_others_are_unknown(bruno: Caller, gateway: Caller) -> None:
    ids = [gateway.chat("Oi")["_id"], "0" * 24]

    assert_same_not_found([bruno.post("/corrections/add", {"chat_id": one, "answer": "x"}) for one in ids])
    assert_same_not_found([bruno.get(f"/corrections/get/{one}") for one in BAD_IDS])
