"""POST /chats/enviarMensagemLLM with Accept: text/event-stream."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError
from tests.api.crowd import Thinking, events, meanwhile, wait_until
from tests.api.house import PHONE, Caller, House, assert_error

LONG = "A entrega leva três dias úteis.\n\nPara o *Sul*, cinco: 👍 ação & <b>"


@pytest.fixture
def stream(gateway: Caller) -> Caller:
    """The gateway, when it wants a stream."""
    return replace(gateway, headers={**gateway.headers, "Accept": "text/event-stream"})


def test_chunks_then_the_chat(house: House, ana: Caller, stream: Caller) -> None:
    house.model.answers.append(LONG)

    response = stream.say("Qual o prazo?")

    *chunks, (last, chat) = events(response)
    assert (response.status_code, response.headers["Cache-Control"], last) == (200, "no-store", "done")
    assert len(chunks) > 3
    assert {name for name, _ in chunks} == {"chunk"}
    assert "".join(data["text"] for _, data in chunks) == chat["response"] == LONG
    assert ana.get(f"/chats/get/{chat['_id']}").json == chat


@pytest.mark.parametrize(
    "accept", ["text/event-stream, application/json;q=0.5", "text/event-stream;q=0.9, */*;q=0.1"]
)
def test_who_prefers_a_stream_gets_one(gateway: Caller, accept: str) -> None:
    gateway.headers["Accept"] = accept

    assert gateway.say("Oi").mimetype == "text/event-stream"


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/json, text/event-stream;q=0.9", "text/html"]
)
def test_others_get_json(gateway: Caller, accept: str) -> None:
    gateway.headers["Accept"] = accept

    assert gateway.say("Oi").mimetype == "application/json"


@pytest.mark.parametrize("error", [ModelFailedError("It gave no answer."), ModelTimeoutError("It took too long.")])
def test_a_failure_of_the_model_is_an_event(house: House, ana: Caller, stream: Caller, error: ModelError) -> None:
    house.model.answers.append(error)

    response = stream.say("Oi", message_id="1")

    assert events(response) == [("error", {"error": error.message, "code": error.code})]
    assert [name for name, _ in events(stream.say("Oi", message_id="1"))][-1] == "done"
    assert len(ana.ids("/chats/list")) == 1


def test_a_failure_nobody_foresaw_is_an_event_without_its_secrets(house: House, stream: Caller) -> None:
    house.model.answers.append(RuntimeError("/secret/path"))

    response = stream.say("Oi")

    ((name, body),) = events(response)
    assert (name, body["code"], "secret" in response.text) == ("error", "internal_error", False)
    assert events(stream.say("E agora?"))[-1][0] == "done"


def test_a_person_who_takes_over_meanwhile_is_an_event(house: House, ana: Caller, stream: Caller) -> None:
    def thinking() -> str:
        ana.apart().put(f"/chats/desativar/{PHONE}")
        return "Tarde demais."

    house.model.answers.append(thinking)

    name, body = events(stream.say("Oi"))[-1]

    assert (name, body["code"]) == ("error", "chat_inactive")
    assert "Tarde demais." not in ana.get("/chats/list").text


def test_what_is_known_before_its_turn_is_plain_json(
    house: House, ana: Caller, gateway: Caller, stream: Caller
) -> None:
    assert_error(replace(stream, headers={"Accept": "text/event-stream"}).say("Oi"), 401, "invalid_api_key")
    assert_error(stream.say(""), 422, "validation_error", "message")
    gateway.chat("Oi", message_id="1")
    assert_error(stream.say("Outra", message_id="1"), 422, "idempotency_mismatch")
    ana.put(f"/chats/desativar/{PHONE}")
    assert_error(stream.say("Oi"), 409, "chat_inactive")


def test_a_repetition_is_streamed(house: House, stream: Caller) -> None:
    house.model.answers.append(LONG)
    *_, done = events(stream.say("Oi", message_id="1"))

    again = stream.say("Oi", message_id="1")

    assert events(again) == [("chunk", {"text": LONG}), done]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(house.model.questions) == 1


@pytest.mark.parametrize("streamed_first", [True, False])
def test_a_repetition_may_ask_for_the_other_form(
    house: House, gateway: Caller, stream: Caller, streamed_first: bool
) -> None:
    first, second = (stream, gateway) if streamed_first else (gateway, stream)

    def chat_of(sender: Caller) -> dict[str, Any]:
        response = sender.say("Oi", message_id="1")
        return dict(events(response)[-1][1] if sender is stream else response.json or {})

    assert chat_of(first) == chat_of(second)
    assert len(house.model.questions) == 1


def test_a_copy_waits_for_a_stream(house: House, gateway: Caller, stream: Caller) -> None:
    thinking = Thinking("Olá!")
    house.model.answers.append(thinking)

    with meanwhile(lambda: events(stream.apart().say("Oi", message_id="1"))) as first:
        thinking.has_begun()
        with meanwhile(lambda: gateway.apart().say("Oi", message_id="1")) as copy:
            thinking.go.set()

    assert copy.result().json == first.result()[-1][1]
    assert len(house.model.questions) == 1


@pytest.mark.parametrize("events_read", [0, 1, 2])
def test_a_client_that_goes_away_loses_no_answer(
    house: House, ana: Caller, gateway: Caller, stream: Caller, events_read: int
) -> None:
    house.model.answers.append(LONG)
    response = stream.say("Oi", message_id="1", buffered=False)
    reading = response.iter_encoded()
    for _ in range(events_read):
        next(reading)

    response.close()

    (chat,) = ana.get("/chats/list").json or []
    assert (chat["response"], chat["tokens"]["in"]) == (LONG, 10)
    assert gateway.say("Oi", message_id="1").json == chat
    assert len(house.model.questions) == 1


def test_the_next_message_waits_for_the_end_of_a_stream(house: House, ana: Caller, stream: Caller) -> None:
    response = stream.say("Oi")

    with meanwhile(lambda: events(stream.apart().say("E o prazo?"))) as later:
        wait_until(lambda: len(ana.ids("/chats/list")) == 2)
        assert not later.done()
        assert len(house.model.questions) == 1
        events(response)

    assert later.result()[-1][0] == "done"
    assert [turn.response for turn in house.model.questions[-1].history] == ["Resposta."]
