"""POST /chats/enviarMensagemLLM: what a customer gets while no model answers."""

from typing import Any

import pytest

from app.domain.answers import Answer, Question
from app.domain.conversations import Tokens
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from tests.api.crowd import events
from tests.api.house import PHONE, Caller, House, assert_error

ERRORS: list[tuple[ModelError, int]] = [
    (ModelFailedError("The model gave no answer."), 502),
    (ModelUnavailableError("The model is busy.", retry_after=7), 503),
    (ModelTimeoutError("The model took too long."), 504),
]
SORRY = "Já já uma pessoa responde."


def configure(owner: Caller, assistant: dict[str, Any], **settings: Any) -> None:
    assert owner.put(f"/assistants/update/{assistant['_id']}", settings).status_code == 200


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_an_error_unless_the_assistant_says_otherwise(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, error: ModelError, status: int
) -> None:
    configure(ana, assistant, unavailable_message=SORRY)
    house.model.answers.append(error)

    response = gateway.say("Oi")

    assert assert_error(response, status, error.code) == error.message
    assert response.headers.get("Retry-After") == ("7" if status == 503 else None)


@pytest.mark.parametrize(("error", "_status"), ERRORS)
def test_a_sentence_of_the_assistants_own(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, error: ModelError, _status: int
) -> None:
    configure(ana, assistant, when_unavailable="message", unavailable_message=SORRY)
    house.model.answers.append(error)

    chat = gateway.chat("Oi")

    assert (chat["response"], chat["parts"]) == (SORRY, [SORRY])
    assert (chat["degraded"], chat["model"], chat["tokens"]["in"]) == (True, None, 0)
    assert ana.get(f"/chats/get/{chat['_id']}").json == chat


@pytest.mark.parametrize(("error", "_status"), ERRORS)
def test_a_quotation_of_the_documents(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, error: ModelError, _status: int
) -> None:
    configure(ana, assistant, when_unavailable="extractive")
    ana.upload(assistant["_id"], "# Entrega\nA entrega leva três dias úteis.", "prazos.md")
    house.model.answers.append(error)

    chat = gateway.chat("A entrega leva quantos dias úteis?")

    assert "três dias úteis" in chat["response"]
    assert (chat["degraded"], chat["model"]) == (True, "extractive")
    assert [source["filename"] for source in chat["sources"]] == ["prazos.md"]
    assert ana.get(f"/chats/get/{chat['_id']}").json == chat


def test_a_models_own_answer_is_not_degraded(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    configure(ana, assistant, when_unavailable="message", unavailable_message=SORRY)
    house.model.answers.append(Answer("Olá!", Tokens(7, 3), "gpt-5-mini"))

    chat = gateway.chat("Oi")

    assert (chat["degraded"], chat["model"], chat["response"]) == (False, "gpt-5-mini", "Olá!")


def test_a_stand_ins_answer_is_final(house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    configure(ana, assistant, when_unavailable="message", unavailable_message=SORRY)
    house.model.answers.append(ModelTimeoutError("The model took too long."))

    first, second = (gateway.say("Oi", message_id="1") for _ in range(2))

    assert (second.data, second.headers["Idempotent-Replayed"]) == (first.data, "true")
    assert len(house.model.questions) == 1


def test_a_stand_in_does_not_answer_over_a_person(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    configure(ana, assistant, when_unavailable="message", unavailable_message=SORRY)

    def taken_over_and_failed() -> str:
        ana.apart().put(f"/chats/desativar/{PHONE}")
        raise ModelUnavailableError("The model is busy.")

    house.model.answers.append(taken_over_and_failed)

    assert_error(gateway.say("Oi"), 409, "chat_inactive")
    assert SORRY not in ana.get("/chats/list").text


@pytest.mark.parametrize(("error", "_status"), ERRORS)
def test_streamed_too(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, error: ModelError, _status: int
) -> None:
    configure(ana, assistant, when_unavailable="message", unavailable_message=SORRY)
    house.model.answers.append(error)
    gateway.headers["Accept"] = "text/event-stream"

    (chunk, done) = events(gateway.say("Oi"))

    assert chunk == ("chunk", {"text": SORRY})
    assert (done[0], done[1]["degraded"]) == ("done", True)
    assert ana.get(f"/chats/get/{done[1]['_id']}").json == done[1]


def test_a_stand_in_is_given_what_is_left_of_the_time(house: House, gateway: Caller) -> None:
    gateway.chat("Oi")

    assert house.model.questions == [Question("Oi", username="Maria")]
    assert 0 < house.model.within[-1] < 30
