"""POST /chats/enviarMensagemLLM: the assistant gives a conversation to a person."""

from typing import Any

import pytest
from bson import ObjectId

from app.domain.answers import Answer, Turn
from app.domain.conversations import Tokens
from tests.api.crowd import events
from tests.api.house import PHONE, Caller, House, assert_error

REQUEST = "Quero falar com um atendente"
REASON = "O cliente quer negociar um desconto."


def handing_over(text: str = "") -> Answer:
    """What comes of a model's call of the tool."""
    return Answer(text, Tokens(20, 8), "fake", handover_reason=REASON)


def conversation_of(owner: Caller) -> dict[str, Any]:
    (conversation,) = owner.get("/conversations/list").json or []
    return dict(conversation)


def history(house: House) -> tuple[Turn, ...]:
    """What the model was told last of what was said before."""
    return house.model.questions[-1].history


def test_a_plain_wish_needs_no_model(house: House, ana: Caller, gateway: Caller) -> None:
    chat = gateway.chat(REQUEST)

    assert house.model.questions == []
    assert (chat["handover"], chat["active"], chat["model"]) == (True, False, None)
    assert (chat["tokens"]["in"], chat["tokens"]["out"]) == (0, 0)
    assert chat["handover_reason"].strip()
    assert chat["parts"] == [chat["response"]]
    assert ana.get(f"/chats/get/{chat['_id']}").json == chat


def test_the_model_hands_over(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    house.model.answers.append(handing_over())

    chat = gateway.chat("Faz por 10 reais?")

    assert (chat["handover"], chat["handover_reason"], chat["active"]) == (True, REASON, False)
    assert chat["tokens"] == {"in": 20, "out": 8, "estimated": False}
    assert chat["response"].strip()
    assert ana.get(f"/chats/get/{chat['_id']}").json == chat
    assert [one["active"] for one in ana.get("/chats/list").json or []] == [False, False]
    assert conversation_of(ana)["active"] is False


def test_other_answers_hand_nothing_over(gateway: Caller) -> None:
    chat = gateway.chat("Oi")

    assert (chat["handover"], chat["handover_reason"], chat["active"]) == (False, None, True)


@pytest.mark.parametrize("text", [REQUEST, "Faz por 10 reais?"])
def test_the_assistants_own_words(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, text: str
) -> None:
    ana.put(f"/assistants/update/{assistant['_id']}", {"handover_message": "A Ana já vem."})
    house.model.answers.append(handing_over("Vou transferir."))

    assert gateway.chat(text)["response"] == "A Ana já vem."
    house.model.answers.clear()


def test_after_it_the_assistant_is_silent(house: House, gateway: Caller) -> None:
    gateway.chat(REQUEST)

    assert_error(gateway.say("Alô?"), 409, "chat_inactive")
    assert house.model.questions == []


def test_it_comes_again_as_it_was(house: House, gateway: Caller) -> None:
    house.model.answers.append(handing_over())

    first, second = (gateway.say("Desconto?", message_id="1") for _ in range(2))

    assert (second.data, second.headers["Idempotent-Replayed"]) == (first.data, "true")
    assert len(house.model.questions) == 1


def test_history_begins_after_it(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    gateway.chat(REQUEST)
    ana.post("/chats/mensagemHumana", {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."})
    gateway.say("Obrigada!")
    ana.put(f"/chats/ativar/{PHONE}")

    gateway.chat("Qual o prazo?")
    assert history(house) == ()
    gateway.chat("E o preço?")
    assert history(house) == (Turn("Qual o prazo?", "Resposta."),)


def test_history_goes_on_where_an_operator_took_over_unasked(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    ana.put(f"/chats/desativar/{PHONE}")
    ana.put(f"/chats/ativar/{PHONE}")

    gateway.chat("Qual o prazo?")

    assert history(house) == (Turn("Oi", "Resposta."),)


def test_what_brings_the_assistant_back_by_itself_is_history_later(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    ana.put(f"/assistants/update/{assistant['_id']}", {"auto_reactivate_hours": 2})
    gateway.chat(REQUEST)
    house.clock.advance(hours=3)

    gateway.chat("Qual o prazo?")
    assert history(house) == ()
    gateway.chat("E o preço?")
    assert history(house) == (Turn("Qual o prazo?", "Resposta."),)


@pytest.mark.parametrize("switches", [["desativar"], ["desativar", "ativar"], ["ativar"]])
def test_an_operator_is_faster(house: House, ana: Caller, gateway: Caller, switches: list[str]) -> None:
    gateway.chat("Oi")

    def thinking() -> Answer:
        for switch in switches:
            assert ana.apart().put(f"/chats/{switch}/{PHONE}").status_code == 200
        return handing_over()

    house.model.answers.append(thinking)

    assert_error(gateway.say("Desconto?"), 409, "chat_inactive")
    assert conversation_of(ana)["active"] is (switches[-1] == "ativar")
    newest = (ana.get("/chats/list").json or [])[0]
    assert (newest["response"], newest["handover"]) == ("", False)
    row = house.database["chats"].find_one({"_id": ObjectId(newest["_id"])}) or {}
    assert row["tokens"]["in"] == 20


@pytest.mark.parametrize("text", [REQUEST, "Faz por 10 reais?"])
def test_it_is_streamed_like_any_answer(house: House, ana: Caller, gateway: Caller, text: str) -> None:
    house.model.answers.append(handing_over())
    gateway.headers["Accept"] = "text/event-stream"

    chunk, done = events(gateway.say(text))
    house.model.answers.clear()

    assert (done[0], done[1]["handover"], done[1]["active"]) == ("done", True, False)
    assert chunk == ("chunk", {"text": done[1]["response"]})
    assert ana.get(f"/chats/get/{done[1]['_id']}").json == done[1]
