"""/evaluations: runs of a question set, comparison, and publishing a prompt."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.answers import Answer
from app.domain.assistants import Member
from app.domain.conversations import Tokens
from app.domain.errors import ModelFailedError
from app.domain.permissions import Role
from tests.api.crowd import Thinking
from tests.api.evaluations import begin, ended
from tests.api.house import ALLOWED_MODELS, BAD_IDS, Caller, House, assert_error, assert_same_not_found, open_house
from tests.api.prices import a_price, set_prices
from tests.fakes.database import scratch_database

SET = {"Qual é o prazo?": "três dias úteis", "Abre no sábado?": "não abrimos no sábado", "Qual é o frete?": "R$ 20"}


@pytest.fixture
def shop(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    """An assistant with three known questions."""
    for question, expected in SET.items():
        ana.post(f"/evaluations/cases/{assistant['_id']}", {"question": question, "expected": expected})
    return assistant


def run_with(house: House, caller: Caller, shop: dict[str, Any], *answers: Any, **tried: Any) -> dict[str, Any]:
    """A run in which the model gave these answers, once it has ended."""
    house.model.answers.extend(answers)
    return ended(caller, begin(caller, shop, **tried))


def results(caller: Caller, run: dict[str, Any], **wanted: str) -> list[dict[str, Any]]:
    response = caller.get(f"/evaluations/results/{run['_id']}", query_string=wanted)
    assert response.status_code == 200, response.text
    return list(response.json or [])


GOOD = ("São 3 dias úteis.", "Não, no sábado não abrimos.", "O frete custa R$ 20,00.")


def test_a_run_asks_all_questions_and_judges_the_answers(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    answers = ("São 3 dias úteis.", "Sim, abrimos.", Answer("", Tokens(7, 1), "fake", handover_reason="Hm."))
    run = run_with(house, ana, shop, *answers, note="Primeira")

    assert (run["state"], run["total"], run["done"], run["error"]) == ("done", 3, 3, None)
    assert (run["right"], run["wrong"], run["failed"]) == (1, 2, 0)
    assert (run["new"], run["compared_with"], run["has_own_prompt"]) == (3, None, False)
    assert run["tokens"] == {"in": 27, "out": 11, "cached": 0}
    assert (run["author"]["name"], run["note"], run["prompt"]) == ("Ana", "Primeira", None)
    first, second, third = results(ana, run)
    assert (first["question"], first["answer"], first["verdict"]) == ("Qual é o prazo?", answers[0], "right")
    assert (first["reason"], first["missing"], first["change"], first["before"]) == (None, [], "new", None)
    assert (second["verdict"], second["reason"]) == ("wrong", "words_missing")
    assert (third["verdict"], third["reason"], third["handover_reason"]) == ("wrong", "handed_over", "Hm.")
    assert [one["_id"] for one in results(ana, run, verdict="right")] == [first["_id"]]
    page = ana.get(f"/evaluations/results/{run['_id']}?limit=2")
    assert len(page.json or []) == 2
    assert "cursor=2" in page.headers["Link"]
    assert ana.get("/chats/list").json == []
    (usage,) = ana.get("/usage").json or []
    assert (usage["tests"], usage["messages"], usage["tokens"]["in"]) == (3, 0, 27)


def test_runs_are_compared(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    first = run_with(house, ana, shop, *GOOD)
    assert first["right"] == 3
    second = run_with(house, ana, shop, GOOD[0], "Sim, claro, no sábado abrimos.", ModelFailedError("Hm."))
    third = run_with(house, ana, shop, *GOOD)

    assert (second["compared_with"], second["worse"], second["same"], second["better"]) == (first["_id"], 2, 1, 0)
    assert (second["failed"], third["better"], third["same"]) == (1, 2, 1)
    worse = results(ana, second, change="worse")
    assert [(one["verdict"], one["reason"], one["error"]) for one in worse] == [
        ("wrong", "contradicts", None),
        ("failed", None, "model_failed"),
    ]
    assert worse[0]["before"] == {"verdict": "right", "answer": GOOD[1]}
    assert {one["change"] for one in results(ana, third, against=first["_id"])} == {"same"}
    runs = ana.get(f"/evaluations/runs/{shop['_id']}").json or []
    assert [one["_id"] for one in runs] == [third["_id"], second["_id"], first["_id"]]
    response = ana.get(f"/evaluations/results/{third['_id']}?against={'0' * 24}")
    assert_error(response, 422, "validation_error", "against")


def test_a_person_knows_better(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    run = run_with(house, ana, shop, GOOD[0], GOOD[1], "Vinte.")
    (wrong,) = results(ana, run, verdict="wrong")
    assert wrong["reason"] == "words_missing"

    judged = ana.put(f"/evaluations/verdict/{wrong['_id']}", {"verdict": "right"}).json or {}

    assert (judged["verdict"], judged["reason"], judged["by_person"]) == ("right", None, True)
    assert (ana.get(f"/evaluations/get/{run['_id']}").json or {})["right"] == 3
    again = run_with(house, ana, shop, GOOD[0], GOOD[1], "Vinte.")
    assert (again["right"], again["same"]) == (3, 3)
    assert run_with(house, ana, shop, GOOD[0], GOOD[1], "Vinte!")["right"] == 2


def test_a_prompt_is_published_if_nothing_became_worse(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    ana.put(f"/prompts/update/{shop['_id']}", {"text": "Seja breve."})
    candidate = run_with(house, ana, shop, *GOOD, prompt="Seja gentil.")
    assert house.model.questions[-1].instructions == "Seja gentil."
    assert_error(ana.post(f"/evaluations/publish/{candidate['_id']}", {}), 409, "no_baseline")
    present = run_with(house, ana, shop, GOOD[0], "Hm.", "Hm.")
    assert house.model.questions[-1].instructions == "Seja breve."
    assert_error(ana.post(f"/evaluations/publish/{present['_id']}", {}), 409, "no_prompt")

    published = ana.post(f"/evaluations/publish/{candidate['_id']}", {"note": "Melhor"}).json or {}

    assert (published["text"], published["note"], published["run_id"]) == (
        "Seja gentil.",
        "Melhor",
        candidate["_id"],
    )
    assert (ana.get(f"/prompts/get/{shop['_id']}").json or {})["text"] == "Seja gentil."
    after = ana.get(f"/evaluations/get/{candidate['_id']}").json or {}
    assert after["published_version"] == published["_id"]


def test_owners_may_insist(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    editor = house.newcomer("Edu")
    assert house.rows.assistants.set_member(shop["_id"], Member(editor.id, Role.EDITOR), 9)
    run_with(house, editor, shop, *GOOD)
    run = run_with(house, editor, shop, "Hm.", "Hm.", GOOD[2], prompt="Rime.")

    assert_error(editor.post(f"/evaluations/publish/{run['_id']}", {}), 409, "became_worse")
    assert_error(editor.post(f"/evaluations/publish/{run['_id']}", {"insist": True}), 403, "not_allowed")
    assert ana.post(f"/evaluations/publish/{run['_id']}", {"insist": True}).status_code == 200

    assert (ana.get(f"/prompts/get/{shop['_id']}").json or {})["text"] == "Rime."
    (entry,) = ana.get(f"/audit/list?assistant_id={shop['_id']}&action=evaluation.publish").json or []
    assert entry["after"] == {"insisted": True}


def test_an_old_version_is_tried_with_another_model(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    old = ana.put(f"/prompts/update/{shop['_id']}", {"text": "Antigo."}).json or {}
    ana.put(f"/prompts/update/{shop['_id']}", {"text": "Novo."})
    model = ALLOWED_MODELS[0]

    run = run_with(house, ana, shop, prompt_version=old["_id"], model=model, temperature=1.5)

    asked = house.model.questions[-1]
    assert (asked.instructions, asked.model, asked.temperature) == ("Antigo.", model, 1.5)
    assert (run["has_own_prompt"], run["model"], run["prompt"]) == (True, model, "Antigo.")
    for body in ({"prompt_version": "0" * 24}, {"model": "gpt-9"}):
        assert_error(ana.post(f"/evaluations/run/{shop['_id']}", body), 422, "validation_error", *body)


def test_one_run_at_a_time_which_can_be_cancelled(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    thinking = Thinking(GOOD[0])
    house.model.answers.append(thinking)
    run = begin(ana, shop)
    thinking.has_begun()
    assert_error(ana.post(f"/evaluations/run/{shop['_id']}", {}), 409, "run_under_way")

    cancelled = ana.post(f"/evaluations/cancel/{run['_id']}").json or {}
    thinking.go.set()

    assert cancelled["state"] == "cancelled"
    again = run_with(house, ana, shop, *GOOD)
    assert (again["state"], again["compared_with"]) == ("done", None)
    assert ana.post(f"/evaluations/cancel/{again['_id']}").json == {
        name: value for name, value in again.items() if name != "prompt"
    }
    assert ana.delete(f"/evaluations/delete/{run['_id']}").status_code == 200
    assert_error(ana.get(f"/evaluations/get/{run['_id']}"), 404, "not_found")
    delete_while_thinking(house, ana, shop)
    ana.delete(f"/assistants/delete/{shop['_id']}")
    assert house.rows.evaluation_runs.by_id(again["_id"]) is None
    assert house.rows.evaluation_results.of_run(again["_id"]) == []


def delete_while_thinking(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    """Nothing is left of a run that is deleted while the model is asked."""
    thinking = Thinking("Hm.")
    house.model.answers.append(thinking)
    run = begin(ana, shop)
    thinking.has_begun()
    ana.delete(f"/evaluations/delete/{run['_id']}")
    thinking.go.set()
    run_with(house, ana, shop)
    assert house.rows.evaluation_results.of_run(run["_id"]) == []


def test_a_model_that_is_gone_ends_the_run(house: House, ana: Caller, shop: dict[str, Any]) -> None:
    for number in range(5):
        body = {"question": f"Pergunta {number}?", "expected": "sim"}
        ana.post(f"/evaluations/cases/{shop['_id']}", body)

    run = run_with(house, ana, shop, *[ModelFailedError("Hm.")] * 5)

    assert (run["state"], run["error"], run["done"], run["failed"]) == ("failed", "model_failed", 5, 5)


def test_there_has_to_be_a_question(ana: Caller, assistant: dict[str, Any]) -> None:
    assert_error(ana.post(f"/evaluations/run/{assistant['_id']}", {}), 409, "no_cases")


def test_runs_of_others_are_unknown(house: House, ana: Caller, bruno: Caller, shop: dict[str, Any]) -> None:
    run = run_with(house, ana, shop, *GOOD)

    for path in ("get", "results"):
        assert_same_not_found([bruno.get(f"/evaluations/{path}/{one}") for one in (run["_id"], *BAD_IDS)])


@pytest.fixture(scope="module")
def scratch(database_uri: str) -> Iterator[Any]:
    with scratch_database(database_uri) as database:
        yield database


def test_a_run_survives_a_restart_and_stops_when_the_budget_is_spent(
    scratch: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, thinking = tmp_path_factory.mktemp("restarted"), Thinking(GOOD[0])
    with open_house(scratch, folder, llm_model="fake") as house:
        house.register("Ada", "ada@example.com")
        ada = house.sign_in("ada@example.com")
        set_prices(ada, a_price("fake"))
        shop = ada.make_assistant()
        for question, expected in SET.items():
            ada.post(f"/evaluations/cases/{shop['_id']}", {"question": question, "expected": expected})
        house.model.answers.append(thinking)
        run = begin(ada, shop)
        thinking.has_begun()
        house.services.workshop.evaluations.stop()
        thinking.go.set()

    with open_house(scratch, folder, llm_model="fake") as house:
        ada = house.sign_in("ada@example.com")
        after = ended(ada, run)
        assert (after["state"], after["done"], after["right"]) == ("done", 3, 1)
        assert [one["answer"] for one in results(ada, run)] == [GOOD[0], "Resposta.", "Resposta."]
        assert len(house.model.questions) == 2

        ada.put(f"/assistants/update/{shop['_id']}", {"monthly_budget_brl": "1.00"})
        dear = Answer(GOOD[0], Tokens(1_000_000, 0), "fake")
        spent = run_with(house, ada, shop, dear)
        assert (spent["state"], spent["error"], spent["done"]) == ("failed", "budget_exhausted", 1)
        assert spent["cost_brl"] == "1"
