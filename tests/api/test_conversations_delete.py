"""DELETE /conversations/delete/<id>: the right to erasure"""

from typing import Any

import pytest
from bson import ObjectId

from app.domain.ids import new_id
from tests.api.house import BAD_IDS, PHONE, Caller, House, assert_error, assert_same_not_found

OTHER = "+5511911111111"


def conversation_with(caller: Caller, channel: str = PHONE) -> str:
    """The id of the caller's conversation with a channel."""
    found = caller.get("/conversations/list").json or []
    (conversation_id,) = [one["_id"] for one in found if one["channel"]["id"] == channel]
    return str(conversation_id)


def orders_of(house: House, conversation_id: str) -> int:
    return house.database["erasures"].count_documents({"_id": ObjectId(conversation_id)})


@pytest.fixture
def chats(ana: Caller, gateway: Caller) -> list[str]:
    """The ids of a conversation's chats: answered, left to a person, written by a person."""
    answered = gateway.chat("Oi", message_id="wamid.1")["_id"]
    ana.post("/chats/mensagemHumana", {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."})
    gateway.say("Oi, Ana!", message_id="wamid.2")
    assert len(ana.ids("/chats/list")) == 3
    return [answered, *ana.ids("/chats/list")[:2]]


def test_everything_of_the_contact_is_gone(
    house: House, ana: Caller, assistant: dict[str, Any], chats: list[str]
) -> None:
    conversation = conversation_with(ana)

    response = ana.delete(f"/conversations/delete/{conversation}")

    assert (response.status_code, set(response.json or {})) == (200, {"message", "receipt_id", "erased", "at"})
    by_channels = dict.fromkeys(("webhook_deliveries", "channel_events", "inbox", "outbox", "contacts", "media"), 0)
    names = ("notes", "read_marks", "presence", "visitor_sessions", "unanswered_questions")
    beside = dict.fromkeys(names, 0)
    erased = (response.json or {})["erased"]
    # As many as were indexed by now.
    assert (erased.pop("message_words") <= 3, erased.pop("conversation_names") <= 1) == (True, True)
    assert erased == {"chats": 3, "conversations": 1, **by_channels, **beside}
    assert PHONE not in response.text
    assert house.rows_of(assistant["_id"]) == {"documents": 0, "chunks": 0, "conversations": 0, "chats": 0}
    assert ana.ids("/chats/list") == ana.ids("/conversations/list") == []
    gone = [f"/chats/get/{chat}" for chat in chats] + [f"/conversations/get/{conversation}"]
    assert {ana.get(path).status_code for path in gone} == {404}
    for path in (f"/chats/ativar/{PHONE}", f"/chats/desativar/{chats[0]}"):
        assert_error(ana.put(path), 404, "not_found")


def test_the_order_itself_is_forgotten_in_the_end(house: House, ana: Caller, chats: list[str]) -> None:
    conversation = conversation_with(ana)
    ana.delete(f"/conversations/delete/{conversation}")
    assert orders_of(house, conversation) == 1

    house.clock.advance(days=2, minutes=1)
    house.sweep()

    assert orders_of(house, conversation) == 0


def test_what_comes_next_begins_anew(house: House, ana: Caller, gateway: Caller, chats: list[str]) -> None:
    conversation = conversation_with(ana)
    ana.delete(f"/conversations/delete/{conversation}")

    chat = gateway.chat("Voltei", username=None)
    for minutes in (0, 16):
        house.clock.advance(minutes=minutes)
        house.sweep()

    assert (chat["response"], chat["username"]) == ("Resposta.", None)
    assert house.model.questions[-1].history == ()
    shown = ana.get(f"/conversations/get/{conversation_with(ana)}").json or {}
    assert ([turn["_id"] for turn in shown["turns"]], shown["person_at"]) == ([chat["_id"]], None)


def test_its_keys_are_free_again(house: House, ana: Caller, gateway: Caller) -> None:
    by_header = {"headers": {"Idempotency-Key": "key-1"}}
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Oi"}

    def deliver() -> tuple[list[str], list[bool]]:
        responses = [
            gateway.say("Oi", message_id="wamid.1"),
            gateway.post("/chats/enviarMensagemLLM", body, **by_header),
        ]
        assert [response.status_code for response in responses] == [200, 200]
        replayed = ["Idempotent-Replayed" in response.headers for response in responses]
        return [(response.json or {})["_id"] for response in responses], replayed

    first, again = deliver(), deliver()
    assert (again[0], again[1]) == (first[0], [True, True])

    ana.delete(f"/conversations/delete/{conversation_with(ana)}")
    anew = deliver()

    assert anew[1] == [False, False]
    assert not set(anew[0]) & set(first[0])
    assert len(house.model.questions) == 4


def test_other_conversations_stay(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, chats: list[str]
) -> None:
    ana.upload(assistant["_id"], "Seja breve.", "p.txt", "prompt")
    kept = [gateway.chat("Oi", OTHER), gateway.chat("Oi", message_service="Telegram", message_id="1")]
    elsewhere = house.gateway(ana.make_assistant()["api_key"])
    kept.append(elsewhere.chat("Oi", message_id="wamid.1"))
    mine = (ana.get(f"/chats/get/{chats[0]}").json or {})["_id"]
    listed = ana.get("/conversations/list").json or []
    (conversation,) = [
        one["_id"]
        for one in listed
        if (one["assistant_id"], one["channel"]) == (assistant["_id"], {"id": PHONE, "message_service": "Whatsapp"})
    ]

    ana.delete(f"/conversations/delete/{conversation}")
    house.sweep()

    assert mine not in ana.ids("/chats/list")
    assert ana.get("/chats/list").json == kept[::-1]
    assert len(ana.ids("/conversations/list")) == 3
    assert len(ana.ids("/documents/list")) == 1
    assert elsewhere.say("Oi", message_id="wamid.1").headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("first", [True, False])
def test_a_message_that_is_being_answered_leaves_nothing(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, first: bool
) -> None:
    if not first:
        gateway.chat("Oi")

    def erased_while_thinking() -> str:
        caller = ana.apart()
        assert caller.delete(f"/conversations/delete/{conversation_with(caller)}").status_code == 200
        return "Tarde demais."

    house.model.answers.append(erased_while_thinking)

    assert_error(gateway.say("Oi?", message_id="wamid.1"), 409, "conversation_deleted")

    for minutes in (0, 16):
        house.clock.advance(minutes=minutes)
        house.sweep()
        assert house.rows_of(assistant["_id"]) == {"documents": 0, "chunks": 0, "conversations": 0, "chats": 0}
    again = gateway.say("Oi?", message_id="wamid.1")
    assert (again.status_code, "Idempotent-Replayed" in again.headers) == (200, False)


def test_a_deletion_that_was_cut_off_is_finished(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, chats: list[str]
) -> None:
    conversation = conversation_with(ana)
    stored = house.rows.conversations.by_id(conversation)
    assert stored is not None
    house.rows.erasures.order(stored, new_id())
    assert house.rows_of(assistant["_id"])["chats"] == 3

    house.sweep()

    assert house.rows_of(assistant["_id"]) == {"documents": 0, "chunks": 0, "conversations": 0, "chats": 0}
    assert_error(ana.delete(f"/conversations/delete/{conversation}"), 404, "not_found")


def test_a_second_deletion_finds_nothing(ana: Caller, chats: list[str]) -> None:
    path = f"/conversations/delete/{conversation_with(ana)}"

    assert ana.delete(path).status_code == 200
    assert_error(ana.delete(path), 404, "not_found")


def test_it_can_be_deleted_again_when_it_has_come_back(ana: Caller, gateway: Caller) -> None:
    for _ in range(2):
        gateway.chat("Oi")
        assert ana.delete(f"/conversations/delete/{conversation_with(ana)}").status_code == 200
        assert ana.ids("/chats/list") == []


def test_an_administrator_may(ada: Caller, ana: Caller, chats: list[str]) -> None:
    assert ada.delete(f"/conversations/delete/{conversation_with(ana)}").status_code == 200
    assert ana.ids("/chats/list") == []


def test_unknown_and_foreign_ids_are_one_and_the_same(ana: Caller, bruno: Caller, chats: list[str]) -> None:
    ids = (conversation_with(ana), chats[0], *BAD_IDS)

    assert_same_not_found([bruno.delete(f"/conversations/delete/{one}") for one in ids])
    assert_same_not_found([ana.delete(f"/conversations/delete/{one}") for one in ids[1:]])
    assert len(ana.ids("/chats/list")) == 3
