"""POST /assistants/search/<id> and GET /assistants/knowledge/<id>"""

from typing import Any

import pytest

from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found

FILLING = "Nossa loja vende roupas para toda a família e fica no centro da cidade, perto da praça. " * 5
FIELDS = {"document_id", "filename", "position", "heading", "text", "dense", "lexical", "score", "used"}


@pytest.fixture
def document(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    text = f"# Loja\n{FILLING}\n# Entrega\nA entrega leva três dias úteis. {FILLING}\n# Trocas\n{FILLING}"
    return ana.upload(assistant["_id"], text, "loja.md")


def search(caller: Caller, assistant: dict[str, Any], query: str, **options: Any) -> list[dict[str, Any]]:
    response = caller.post(f"/assistants/search/{assistant['_id']}", {"query": query, **options})
    assert response.status_code == 200, response.text
    return list(response.json or [])


def test_the_chunk_that_fits_best_comes_first(
    ana: Caller, assistant: dict[str, Any], document: dict[str, Any]
) -> None:
    found = search(ana, assistant, "Quantos dias leva a entrega?")

    assert len(found) == 3
    assert all(set(one) == FIELDS for one in found)
    best = found[0]
    assert (best["document_id"], best["filename"], best["position"]) == (document["_id"], "loja.md", 1)
    assert (best["heading"], best["used"]) == ("Entrega", True)
    assert best["text"].startswith("A entrega leva três dias úteis.")
    scores = [one["score"] for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_what_is_found_is_what_the_answer_is_made_of(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, document: dict[str, Any]
) -> None:
    gateway.chat("Quantos dias leva a entrega?")
    shown = "\n".join(passage.text for passage in house.model.questions[-1].passages)

    for one in search(ana, assistant, "Quantos dias leva a entrega?"):
        assert (one["text"] in shown) is one["used"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_there_are_as_many_as_wanted(
    ana: Caller, assistant: dict[str, Any], document: dict[str, Any], limit: int
) -> None:
    assert len(search(ana, assistant, "entrega", limit=limit)) == min(limit, 3)


def test_an_assistant_without_documents_finds_nothing(ana: Caller, assistant: dict[str, Any]) -> None:
    assert search(ana, assistant, "entrega") == []


def test_a_question_without_a_letter_finds_nothing(
    ana: Caller, assistant: dict[str, Any], document: dict[str, Any]
) -> None:
    assert search(ana, assistant, "?!") == []


def test_what_is_switched_off_is_not_shown(
    ana: Caller, assistant: dict[str, Any], document: dict[str, Any]
) -> None:
    ana.put(f"/documents/update/{document['_id']}", {"enabled": False})

    assert search(ana, assistant, "entrega") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": " \n"}, "query"),
        ({"query": "x" * 4097}, "query"),
        ({"query": 5}, "query"),
        ({"query": "oi", "limit": 0}, "limit"),
        ({"query": "oi", "limit": 101}, "limit"),
        ({"query": "oi", "limit": "10"}, "limit"),
        ({"query": "oi", "k": 3}, "k"),
    ],
)
def test_what_cannot_be_used_is_named(
    ana: Caller, assistant: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    response = ana.post(f"/assistants/search/{assistant['_id']}", body)

    assert_error(response, 422, "validation_error", field)


def test_the_state_counts_documents_and_chunks(
    ana: Caller, assistant: dict[str, Any], document: dict[str, Any]
) -> None:
    ana.upload(assistant["_id"], b"no zip", "a.docx")
    ana.upload(assistant["_id"], "Seja breve.", "p.md", "prompt")

    state = ana.get(f"/assistants/knowledge/{assistant['_id']}").json or {}

    assert state["documents"] == {"pending": 0, "indexing": 0, "ready": 1, "failed": 1, "cancelled": 0}
    assert (state["chunks"], state["progress"]) == (3, 1.0)
    assert (state["model"], state["next_model"]) == ("hashing-64", None)


@pytest.mark.parametrize(("method", "path"), [("POST", "search"), ("GET", "knowledge")])
def test_unknown_and_foreign_ids_are_one_and_the_same(
    bruno: Caller, assistant: dict[str, Any], method: str, path: str
) -> None:
    ids = (assistant["_id"], *BAD_IDS)
    body = {"json": {"query": "oi"}} if method == "POST" else {}

    assert_same_not_found([bruno.request(method, f"/assistants/{path}/{one}", **body) for one in ids])
