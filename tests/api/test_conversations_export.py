"""GET /conversations/export/<id>: everything held of a contact"""

from datetime import datetime
from typing import Any

from tests.api.house import BAD_IDS, PHONE, Caller, House, assert_same_not_found


def conversation_of(owner: Caller) -> str:
    (conversation,) = owner.get("/conversations/list").json or []
    return str(conversation["_id"])


def test_everything_of_the_contact_is_in_it(house: House, ana: Caller, gateway: Caller) -> None:
    answered = gateway.chat("Olá, João! 🥖", message_id="wamid.1")
    ana.post("/chats/mensagemHumana", {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."})

    response = ana.get(f"/conversations/export/{conversation_of(ana)}")

    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment; filename=conversation-")
    export: dict[str, Any] = response.json or {}
    assert set(export) == {"exported_at", "conversation", "contacts", "notes", "chats"}
    assert datetime.fromisoformat(export["exported_at"]).tzinfo is not None
    assert export["conversation"] == (ana.get("/conversations/list").json or [])[0]
    assert export["contacts"] == []
    by_person, first = export["chats"]
    assert by_person["response"] == "Aqui é a Ana."
    shown = ana.get(f"/chats/get/{answered['_id']}").json
    assert first == {**(shown or {}), "state": "answered", "error": None, "discarded_response": None}


def test_an_answer_nobody_got_is_in_it(house: House, ana: Caller, gateway: Caller) -> None:
    def taken_over_while_thinking() -> str:
        ana.apart().put(f"/chats/desativar/{PHONE}")
        return "Tarde demais."

    house.model.answers.append(taken_over_while_thinking)
    gateway.say("Oi")

    (chat,) = (ana.get(f"/conversations/export/{conversation_of(ana)}").json or {})["chats"]
    assert (chat["state"], chat["response"], chat["discarded_response"]) == ("left", "", "Tarde demais.")


def test_a_long_conversation_is_whole(ana: Caller, gateway: Caller) -> None:
    chats = [gateway.chat(f"Mensagem {number}")["_id"] for number in range(205)]

    export = ana.get(f"/conversations/export/{conversation_of(ana)}").json or {}

    assert [one["_id"] for one in export["chats"]] == chats[::-1]


def test_unknown_conversations_are_not_found(ana: Caller, bruno: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    others = bruno.get(f"/conversations/export/{conversation_of(ana)}")

    assert_same_not_found([others, *(ana.get(f"/conversations/export/{one}") for one in BAD_IDS)])
