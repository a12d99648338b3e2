"""GET /conversations/get/<id>"""

from typing import Any

import pytest

from tests.api.house import BAD_IDS, PHONE, Caller, House, assert_error, assert_same_not_found, next_page


@pytest.fixture
def conversation(ana: Caller, gateway: Caller) -> dict[str, Any]:
    """A conversation of three chats, as the list shows it."""
    for text in ("um", "dois", "três"):
        gateway.chat(text)
    (conversation,) = ana.get("/conversations/list").json or []
    return dict(conversation)


def test_it_is_what_the_list_says_with_its_chats(ana: Caller, conversation: dict[str, Any]) -> None:
    response = ana.get(f"/conversations/get/{conversation['_id']}")

    assert (response.status_code, next_page(response)) == (200, None)
    assert response.json == {**conversation, "turns": ana.get("/chats/list").json}
    assert [turn["message"] for turn in (response.json or {})["turns"]] == ["três", "dois", "um"]


def test_turns_come_page_by_page_newest_first(ana: Caller, conversation: dict[str, Any]) -> None:
    following: str | None = f"/conversations/get/{conversation['_id']}?limit=2"
    pages: list[list[str]] = []
    while following:
        response = ana.get(following)
        shown = response.json or {}
        assert {name: value for name, value in shown.items() if name != "turns"} == conversation
        pages.append([turn["message"] for turn in shown["turns"]])
        following = next_page(response)

    assert pages == [["três", "dois"], ["um"]]


def test_only_its_own_turns_are_shown(
    house: House, ana: Caller, gateway: Caller, conversation: dict[str, Any]
) -> None:
    gateway.chat("Oi", "+5511911111111")
    gateway.chat("Oi", message_service="Telegram")
    house.gateway(ana.make_assistant()["api_key"]).chat("Oi")

    shown = ana.get(f"/conversations/get/{conversation['_id']}").json or {}

    assert [turn["message"] for turn in shown["turns"]] == ["três", "dois", "um"]


def test_who_wrote_what_is_told_apart(ana: Caller, gateway: Caller, conversation: dict[str, Any]) -> None:
    ana.post("/chats/mensagemHumana", {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."})
    gateway.say("Oi, Ana!")

    shown = ana.get(f"/conversations/get/{conversation['_id']}?limit=3").json or {}

    said = [(turn["by_person"], turn["username"], turn["message"], turn["response"]) for turn in shown["turns"]]
    assert said == [
        (False, "Maria", "Oi, Ana!", ""),
        (True, "Ana", "", "Aqui é a Ana."),
        (False, "Maria", "três", "Resposta."),
    ]
    assert (shown["active"], shown["username"]) == (False, "Maria")
    assert shown["person_at"] is not None


def test_a_hand_over_says_why_while_it_lasts(ana: Caller, gateway: Caller, conversation: dict[str, Any]) -> None:
    path = f"/conversations/get/{conversation['_id']}"
    reason = gateway.chat("Quero falar com um atendente")["handover_reason"]

    during = ana.get(path).json or {}
    ana.put(f"/chats/ativar/{PHONE}")
    afterwards = ana.get(path).json or {}

    assert reason
    assert (during["active"], during["handover_reason"]) == (False, reason)
    assert (afterwards["active"], afterwards["handover_reason"]) == (True, None)
    assert afterwards["turns"][0]["handover_reason"] == reason


def test_an_answer_that_was_dropped_is_not_shown(house: House, ana: Caller, gateway: Caller) -> None:
    def taken_over_while_thinking() -> str:
        ana.apart().put(f"/chats/desativar/{PHONE}")
        return "Tarde demais."

    house.model.answers.append(taken_over_while_thinking)
    gateway.say("Oi")
    (conversation,) = ana.get("/conversations/list").json or []

    assert "Tarde demais." not in ana.get(f"/conversations/get/{conversation['_id']}").text


def test_an_administrator_sees_everybodys(ada: Caller, ana: Caller, conversation: dict[str, Any]) -> None:
    path = f"/conversations/get/{conversation['_id']}"

    assert ada.get(path).json == ana.get(path).json


def test_unknown_and_foreign_ids_are_one_and_the_same(
    ana: Caller, bruno: Caller, conversation: dict[str, Any]
) -> None:
    chat = ana.ids("/chats/list")[0]
    ids = (conversation["_id"], chat, *BAD_IDS)

    assert_same_not_found([bruno.get(f"/conversations/get/{one}") for one in ids])
    assert_same_not_found([ana.get(f"/conversations/get/{one}") for one in ids[1:]])


def test_one_of_a_deleted_assistant_is_gone_at_once(
    house: House, ana: Caller, ada: Caller, conversation: dict[str, Any]
) -> None:
    house.rows.assistants.mark_deleted(conversation["assistant_id"], house.clock())

    assert_same_not_found([caller.get(f"/conversations/get/{conversation['_id']}") for caller in (ana, ada)])


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "cursor=x", "active=true", "limit=1&limit=2"])
def test_what_cannot_be_used_is_named(ana: Caller, conversation: dict[str, Any], query: str) -> None:
    response = ana.get(f"/conversations/get/{conversation['_id']}?{query}")

    assert_error(response, 422, "validation_error", query.partition("=")[0])
