"""What webhooks are told of messages and conversations, and that it is what the API shows."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.errors import ModelFailedError
from tests.api.house import PHONE, Caller, House, open_house
from tests.api.webhooks import Subscribed, deliveries_of, subscribe
from tests.fakes.database import scratch_database
from tests.fakes.webhook_receiver import WebhookReceiver

RECEIVED, ANSWERED, FAILED = "message.received", "message.answered", "message.failed"
FOR_WHO_LOOKS = {"assistant_name", "changed_at", "channel_kind", "channel_name", "last_message", "unread"}
HANDOVER, REACTIVATED = "conversation.handover", "conversation.reactivated"


@pytest.fixture(scope="module")
def shared_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service that may send to this machine."""
    with (
        scratch_database(database_uri) as database,
        open_house(database, tmp_path_factory.mktemp("house"), allow_private_webhooks=True) as house,
    ):
        house.register("Ada", "ada@example.com")
        yield house


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as receiver:
        yield receiver


@pytest.fixture
def subscribed(ana: Caller, assistant: dict[str, Any], receiver: WebhookReceiver) -> Subscribed:
    return subscribe(ana, assistant["_id"], receiver)


@pytest.fixture
def conversation_events(ana: Caller, assistant: dict[str, Any], receiver: WebhookReceiver) -> Subscribed:
    return subscribe(ana, assistant["_id"], receiver, HANDOVER, REACTIVATED)


def by_type(events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {event["type"]: event["data"] for event in events}
    assert len(found) == len(events), events
    return found


def conversation_of(ana: Caller, assistant: dict[str, Any]) -> dict[str, Any]:
    """What the API shows of it, without what events leave out."""
    (found,) = ana.get(f"/conversations/list?assistant_id={assistant['_id']}").json or []
    assert found.keys() >= FOR_WHO_LOOKS
    return {name: value for name, value in found.items() if name not in FOR_WHO_LOOKS}


def chat_of(ana: Caller, chat_id: str) -> dict[str, Any]:
    """What the API shows of it, without what events leave out."""
    shown = dict(ana.get(f"/chats/get/{chat_id}").json or {})
    del shown["changed_at"]
    return shown


def test_an_answered_message_is_told_as_the_api_shows_it(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    ana.upload(assistant["_id"], "# Entrega\n\nO prazo é de dois dias.")
    subscribed.requests(1)  # of the document
    chat = gateway.chat("Qual o prazo?")

    events = by_type([one for one in subscribed.events(3) if one["type"].startswith("message.")])

    assert set(events) == {RECEIVED, ANSWERED}
    answered = chat_of(ana, chat["_id"])
    assert events[ANSWERED] == answered
    nothing: dict[str, Any] = {"response": "", "parts": [], "sources": [], "model": None, "state": "answering"}
    assert {**events[RECEIVED], "tokens": None} == {**answered, **nothing, "tokens": None}
    assert events[RECEIVED]["tokens"] == {"in": 0, "out": 0, "estimated": False}


def test_a_message_that_failed_is_told_with_the_reason(
    house: House, ana: Caller, gateway: Caller, subscribed: Subscribed
) -> None:
    house.model.answers.append(ModelFailedError("No."))
    assert gateway.say("Oi").status_code == 502

    events = by_type(subscribed.events(2))

    assert set(events) == {RECEIVED, FAILED}
    chat = chat_of(ana, events[FAILED]["_id"])
    assert events[FAILED] == {**chat, "error": "model_failed"}


def test_the_retry_of_a_failed_message_is_another_message(
    house: House, ana: Caller, gateway: Caller, subscribed: Subscribed
) -> None:
    house.model.answers.append(ModelFailedError("No."))
    gateway.say("Oi", message_id="1")
    chat = gateway.chat("Oi", message_id="1")
    gateway.chat("Oi", message_id="1")  # a replay is nothing new

    events = [(one["type"], one["data"]["_id"] == chat["_id"]) for one in subscribed.events(4)]

    assert sorted(events) == [(ANSWERED, True), (FAILED, False), (RECEIVED, False), (RECEIVED, True)]
    assert len(subscribed.receiver.at(subscribed.path)) == 4


def test_a_streamed_answer_is_told_as_well(gateway: Caller, subscribed: Subscribed) -> None:
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Oi"}
    gateway.post("/chats/enviarMensagemLLM", body, headers={"Accept": "text/event-stream"}).get_data()

    assert set(by_type(subscribed.events(2))) == {RECEIVED, ANSWERED}


def test_what_a_person_answers_is_told_to_have_come(ana: Caller, gateway: Caller, subscribed: Subscribed) -> None:
    gateway.chat("Oi")
    subscribed.requests(2)
    ana.put(f"/chats/desativar/{PHONE}")
    subscribed.requests(3)
    assert gateway.say("Tem alguém aí?").status_code == 409

    told = subscribed.events(4)[-1]

    assert (told["type"], told["data"]["message"], told["data"]["active"]) == (RECEIVED, "Tem alguém aí?", False)


def test_a_conversation_taken_and_given_back_is_told(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, conversation_events: Subscribed
) -> None:
    chat = gateway.chat("Oi")
    for _ in range(2):  # the second time it changes nothing
        ana.put(f"/chats/desativar/{chat['_id']}")
    taken = conversation_of(ana, assistant)
    (handover,) = conversation_events.events(1)
    assert handover["type"] == HANDOVER
    assert {**handover["data"], "person_at": None} == {**taken, "person_at": None}

    for _ in range(2):
        ana.put(f"/chats/ativar/{chat['_id']}")

    reactivated = conversation_events.events(2)[1]
    assert (reactivated["type"], reactivated["data"]) == (REACTIVATED, conversation_of(ana, assistant))
    assert len(conversation_events.receiver.at(conversation_events.path)) == 2


def test_a_hand_over_by_the_assistant_is_told_with_its_reason(
    ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    chat = gateway.chat("Quero falar com um atendente")
    assert chat["handover"]

    events = by_type(subscribed.events(3))

    assert set(events) == {RECEIVED, ANSWERED, HANDOVER}
    assert events[ANSWERED]["handover"] is True
    assert events[ANSWERED]["active"] is False
    assert events[HANDOVER] == conversation_of(ana, assistant)
    assert events[HANDOVER]["handover_reason"] == chat["handover_reason"]


def test_a_person_who_writes_and_a_gateway_that_deactivates_hand_over(
    ana: Caller, gateway: Caller, conversation_events: Subscribed
) -> None:
    body = {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."}
    gateway.chat("Oi")
    gateway.post("/chats/mensagemHumana", body)
    gateway.post("/chats/mensagemHumana", body)
    assert [one["type"] for one in conversation_events.events(1)] == [HANDOVER]
    ana.put(f"/chats/ativar/{PHONE}")
    conversation_events.requests(2)

    gateway.say("Chega", active=False)

    assert [one["type"] for one in conversation_events.events(3)] == [HANDOVER, REACTIVATED, HANDOVER]


def test_a_conversation_that_reactivates_itself_is_told(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, conversation_events: Subscribed
) -> None:
    ana.put(f"/assistants/update/{assistant['_id']}", {"auto_reactivate_hours": 1})
    gateway.chat("Oi")
    ana.put(f"/chats/desativar/{PHONE}")
    conversation_events.requests(1)

    house.clock.advance(hours=2)
    gateway.chat("Alguém aí?")

    told = conversation_events.requests(2)[1].event
    assert told["type"] == REACTIVATED
    assert told["data"]["active"] is True
    assert told["data"]["reactivated_at"] is not None


def test_an_assistant_without_webhooks_leaves_no_trace(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    chat = gateway.chat("Oi")
    ana.put(f"/chats/desativar/{chat['_id']}")

    assert deliveries_of(ana, assistant["_id"]) == []
    for name in ("chats", "conversations"):
        rows = list(house.database[name].find({"message": "Oi"}))
        assert not any({"announce", "announcements"} & set(row) for row in rows)


def test_an_erased_contact_is_erased_from_the_outbox(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    mark, other = "Meu CPF é 123.456.789-09", "+5511911111111"
    gateway.chat(mark)
    gateway.chat("Oi", other)
    subscribed.requests(4)
    conversations = ana.get(f"/conversations/list?assistant_id={assistant['_id']}").json or []
    (erased,) = [one["_id"] for one in conversations if one["channel"]["id"] == PHONE]

    assert ana.delete(f"/conversations/delete/{erased}").status_code == 200

    rows = [row["body"] for row in house.database["webhook_deliveries"].find()]
    assert not any(mark in row for row in rows)
    assert any(other in row for row in rows)


def test_a_deleted_assistant_leaves_no_deliveries(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, subscribed: Subscribed
) -> None:
    gateway.chat("Oi")
    subscribed.requests(2)

    ana.delete(f"/assistants/delete/{assistant['_id']}")

    assert not any(assistant["_id"] in row["body"] for row in house.database["webhook_deliveries"].find())


def test_a_document_is_told_to_be_ready_as_the_api_shows_it(
    ana: Caller, assistant: dict[str, Any], receiver: WebhookReceiver
) -> None:
    subscribed = subscribe(ana, assistant["_id"], receiver, "document.ready", "document.failed")
    for kind in ("rag", "prompt"):
        document = ana.upload(assistant["_id"], "O prazo é de dois dias.", f"{kind}.txt", kind)
        told = subscribed.events(1 if kind == "rag" else 2)[-1]
        assert told["type"] == "document.ready"
        assert told["data"] == ana.get(f"/documents/get/{document['_id']}").json

    replaced = ana.upload(assistant["_id"], "O prazo é de três dias.", "rag.txt")

    assert subscribed.events(3)[-1]["data"]["_id"] == replaced["_id"]


def test_each_time_that_a_document_fails_is_told(
    ana: Caller, assistant: dict[str, Any], receiver: WebhookReceiver
) -> None:
    subscribed = subscribe(ana, assistant["_id"], receiver, "document.ready", "document.failed")
    document = ana.upload(assistant["_id"], b"no zip", "a.docx")
    for number in (1, 2):
        told = subscribed.events(number)[-1]
        assert told["type"] == "document.failed"
        assert told["data"]["error"]
        assert told["data"] == ana.get(f"/documents/get/{document['_id']}").json
        ana.put(f"/documents/retry/{document['_id']}")

    assert len(subscribed.requests(3)) == 3
