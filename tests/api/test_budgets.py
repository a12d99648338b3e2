"""The budget of an assistant: PUT /assistants/update/<id>, POST /chats/enviarMensagemLLM"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.answers import Answer
from app.domain.assistants import Member
from app.domain.conversations import Tokens
from app.domain.permissions import Role
from tests.api.house import PHONE, Caller, House, assert_error, open_house
from tests.api.prices import a_price, set_prices
from tests.fakes.database import scratch_database

OTHER = "+5511911111111"


@pytest.fixture(scope="module")
def dear_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with a language model, whose tokens cost a real for a million."""
    folder: Path = tmp_path_factory.mktemp("dear")
    with (
        scratch_database(database_uri) as database,
        open_house(database, folder, llm_model="fake", allowed_models=("fake", "dearer", "unpriced")) as house,
    ):
        house.register("Ada", "ada@example.com")
        set_prices(house.sign_in("ada@example.com"), a_price("fake"), a_price("dearer", in_per_million="9"))
        yield house


@pytest.fixture
def owner(dear_house: House) -> Caller:
    return dear_house.newcomer("Ana")


@pytest.fixture
def frugal(owner: Caller) -> dict[str, Any]:
    """An assistant that may spend a real a month."""
    assistant = owner.make_assistant()
    return change(owner, assistant, monthly_budget_brl="1.00")


def change(caller: Caller, assistant: dict[str, Any], **settings: Any) -> dict[str, Any]:
    response = caller.put(f"/assistants/update/{assistant['_id']}", settings)
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def spend(house: House, assistant: dict[str, Any], tokens: int = 1_000_000) -> Caller:
    """A gateway, after an answer that cost so many millionths of a real."""
    gateway = house.gateway(assistant["api_key"])
    house.model.answers.append(Answer("Olá!", Tokens(tokens, 0), "fake"))
    assert gateway.chat("Oi")["response"] == "Olá!"
    return gateway


def test_a_person_and_a_sentence(dear_house: House, owner: Caller, frugal: dict[str, Any]) -> None:
    change(owner, frugal, handover_message="Já chamo alguém.")
    gateway = spend(dear_house, frugal)

    chat = gateway.chat("Qual o prazo?", OTHER)

    assert (chat["response"], chat["handover"], chat["active"]) == ("Já chamo alguém.", True, False)
    assert "orçamento" in chat["handover_reason"]
    assert (chat["model"], chat["tokens"]["in"]) == (None, 0)


def test_a_quotation(dear_house: House, owner: Caller, frugal: dict[str, Any]) -> None:
    change(owner, frugal, when_exhausted="extractive")
    owner.upload(frugal["_id"], "# Entrega\n\nO prazo de entrega é de dois dias úteis.")
    gateway = spend(dear_house, frugal)
    asked = len(dear_house.model.questions)

    chat = gateway.chat("Qual é o prazo de entrega?")

    assert (chat["degraded"], chat["model"], chat["active"]) == (True, "extractive", True)
    assert "dois dias" in chat["response"]
    assert len(dear_house.model.questions) == asked


def test_an_error(dear_house: House, owner: Caller, frugal: dict[str, Any]) -> None:
    change(owner, frugal, when_exhausted="error", when_unavailable="extractive")
    gateway = spend(dear_house, frugal)

    for _ in range(2):
        assert_error(gateway.say("Oi", message_id="1"), 503, "budget_exhausted")
    change(owner, frugal, monthly_budget_brl="5")
    assert gateway.chat("Oi", message_id="1")["response"] == "Resposta."


def test_streamed(dear_house: House, owner: Caller, frugal: dict[str, Any]) -> None:
    change(owner, frugal, when_exhausted="error")
    gateway = spend(dear_house, frugal)
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Oi"}

    response = gateway.post("/chats/enviarMensagemLLM", body, headers={"Accept": "text/event-stream"})

    assert "budget_exhausted" in response.text


def test_without_a_budget_nothing_is_bounded(dear_house: House, owner: Caller) -> None:
    gateway = spend(dear_house, owner.make_assistant(), 10**9)

    assert gateway.chat("Oi")["response"] == "Resposta."


def test_an_assistant_is_deleted_with_its_budget(dear_house: House, owner: Caller, frugal: dict[str, Any]) -> None:
    spend(dear_house, frugal)
    assert dear_house.rows.budgets.of_assistant(frugal["_id"])

    owner.delete(f"/assistants/delete/{frugal['_id']}")

    assert dear_house.rows.budgets.of_assistant(frugal["_id"]) == []


@pytest.mark.parametrize("value", [0, -1, "0.00", "-5", 10**30, "NaN", "Infinity", "", "dez", True, [], 1.001])
def test_what_is_no_budget(owner: Caller, frugal: dict[str, Any], value: Any) -> None:
    for response in (
        owner.put(f"/assistants/update/{frugal['_id']}", {"monthly_budget_brl": value}),
        owner.post("/assistants/add", {"name": "Nova", "monthly_budget_brl": value}),
    ):
        assert_error(response, 422, "validation_error", "monthly_budget_brl")
    assert owner.get("/assistants/list").json == [frugal]


@pytest.mark.parametrize(("value", "shown"), [(150, "150"), ("0.01", "0.01"), (12.5, "12.5"), (None, None)])
def test_what_is_a_budget(owner: Caller, frugal: dict[str, Any], value: Any, shown: str | None) -> None:
    assert change(owner, frugal, monthly_budget_brl=value)["monthly_budget_brl"] == shown


def test_every_model_that_may_answer_needs_a_price(owner: Caller, frugal: dict[str, Any]) -> None:
    response = owner.put(f"/assistants/update/{frugal['_id']}", {"model": "unpriced"})
    assert_error(response, 422, "validation_error", "monthly_budget_brl")
    assert "unpriced" in response.text
    change(owner, frugal, model="dearer")


def test_only_owners_set_it(dear_house: House, owner: Caller, frugal: dict[str, Any]) -> None:
    editor = dear_house.newcomer("Edu")
    assert dear_house.rows.assistants.set_member(frugal["_id"], Member(editor.id, Role.EDITOR), 9)

    for settings in ({"monthly_budget_brl": "2"}, {"monthly_budget_brl": None}, {"when_exhausted": "error"}):
        assert_error(editor.put(f"/assistants/update/{frugal['_id']}", settings), 403, "not_allowed")
    change(editor, frugal, monthly_budget_brl="1.00", history_turns=3)


@pytest.mark.parametrize("value", ["", "MESSAGE", "handover", 1, True, []])
def test_what_is_no_way_to_go_on(owner: Caller, frugal: dict[str, Any], value: Any) -> None:
    response = owner.put(f"/assistants/update/{frugal['_id']}", {"when_exhausted": value})

    assert_error(response, 422, "validation_error", "when_exhausted")
