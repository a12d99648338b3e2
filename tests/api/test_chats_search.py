"""GET /chats/search"""

from typing import Any

import pytest

from app.domain.answers import Answer
from app.domain.assistants import Member
from app.domain.conversations import Tokens
from app.domain.permissions import Role
from app.services.inbox.message_indexing import MessageIndexing
from app.wiring.inbox import machine_clock
from tests.api.house import PHONE, UNKNOWN_ID, Caller, House, assert_error

A = "+5511911111111"


def index(house: House) -> None:
    house.services.inbox.indexing.run_once()


def found(caller: Caller, text: str, **query: Any) -> list[dict[str, Any]]:
    response = caller.get("/chats/search", query_string={"q": text, **query})
    assert response.status_code == 200, response.text
    return list(response.json or [])


def test_a_message_is_found_by_its_words_and_shown_where_it_is(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    house.model.answers.append(Answer("A promoção vai até sábado.", Tokens(), "fake"))
    chats = [gateway.chat("Tem PROMOÇÃO?"), gateway.chat("E o frete é grátis?", A)]
    index(house)

    (one,) = found(ana, "promocao sábado")

    assert set(one) == {
        *("chat_id", "conversation_id", "assistant_id", "assistant_name", "channel", "username", "by", "at"),
        *("snippet", "highlights"),
    }
    assert (one["chat_id"], one["assistant_name"], one["username"]) == (chats[0]["_id"], "Loja", "Maria")
    assert (one["by"], one["snippet"]) == ("customer", "Tem PROMOÇÃO?")
    assert [one["snippet"][start:end] for start, end in one["highlights"]] == ["PROMOÇÃO"]
    assert one["channel"] == {"id": PHONE, "message_service": "Whatsapp"}
    opened = ana.get(f"/conversations/get/{one['conversation_id']}?around={one['chat_id']}").json or {}
    assert one["chat_id"] in [turn["_id"] for turn in opened["turns"]]
    assert [hit["by"] for hit in found(ana, "sabado")] == ["assistant"]
    assert [hit["chat_id"] for hit in found(ana, "FRETE", assistant_id=assistant["_id"])] == [chats[1]["_id"]]
    assert found(ana, "promocao frete") == []


def test_what_people_wrote_is_found_and_what_was_never_answered(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    ana.post("/chats/mensagemHumana", {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é da oficina."})
    gateway.say("Obrigada pela gentileza")
    index(house)

    assert [(hit["by"], hit["username"]) for hit in found(ana, "oficina")] == [("person", "Maria")]
    assert [hit["by"] for hit in found(ana, "gentileza")] == ["customer"]


def test_the_newest_come_first_page_by_page(house: House, ana: Caller, gateway: Caller) -> None:
    chats = [gateway.chat(f"Cadê o pedido {number}?")["_id"] for number in range(5)]
    index(house)

    for limit in (1, 2, 5, 9):
        pages = ana.pages(f"/chats/search?q=cade+pedido&limit={limit}")
        assert [hit["chat_id"] for page in pages for hit in page] == chats[::-1]


def test_everybody_finds_what_they_may_read(
    house: House, ada: Caller, ana: Caller, bruno: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    gateway.chat("Quero um cacareco")
    theirs = bruno.make_assistant()
    house.gateway(theirs["api_key"]).chat("Quero um cacareco")
    index(house)
    viewer = house.newcomer("Vera")
    assert house.rows.assistants.set_member(assistant["_id"], Member(viewer.id, Role.VIEWER), 9)

    def where(caller: Caller) -> set[str]:
        return {hit["assistant_id"] for hit in found(caller, "cacareco")}

    assert where(ana) == where(viewer) == {assistant["_id"]}
    assert where(bruno) == {theirs["_id"]}
    assert {hit["assistant_id"] for hit in found(ada, "cacareco", assistant_id=theirs["_id"])} == {theirs["_id"]}
    assert where(house.newcomer("Zé")) == set()
    response = bruno.get(f"/chats/search?q=cacareco&assistant_id={assistant['_id']}")
    assert_error(response, 422, "validation_error", "assistant_id")


def test_an_erased_conversation_is_not_found(house: House, ana: Caller, gateway: Caller) -> None:
    gateway.chat("Meu segredo é abacaxi")
    index(house)
    (one,) = found(ana, "abacaxi")

    receipt = ana.delete(f"/conversations/delete/{one['conversation_id']}").json or {}

    assert receipt["erased"]["message_words"] == 1
    assert found(ana, "abacaxi") == []
    assert house.database["message_words"].find_one({"words": "abacax"}) is None


def test_chats_from_before_are_indexed_too(house: House, ana: Caller, gateway: Caller) -> None:
    chat = gateway.chat("Antigamente era melhor")["_id"]
    house.database["chats"].update_many({"message": "Antigamente era melhor"}, {"$unset": {"changed": ""}})
    house.database["message_words"].delete_many({"words": "antiga"})
    house.database["message_words_progress"].delete_many({})

    indexing = MessageIndexing(house.rows.message_words, house.rows.conversation_names, machine_clock)
    for _ in range(20):
        indexing.run()
    assert [hit["chat_id"] for hit in found(ana, "antigamente")] == [chat]


@pytest.mark.parametrize(
    "query",
    ["q=", "q=de+a", "q=%3F", f"q={'x' * 201}", "", f"q=prazo&assistant_id={UNKNOWN_ID}", "q=prazo&limit=0"],
)
def test_what_cannot_be_used_is_named(ana: Caller, query: str) -> None:
    name = query.rpartition("&")[2].partition("=")[0] or "q"
    assert_error(ana.get(f"/chats/search?{query}"), 422, "validation_error", name)
