"""POST /chats/mensagemHumana"""

from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId
from werkzeug.test import TestResponse

from app.domain.answers import Turn
from app.domain.conversations import ConversationFilter
from app.domain.ids import new_id
from tests.api.house import PHONE, UNKNOWN_ID, Caller, House, assert_error, assert_same_not_found

OTHER = "+5511911111111"
TEXT = "Oi, Maria! Aqui é a Ana, da loja."


def write(caller: Caller, query: str = "", **fields: Any) -> TestResponse:
    """Record what a person wrote; a field that is None is left out."""
    body = {"id": PHONE, "message_service": "Whatsapp", "message": TEXT, **fields}
    sent = {name: value for name, value in body.items() if value is not None}
    return caller.post(f"/chats/mensagemHumana{query}", sent)


def wrote(caller: Caller, query: str = "", **fields: Any) -> dict[str, Any]:
    """The chat it became."""
    response = write(caller, query, **fields)
    assert response.status_code == 201, response.text
    return dict(response.json or {})


def test_it_is_a_chat_nobody_asked_for(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    customers = gateway.chat("Oi")

    response = write(ana)

    assert response.status_code == 201
    chat = response.json or {}
    assert response.headers["Location"] == f"/chats/get/{chat['_id']}"
    assert ana.get(response.headers["Location"]).json == chat
    assert set(chat) == set(customers)
    assert (chat["message"], chat["response"], chat["parts"]) == ("", TEXT, [TEXT])
    assert (chat["by_person"], chat["active"], chat["username"]) == (True, False, "Ana")
    assert (chat["assistant_id"], chat["channel"]) == (assistant["_id"], customers["channel"])
    assert chat["tokens"] == {"in": 0, "out": 0, "estimated": False}
    assert (chat["model"], chat["sources"], chat["handover"], chat["merged_into"]) == (None, [], False, None)
    assert len(house.model.questions) == 1


def test_a_gateway_says_by_whom_it_is(ana: Caller, gateway: Caller) -> None:
    assert wrote(gateway)["username"] is None
    assert wrote(gateway, username="Ana")["username"] == "Ana"
    assert wrote(ana, username="Bia")["username"] == "Bia"


def test_a_key_begins_the_conversation(ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    chat = wrote(gateway)

    (conversation,) = ana.get("/conversations/list").json or []
    assert (conversation["assistant_id"], conversation["active"]) == (assistant["_id"], False)
    assert (conversation["username"], conversation["channel"]["id"]) == (None, PHONE)
    assert ana.ids("/chats/listarInativos") == [chat["_id"]]
    assert_error(gateway.say("Oi"), 409, "chat_inactive")


def test_so_does_who_names_the_assistant(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    assert_error(write(ana), 404, "not_found")

    assert wrote(ana, f"?assistant_id={assistant['_id']}")["assistant_id"] == assistant["_id"]
    assert wrote(ana)["assistant_id"] == assistant["_id"]


def test_of_a_key_and_a_token_the_key_counts(
    house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    with_both = replace(bruno, headers={**bruno.headers, **gateway.headers})

    chat = wrote(with_both)

    assert (chat["assistant_id"], chat["username"]) == (assistant["_id"], None)
    wrong_key = replace(ana, headers={**ana.headers, "X-API-Key": "x" * 64})
    assert_error(write(wrong_key), 401, "invalid_api_key")


def test_without_either_nothing_is_recorded(house: House, anyone: Caller, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")

    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "x"}):
        assert_error(write(replace(anyone, headers=headers)), 401, "unauthorized")
    assert_error(write(replace(anyone, headers={"X-API-Key": ""})), 401, "invalid_api_key")
    assert len(ana.ids("/chats/listarAtivos")) == 1


def test_nobody_writes_for_others(ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    gateway.chat("Oi")

    assert_same_not_found([write(bruno), write(bruno, id=OTHER), write(ana, message_service="Telegram")])
    by_assistant = [assistant["_id"], UNKNOWN_ID, "x", "%00"]
    assert_same_not_found([write(bruno, f"?assistant_id={one}") for one in by_assistant])
    assert len(ana.ids("/chats/listarAtivos")) == 1


def test_an_administrator_may(ada: Caller, ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    gateway.chat("Oi")

    chat = wrote(ada, f"?assistant_id={assistant['_id']}")

    assert chat["username"] == "Ada"
    assert ana.ids("/chats/list")[0] == chat["_id"]


def test_a_channel_that_fits_several_assistants_is_ambiguous(
    house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    gateway.chat("Oi")
    house.gateway(bruno.make_assistant()["api_key"]).chat("Oi")
    assert write(ana).status_code == 201
    other = house.gateway(ana.make_assistant()["api_key"])
    other.chat("Oi")

    assert_error(write(ana), 409, "ambiguous_channel")

    assert wrote(ana, f"?assistant_id={assistant['_id']}")["assistant_id"] == assistant["_id"]
    assert other.chat("Oi")["active"] is True


def test_services_of_one_assistant_are_told_apart(ana: Caller, gateway: Caller) -> None:
    for service in ("Whatsapp", "Telegram"):
        gateway.chat("Oi", message_service=service)

    assert wrote(ana, message_service="Telegram")["channel"] == {"id": PHONE, "message_service": "Telegram"}
    assert gateway.chat("Oi")["active"] is True
    assert_error(gateway.say("Oi", message_service="Telegram"), 409, "chat_inactive")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message", ""),
        ("message", " \n\t"),
        ("message", "x" * 100_001),
        ("message", "a\x00b"),
        ("message", "\ud800"),
        ("message", 7),
        ("message", None),
        ("id", ""),
        ("id", " "),
        ("id", "5" * 201),
        ("id", 5513988593464),
        ("id", None),
        ("message_service", ""),
        ("message_service", None),
        ("username", "x" * 201),
        ("username", 7),
        ("active", False),
        ("message_id", ""),
        ("assistant_id", UNKNOWN_ID),
    ],
)
def test_what_is_wrong_is_named(ana: Caller, gateway: Caller, field: str, value: Any) -> None:
    gateway.chat("Oi")

    for caller in (ana, gateway):
        assert_error(write(caller, **{field: value}), 422, "validation_error", field)
    assert len(ana.ids("/chats/listarAtivos")) == 1


@pytest.mark.parametrize("header", [True, False])
def test_a_message_delivered_twice_is_recorded_once(ana: Caller, gateway: Caller, header: bool) -> None:
    sender = replace(gateway, headers={**gateway.headers, "Idempotency-Key": "1"}) if header else gateway
    again = {} if header else {"message_id": "1"}

    first, second = write(sender, **again), write(sender, **again)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json == first.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(ana.ids("/chats/list")) == 1
    assert_error(write(sender, **again, message="Outra"), 422, "idempotency_mismatch")


def test_a_repetition_does_not_take_over_what_was_given_back(ana: Caller, gateway: Caller) -> None:
    chat = wrote(gateway, message_id="1")
    ana.put(f"/chats/ativar/{chat['_id']}")

    assert write(gateway, message_id="1").json == chat
    assert gateway.chat("Oi")["active"] is True


def test_a_repetition_finishes_what_a_crash_cut_off(
    house: House, gateway: Caller, assistant: dict[str, Any]
) -> None:
    chat = wrote(gateway, message_id="1")
    assert_error(gateway.say("Oi"), 409, "chat_inactive")
    conversation = house.rows.conversations.with_channel(PHONE, ConversationFilter(assistant_id=assistant["_id"]))[
        0
    ]
    house.rows.conversations.delete_if_silent_since(conversation.id, new_id())
    house.database["chats"].update_one({"_id": ObjectId(chat["_id"])}, {"$set": {"state": "answering"}})

    assert write(gateway, message_id="1").json == chat
    assert_error(gateway.say("Oi"), 409, "chat_inactive")


def test_a_key_speaks_for_no_other_assistant(ana: Caller, gateway: Caller) -> None:
    other = ana.make_assistant()["_id"]

    assert_error(write(gateway, f"?assistant_id={other}"), 404, "not_found")


def test_unknown_parameters_are_named(ana: Caller, gateway: Caller) -> None:
    for caller in (ana, gateway):
        assert_error(write(caller, "?assistant=x"), 422, "validation_error", "assistant")


def test_a_text_of_4096_characters_is_recorded_as_it_is(gateway: Caller) -> None:
    text = " *Olá*,\n" + "é" * 4088

    chat = wrote(gateway, message=text)

    assert (len(text), chat["response"]) == (4096, text)


def test_the_assistant_is_silent_until_it_is_given_back(house: House, ana: Caller, gateway: Caller) -> None:
    first = gateway.chat("Oi")["_id"]
    written = wrote(ana)["_id"]

    assert_error(gateway.say("Oi, Ana!"), 409, "chat_inactive")
    assert ana.ids("/chats/listarInativos")[1:] == [written, first]
    assert ana.ids("/chats/listarAtivos") == []
    assert len(house.model.questions) == 1

    ana.put(f"/chats/ativar/{written}")
    assert len(ana.ids("/chats/listarAtivos")) == 3
    assert gateway.chat("Ainda está aí?")["response"] == "Resposta."


@pytest.mark.parametrize("with_key", [True, False])
def test_an_answer_is_dropped_when_a_person_writes(
    house: House, ana: Caller, gateway: Caller, with_key: bool
) -> None:
    writer = gateway if with_key else ana

    def a_person_was_faster() -> str:
        wrote(writer.apart())
        return "Tarde demais."

    house.model.answers.append(a_person_was_faster)

    assert_error(gateway.say("Oi"), 409, "chat_inactive")

    written, dropped = ana.get("/chats/listarInativos").json or []
    assert (written["response"], written["by_person"]) == (TEXT, True)
    assert (dropped["message"], dropped["response"]) == ("Oi", "")
    row = house.database["chats"].find_one({"message": "Oi", "discarded_response": "Tarde demais."})
    assert row is not None
    assert row["tokens"] == {"in": 10, "out": 5, "estimated": False}


def test_what_a_person_wrote_is_history_later(house: House, ana: Caller, gateway: Caller) -> None:
    house.model.answers.append("Olá!")
    gateway.chat("Oi")
    wrote(ana)
    gateway.say("Oi, Ana!")
    wrote(gateway, message="Já resolvi.")
    ana.put(f"/chats/ativar/{PHONE}")

    gateway.chat("Obrigada!")

    assert house.model.questions[-1].history == (
        Turn("Oi", "Olá!"),
        Turn("", TEXT),
        Turn("Oi, Ana!", ""),
        Turn("", "Já resolvi."),
    )


def test_it_is_history_for_a_conversation_it_began(house: House, ana: Caller, gateway: Caller) -> None:
    wrote(gateway)
    ana.put(f"/chats/ativar/{PHONE}")

    gateway.chat("Oi, Ana!")

    assert house.model.questions[-1].history == (Turn("", TEXT),)


def test_the_customer_keeps_their_name(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi", username="Maria")
    wrote(ana, username="Bia")
    ana.put(f"/chats/ativar/{PHONE}")

    chat = gateway.chat("Oi", username=None)

    assert chat["username"] == house.model.questions[-1].username == "Maria"
    (conversation,) = ana.get("/conversations/list").json or []
    assert conversation["username"] == "Maria"


def test_other_conversations_stay_as_they_are(ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    gateway.chat("Oi", OTHER)

    wrote(ana)

    assert gateway.chat("Oi", OTHER)["active"] is True
