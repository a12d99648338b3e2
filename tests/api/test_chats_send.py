"""POST /chats/enviarMensagemLLM"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.answers import Answer, Turn
from app.domain.conversations import Tokens
from app.domain.errors import ModelError, ModelFailedError, ModelTimeoutError, ModelUnavailableError
from tests.api.house import PHONE, Caller, House, assert_error, open_house
from tests.fakes.database import scratch_database

GIVEN = {"_id", "channel", "tokens", "username", "assistant_id", "active", "message", "response", "createdAt"}
ADDED = {
    *("state", "changed_at", "conversation_id"),
    "parts",
    "sources",
    "model",
    "degraded",
    "cut",
    "handover",
    "handover_reason",
    "merged_into",
    "by_person",
}
ADDED |= {"channel_id", "delivery", "media", "window_closes_at"}


def test_the_chat_with_its_answer_is_answered(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    house.model.answers.append("Em três dias.")

    response = gateway.say("Qual é o prazo?", username="Maria")

    assert response.status_code == 200
    chat = response.json or {}
    assert set(chat) == GIVEN | ADDED
    assert chat["channel"] == {"id": PHONE, "message_service": "Whatsapp"}
    assert (chat["message"], chat["response"]) == ("Qual é o prazo?", "Em três dias.")
    assert (chat["username"], chat["active"]) == ("Maria", True)
    assert (chat["assistant_id"], chat["sources"]) == (assistant["_id"], [])
    assert chat["tokens"] == {"in": 10, "out": 5, "estimated": False}
    assert (chat["parts"], chat["model"], chat["degraded"]) == (["Em três dias."], "fake", False)
    assert (chat["handover"], chat["merged_into"], chat["by_person"]) == (False, None, False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", chat["createdAt"])
    assert ana.get(f"/chats/get/{chat['_id']}").json == chat


def test_an_estimate_of_tokens_is_marked(house: House, gateway: Caller) -> None:
    house.model.answers.append(Answer("Olá!", Tokens(7, 3, estimated=True), "fake"))

    assert gateway.chat("Oi")["tokens"] == {"in": 7, "out": 3, "estimated": True}


def test_an_answer_that_was_cut_at_the_limit_of_tokens_is_marked(
    house: House, ana: Caller, gateway: Caller
) -> None:
    house.model.answers.append(Answer("São 5 dias.", Tokens(7, 600), "fake", cut=True))

    chat = gateway.chat("Oi")

    assert (chat["response"], chat["cut"]) == ("São 5 dias.", True)
    assert ana.get(f"/chats/get/{chat['_id']}").json == chat
    assert gateway.chat("Oi")["cut"] is False


def test_username_and_active_may_be_absent(gateway: Caller) -> None:
    response = gateway.post(
        "/chats/enviarMensagemLLM", {"id": PHONE, "message_service": "Whatsapp", "message": "Oi"}
    )

    assert response.status_code == 200
    assert (response.json or {})["username"] is None


def test_a_name_once_told_is_remembered(gateway: Caller) -> None:
    gateway.chat("Oi", username="Maria")

    assert gateway.chat("Oi", username=None)["username"] == "Maria"
    assert gateway.chat("Oi", username="Maria Silva")["username"] == "Maria Silva"
    assert gateway.chat("Oi", username=None)["username"] == "Maria Silva"


def test_the_key_decides_the_assistant(ana: Caller, bruno: Caller, gateway: Caller) -> None:
    his = bruno.make_assistant()

    chat = gateway.chat("Oi", assistant_id=his["_id"])

    assert ana.ids("/chats/list") == [chat["_id"]]
    assert bruno.ids("/chats/list") == []


@pytest.mark.parametrize("key", ["", "x", "x" * 64, "é", "\x7f", "x" * 5000])
def test_another_key_is_refused(house: House, key: str) -> None:
    response = house.gateway(key).say("Oi")

    assert_error(response, 401, "invalid_api_key")
    assert response.headers["WWW-Authenticate"]


def test_fields_of_the_gateways_own_are_ignored(gateway: Caller) -> None:
    chat = gateway.chat("Oi", createdAt="ontem", response="x", tokens=None, extra={"$set": {}})

    assert chat["response"] == "Resposta."


def test_passages_reach_the_model_and_become_sources(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    document = ana.upload(assistant["_id"], "# Entrega\nA entrega leva três dias úteis.", "prazos.md")

    chat = gateway.chat("Quantos dias leva a entrega?")

    (question,) = house.model.questions
    assert "três dias úteis" in question.passages[0].text
    assert question.message == "Quantos dias leva a entrega?"
    (source,) = chat["sources"]
    assert (source["document_id"], source["filename"]) == (document["_id"], "prazos.md")
    assert 0 < source["score"] <= 1


def test_nobody_is_answered_from_what_others_know(house: House, bruno: Caller, gateway: Caller) -> None:
    bruno.upload(bruno.make_assistant()["_id"], "A entrega leva três dias úteis.")

    gateway.chat("Quantos dias leva a entrega?")

    assert house.model.questions[-1].passages == ()


def test_the_prompt_instructs_the_model(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    gateway.chat("Oi")
    ana.upload(assistant["_id"], "Responda sempre em versos.", "prompt.txt", "prompt")
    gateway.chat("Oi")

    assert [one.instructions for one in house.model.questions] == [None, "Responda sempre em versos."]


def test_earlier_turns_reach_the_model_in_order(house: House, gateway: Caller) -> None:
    house.model.answers.extend(["um", "dois", "três"])
    for text in ("1", "2", "3"):
        gateway.chat(text)

    assert house.model.questions[-1].history == (Turn("1", "um"), Turn("2", "dois"))


def test_no_more_turns_reach_the_model_than_the_settings_say(database_uri: str, tmp_path: Path) -> None:
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path, history_turns=2, max_message_characters=3) as house,
    ):
        gateway = house.gateway(house.newcomer("Ana").make_assistant()["api_key"])
        for text in ("1", "2", "3", "4"):
            gateway.chat(text)

        assert [turn.message for turn in house.model.questions[-1].history] == ["2", "3"]
        assert gateway.say("123").status_code == 200
        assert_error(gateway.say("1234"), 422, "validation_error", "message")


@pytest.mark.parametrize(
    ("channel", "service"), [("+5513900000000", "Whatsapp"), (PHONE, "Telegram"), (PHONE + " 1", "Whatsapp")]
)
def test_conversations_do_not_mix(house: House, gateway: Caller, channel: str, service: str) -> None:
    gateway.chat("Sou a Maria")

    gateway.chat("Oi", channel, message_service=service)

    assert house.model.questions[-1].history == ()


def test_assistants_do_not_share_a_conversation(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Sou a Maria")

    house.gateway(ana.make_assistant()["api_key"]).chat("Oi")

    assert house.model.questions[-1].history == ()


def test_a_message_of_4096_characters_is_answered(gateway: Caller) -> None:
    assert gateway.chat("ç" * 4096)["message"] == "ç" * 4096


def test_a_message_of_4097_characters_is_refused(house: House, ana: Caller, gateway: Caller) -> None:
    assert_error(gateway.say("ç" * 4097), 422, "validation_error", "message")
    assert (house.model.questions, ana.ids("/chats/list")) == ([], [])


@pytest.mark.parametrize(
    "text", ["?!", "...", "👍", "¿", "  ! ", "\u200b?", "(((", 'AND "', "-x:y^2~ *", "IN [a TO b]"]
)
def test_any_mark_is_a_message(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, text: str
) -> None:
    ana.upload(assistant["_id"], "A entrega leva três dias úteis.")

    chat = gateway.chat(text)

    assert (chat["message"], chat["response"]) == (text, "Resposta.")


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "a\0b", "\ud800", "ok \udfff", 7, None, True, ["Oi"], {"$ne": None}]
)
def test_a_message_that_is_none_is_refused(house: House, gateway: Caller, text: Any) -> None:
    assert_error(gateway.say(text), 422, "validation_error", "message")
    assert house.model.questions == []


@pytest.mark.parametrize("value", ["", " ", "x" * 201, "a\0b", "\ud800", 5513988593464, None, {"$ne": None}, ["x"]])
def test_a_channel_that_is_none_is_refused(gateway: Caller, value: Any) -> None:
    assert_error(gateway.say("Oi", channel=value), 422, "validation_error", "id")
    assert_error(gateway.say("Oi", message_service=value), 422, "validation_error", "message_service")


@pytest.mark.parametrize("value", ["x" * 201, "a\0b", "\ud800", 7, {"$ne": None}, ["Maria"]])
def test_a_username_that_is_none_is_refused(gateway: Caller, value: Any) -> None:
    assert_error(gateway.say("Oi", username=value), 422, "validation_error", "username")


@pytest.mark.parametrize("value", ["true", "false", 0, 1, "", [], {}])
def test_active_is_true_or_false(gateway: Caller, value: Any) -> None:
    assert_error(gateway.say("Oi", active=value), 422, "validation_error", "active")


def test_everything_that_is_missing_is_named(gateway: Caller) -> None:
    response = gateway.post("/chats/enviarMensagemLLM", {})

    assert_error(response, 422, "validation_error", "id", "message_service", "message")


def test_refused_values_are_not_echoed(gateway: Caller) -> None:
    assert "segredo" not in gateway.say(["segredo"], username={"segredo": 1}).text


@pytest.mark.parametrize(
    ("error", "status", "code", "retry_after"),
    [
        (ModelFailedError("The model gave no answer."), 502, "model_failed", None),
        (ModelUnavailableError("The model is busy.", retry_after=7), 503, "model_unavailable", "7"),
        (ModelUnavailableError("The model is away."), 503, "model_unavailable", None),
        (ModelTimeoutError("The model took too long."), 504, "model_timeout", None),
    ],
)
def test_when_the_model_fails_the_message_is_kept(
    house: House, ana: Caller, gateway: Caller, error: ModelError, status: int, code: str, retry_after: str | None
) -> None:
    house.model.answers.append(error)

    response = gateway.say("Qual é o prazo?")

    assert assert_error(response, status, code) == error.message
    assert response.headers.get("Retry-After") == retry_after
    (kept,) = ana.get("/chats/list").json or []
    assert (kept["message"], kept["response"], kept["active"]) == ("Qual é o prazo?", "", True)
    assert (kept["tokens"]["in"], kept["tokens"]["out"]) == (0, 0)


def test_after_a_failure_the_conversation_goes_on(house: House, gateway: Caller) -> None:
    house.model.answers.extend([ModelTimeoutError("The model took too long."), "Em três dias."])
    gateway.say("Qual é o prazo?")

    assert gateway.chat("E então?")["response"] == "Em três dias."
    assert house.model.questions[-1].history == (Turn("Qual é o prazo?", ""),)


def test_a_message_can_hand_the_conversation_to_a_person(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")

    response = gateway.say("Quero falar com alguém", active=False)

    assert_error(response, 409, "chat_inactive")
    assert len(house.model.questions) == 1
    newest, oldest = ana.get("/chats/listarInativos").json or []
    assert (newest["message"], newest["response"]) == ("Quero falar com alguém", "")
    assert (newest["tokens"]["in"], newest["tokens"]["out"]) == (0, 0)
    assert (newest["active"], oldest["active"]) == (False, False)


def test_the_first_message_may_be_for_a_person(house: House, ana: Caller, gateway: Caller) -> None:
    assert_error(gateway.say("Oi", active=False), 409, "chat_inactive")

    assert house.model.questions == []
    assert len(ana.ids("/chats/listarInativos")) == 1


@pytest.mark.parametrize("fields", [{}, {"active": True}, {"active": None}, {"active": False}])
def test_no_message_brings_the_assistant_back(
    house: House, ana: Caller, gateway: Caller, fields: dict[str, Any]
) -> None:
    first = gateway.chat("Oi")
    ana.put(f"/chats/desativar/{first['_id']}")

    response = gateway.say("Alguém aí?", **fields)

    assert_error(response, 409, "chat_inactive")
    assert len(house.model.questions) == 1
    newest = (ana.get("/chats/list").json or [])[0]
    assert (newest["message"], newest["response"], newest["active"]) == ("Alguém aí?", "", False)


def test_a_keys_text_never_reaches_the_database(house: House, gateway: Caller) -> None:
    gateway.chat("Oi")
    key = gateway.headers["X-API-Key"]

    assert not any(key in repr(row) for name in ("chats", "conversations") for row in house.database[name].find({}))


def test_a_token_beside_a_wrong_key_does_not_help(ana: Caller) -> None:
    both = replace(ana, headers={**ana.headers, "X-API-Key": "x" * 64})

    assert_error(both.say("Oi"), 401, "invalid_api_key")
