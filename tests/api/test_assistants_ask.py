"""POST /assistants/ask/<id>: the test bench."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.answers import Answer, Turn
from app.domain.conversations import Tokens
from app.domain.errors import ModelTimeoutError
from tests.api.house import BAD_IDS, Caller, House, assert_error, assert_same_not_found, open_house
from tests.api.prices import a_price, set_prices
from tests.fakes.database import scratch_database


@pytest.fixture(scope="module")
def dear_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with a language model, whose tokens cost a real for a million."""
    with (
        scratch_database(database_uri) as database,
        open_house(
            database, tmp_path_factory.mktemp("bench"), llm_model="fake", allowed_models=("fake", "other")
        ) as house,
    ):
        house.register("Ada", "ada@example.com")
        set_prices(house.sign_in("ada@example.com"), a_price("fake"), a_price("other"))
        yield house


@pytest.fixture
def owner(dear_house: House) -> Caller:
    dear_house.model.answers.clear()
    return dear_house.newcomer("Ana")


@pytest.fixture
def shop(owner: Caller) -> dict[str, Any]:
    assistant = owner.make_assistant()
    owner.upload(assistant["_id"], "# Entrega\nA entrega leva três dias úteis.", "loja.md")
    return assistant


def ask(caller: Caller, assistant: dict[str, Any], message: str, **more: Any) -> dict[str, Any]:
    response = caller.post(f"/assistants/ask/{assistant['_id']}", {"message": message, **more})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def test_an_answer_and_what_it_is_made_of(dear_house: House, owner: Caller, shop: dict[str, Any]) -> None:
    dear_house.model.answers.append(Answer("Três dias.", Tokens(1000, 500, cached=100), "fake"))

    shown = ask(owner, shop, "Quantos dias leva a entrega?")

    assert (shown["answer"], shown["model"], shown["unanswered"]) == ("Três dias.", "fake", False)
    (passage,) = shown["passages"]
    assert (passage["filename"], passage["position"]) == ("loja.md", 0)
    assert "três dias úteis" in passage["text"]
    assert passage["lexical"] > 0
    assert "words" in passage["found_by"]
    assert shown["tokens"] == {"in": 1000, "out": 500, "cached": 100}
    assert shown["cost_brl"] == "0.006"
    assert 0 <= shown["seconds"] < 30
    system, user = shown["prompt"]
    assert (system["role"], user) == ("system", {"role": "user", "content": "Quantos dias leva a entrega?"})
    assert passage["text"] in system["content"]
    assert owner.get("/chats/list").json == []
    (row,) = owner.get("/usage").json or []
    assert (row["messages"], row["answered"], row["tests"], row["cost_brl"]) == (0, 0, 1, "0.006")
    assert row["tokens"]["in"] == 1000


def test_another_prompt_model_and_history(dear_house: House, owner: Caller, shop: dict[str, Any]) -> None:
    owner.put(f"/prompts/update/{shop['_id']}", {"text": "Seja breve."})
    history = [{"message": "Oi", "response": "Olá!"}]

    shown = ask(owner, shop, "E o prazo?", prompt="Rime.", model="other", temperature=1.5, history=history)

    asked = dear_house.model.questions[-1]
    assert (asked.instructions, asked.model, asked.temperature) == ("Rime.", "other", 1.5)
    assert asked.history == (Turn("Oi", "Olá!"),)
    assert shown["prompt"][0]["content"].startswith("Rime.")
    assert [one["role"] for one in shown["prompt"]] == ["system", "user", "assistant", "user"]
    ask(owner, shop, "E o prazo?")
    asked = dear_house.model.questions[-1]
    assert (asked.instructions, asked.model) == ("Seja breve.", None)


def test_who_does_not_know_and_who_wants_a_person(dear_house: House, owner: Caller, shop: dict[str, Any]) -> None:
    dear_house.model.answers.append("Desculpe, não tenho essa informação.")
    assert ask(owner, shop, "Vocês vendem pneus?")["unanswered"] is True

    shown = ask(owner, shop, "Quero falar com um atendente")
    assert (shown["answer"], shown["model"], shown["prompt"], shown["cost_brl"]) == ("", None, [], "0")
    assert shown["handover_reason"]


def test_a_budget_holds(dear_house: House, owner: Caller, shop: dict[str, Any]) -> None:
    owner.put(f"/assistants/update/{shop['_id']}", {"monthly_budget_brl": "1.00"})
    dear_house.model.answers.append(Answer("Caro.", Tokens(1_000_000, 0), "fake"))
    ask(owner, shop, "Oi?")

    response = owner.post(f"/assistants/ask/{shop['_id']}", {"message": "Oi?"})

    assert_error(response, 503, "budget_exhausted")
    dear_house.services.usage.rebuild.rebuild(shop["_id"])
    (row,) = owner.get("/usage").json or []
    assert (row["tests"], row["cost_brl"]) == (1, "1")


def test_a_model_that_fails_is_an_error(dear_house: House, owner: Caller, shop: dict[str, Any]) -> None:
    dear_house.model.answers.append(ModelTimeoutError("Too late."))

    assert_error(owner.post(f"/assistants/ask/{shop['_id']}", {"message": "Oi?"}), 504, "model_timeout")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": " "}, "message"),
        ({"message": "x" * 4097}, "message"),
        ({"message": "a", "model": "gpt-9"}, "model"),
        ({"message": "a", "prompt": ""}, "prompt"),
        ({"message": "a", "temperature": 3}, "temperature"),
        ({"message": "a", "history": [{"said": "x"}]}, "history"),
    ],
)
def test_what_cannot_be_used_is_named(
    owner: Caller, shop: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    response = owner.post(f"/assistants/ask/{shop['_id']}", body)

    assert response.status_code == 422, response.text
    assert any(name.startswith(field) for name in (response.json or {})["fields"])


def test_others_do_not_find_it(bruno: Caller, assistant: dict[str, Any]) -> None:
    ids = (assistant["_id"], *BAD_IDS)

    assert_same_not_found([bruno.post(f"/assistants/ask/{one}", {"message": "Oi"}) for one in ids])
