"""PUT /chats/desativar/<id> and /chats/ativar/<id>"""

import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from bson import ObjectId
from werkzeug.test import TestResponse

from app.domain.conversations import ConversationFilter
from tests.api.house import BAD_IDS, PHONE, UNKNOWN_ID, Caller, House, assert_error, assert_same_not_found

OTHER = "+5511911111111"
ENCODED = f"%2B{PHONE[1:]}"


@pytest.fixture
def chats(gateway: Caller) -> list[str]:
    """The ids of three chats of one conversation, oldest first."""
    return [gateway.chat(text)["_id"] for text in ("um", "dois", "três")]


def states(caller: Caller, path: str = "/chats/list") -> list[bool]:
    return [chat["active"] for chat in caller.get(path).json or []]


def wait_until(true: Callable[[], bool]) -> None:
    """Return when it is true; fail when it does not become so."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def after(seconds: float, text: str) -> Callable[[], str]:
    """What a model says that thinks for so long."""

    def think() -> str:
        time.sleep(seconds)
        return text

    return think


@pytest.mark.parametrize("by", ["chat", "channel", "encoded"])
def test_the_whole_conversation_is_taken_over_and_given_back(
    house: House, ana: Caller, gateway: Caller, chats: list[str], by: str
) -> None:
    one = {"chat": chats[0], "channel": PHONE, "encoded": ENCODED}[by]
    channel = {"id": PHONE, "message_service": "Whatsapp"}

    off = ana.put(f"/chats/desativar/{one}")

    assert off.status_code == 200
    assert set(off.json or {}) == {"message", "channel", "active"}
    assert ((off.json or {})["channel"], (off.json or {})["active"]) == (channel, False)
    assert (ana.ids("/chats/listarInativos"), ana.ids("/chats/listarAtivos")) == (chats[::-1], [])
    assert states(ana) == [False] * 3
    assert_error(gateway.say("Oi"), 409, "chat_inactive")

    on = ana.put(f"/chats/ativar/{one}")

    assert on.status_code == 200
    assert ((on.json or {})["channel"], (on.json or {})["active"]) == (channel, True)
    assert (len(ana.ids("/chats/listarAtivos")), ana.ids("/chats/listarInativos")) == (4, [])
    assert gateway.chat("Oi")["active"] is True


def test_what_is_so_already_stays_so(ana: Caller, chats: list[str]) -> None:
    for path, active in (("ativar", True), ("desativar", False), ("desativar", False)):
        response = ana.put(f"/chats/{path}/{chats[0]}")
        assert (response.status_code, (response.json or {})["active"]) == (200, active)
        assert states(ana) == [active] * 3


def test_other_conversations_stay_as_they_are(house: House, ana: Caller, gateway: Caller, chats: list[str]) -> None:
    others = [
        gateway.chat("Oi", OTHER)["_id"],
        gateway.chat("Oi", message_service="Telegram")["_id"],
        house.gateway(ana.make_assistant()["api_key"]).chat("Oi")["_id"],
    ]

    ana.put(f"/chats/desativar/{chats[0]}")

    assert ana.ids("/chats/listarAtivos") == others[::-1]


def test_what_was_written_to_a_person_is_history_later(
    house: House, ana: Caller, gateway: Caller, chats: list[str]
) -> None:
    ana.put(f"/chats/desativar/{PHONE}")
    gateway.say("Para uma pessoa")
    ana.put(f"/chats/ativar/{PHONE}")
    gateway.chat("De volta")

    assert [turn.message for turn in house.model.questions[-1].history][-1] == "Para uma pessoa"


@pytest.mark.parametrize("service", ["Whatsapp", "Telegram"])
def test_a_channel_that_fits_several_conversations_is_ambiguous(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller, service: str
) -> None:
    gateway.chat("Oi")
    same = assistant if service == "Telegram" else ana.make_assistant()
    house.gateway(same["api_key"]).chat("Oi", message_service=service)

    for path in (f"/chats/desativar/{PHONE}", f"/chats/ativar/{ENCODED}"):
        assert_error(ana.put(path), 409, "ambiguous_channel")
    assert states(ana) == [True, True]


def test_naming_the_assistant_cures_that(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    mine = gateway.chat("Oi")["_id"]
    other = house.gateway(ana.make_assistant()["api_key"]).chat("Oi")["_id"]

    response = ana.put(f"/chats/desativar/{PHONE}?assistant_id={assistant['_id']}")

    assert response.status_code == 200
    assert (ana.ids("/chats/listarInativos"), ana.ids("/chats/listarAtivos")) == ([mine], [other])


def test_a_chats_own_id_is_never_ambiguous(house: House, ana: Caller, gateway: Caller) -> None:
    mine = gateway.chat("Oi")["_id"]
    house.gateway(ana.make_assistant()["api_key"]).chat("Oi")

    assert ana.put(f"/chats/desativar/{mine}").status_code == 200


def test_what_strangers_have_makes_nothing_ambiguous(
    house: House, ana: Caller, bruno: Caller, gateway: Caller
) -> None:
    gateway.chat("Oi")
    house.gateway(bruno.make_assistant()["api_key"]).chat("Oi")

    assert ana.put(f"/chats/desativar/{PHONE}").status_code == 200
    assert (states(ana), states(bruno)) == ([False], [True])


def test_an_administrator_may(ada: Caller, ana: Caller, chats: list[str]) -> None:
    assert ada.put(f"/chats/desativar/{chats[0]}").status_code == 200
    assert states(ana) == [False] * 3


@pytest.mark.parametrize("switch", ["ativar", "desativar"])
def test_unknown_and_foreign_ids_are_one_and_the_same(
    ana: Caller, bruno: Caller, chats: list[str], switch: str
) -> None:
    ids = (chats[0], PHONE, ENCODED, *BAD_IDS, "a/b", "%00", "%ff")

    assert_same_not_found([bruno.put(f"/chats/{switch}/{one}") for one in ids])
    assert states(ana) == [True] * 3


def test_a_foreign_assistant_finds_nothing(bruno: Caller, assistant: dict[str, Any], chats: list[str]) -> None:
    foreign, unknown = (
        bruno.put(f"/chats/desativar/{PHONE}?assistant_id={one}") for one in (assistant["_id"], UNKNOWN_ID)
    )

    assert_same_not_found([foreign, unknown])


def test_another_assistant_has_no_such_conversation(ana: Caller, chats: list[str]) -> None:
    other = ana.make_assistant()["_id"]

    for one in (PHONE, chats[0]):
        assert_error(ana.put(f"/chats/desativar/{one}?assistant_id={other}"), 404, "not_found")
    assert states(ana) == [True] * 3


@pytest.mark.parametrize("channel", ["loja/123", "a b", "ação", "user@s.whatsapp.net", "100%", "..", "a?b#c"])
def test_a_channel_is_found_whatever_it_is_called(ana: Caller, gateway: Caller, channel: str) -> None:
    gateway.chat("Oi", channel)

    response = ana.put(f"/chats/desativar/{quote(channel, safe='')}")

    assert response.status_code == 200
    assert (response.json or {})["channel"]["id"] == channel


def test_unknown_parameters_are_named(ana: Caller, chats: list[str]) -> None:
    assert_error(ana.put(f"/chats/desativar/{chats[0]}?service=x"), 422, "validation_error", "service")


def test_an_answer_is_dropped_when_a_person_takes_over(house: House, ana: Caller, gateway: Caller) -> None:
    def taken_over_while_thinking() -> str:
        assert ana.apart().put(f"/chats/desativar/{PHONE}").status_code == 200
        return "Tarde demais."

    house.model.answers.append(taken_over_while_thinking)

    assert_error(gateway.say("Oi"), 409, "chat_inactive")

    (chat,) = ana.get("/chats/listarInativos").json or []
    assert (chat["message"], chat["response"], chat["active"]) == ("Oi", "", False)
    assert chat["tokens"] == {"in": 10, "out": 5, "estimated": False}
    assert "Tarde demais." not in ana.get(f"/chats/get/{chat['_id']}").text
    row = house.database["chats"].find_one({"_id": ObjectId(chat["_id"])}) or {}
    assert row["discarded_response"] == "Tarde demais."


def test_an_answer_is_dropped_when_the_assistant_is_back(house: House, ana: Caller, gateway: Caller) -> None:
    """A person has answered in between; the old answer would come out of nowhere."""

    def taken_over_and_given_back() -> str:
        ana.apart().put(f"/chats/desativar/{PHONE}")
        ana.apart().put(f"/chats/ativar/{PHONE}")
        return "Tarde demais."

    house.model.answers.append(taken_over_and_given_back)

    assert_error(gateway.say("Oi"), 409, "chat_inactive")
    assert "Tarde demais." not in ana.get("/chats/list").text
    assert gateway.chat("E agora?")["response"] == "Resposta."
    assert "Tarde demais." not in [turn.response for turn in house.model.questions[-1].history]


def test_a_message_in_line_is_left_to_the_person_too(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    waiting: list[Future[TestResponse]] = []
    with ThreadPoolExecutor(1) as threads:

        def taken_over_with_another_in_line() -> str:
            waiting.append(threads.submit(gateway.apart().say, "dois"))
            wait_until(lambda: house.rows_of(assistant["_id"])["chats"] == 2)
            ana.apart().put(f"/chats/desativar/{PHONE}")
            return "Tarde demais."

        house.model.answers.append(taken_over_with_another_in_line)
        responses = [gateway.say("um"), waiting[0].result(30)]

    for response in responses:
        assert_error(response, 409, "chat_inactive")
    assert len(house.model.questions) == 1
    assert [chat["response"] for chat in ana.get("/chats/listarInativos").json or []] == ["", ""]


def test_nothing_is_answered_once_a_switch_has_returned(
    house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller
) -> None:
    """Fifteen races; whoever took over looks how much was said until then, and nothing is added to that."""
    answered = {"assistant_id": ObjectId(assistant["_id"]), "response": {"$ne": ""}}
    rows, chance, statuses = house.database["chats"], random.Random(7), []
    gateway.chat("Oi")
    with ThreadPoolExecutor(1) as threads:
        for _ in range(15):
            house.model.answers.append(after(chance.uniform(0, 0.05), "Pronto."))
            running = threads.submit(gateway.apart().say, "E agora?")
            time.sleep(chance.uniform(0, 0.1))
            ana.put(f"/chats/desativar/{PHONE}")
            said = rows.count_documents(answered)

            statuses.append(running.result(30).status_code)

            assert rows.count_documents(answered) == said == 1 + statuses.count(200)
            ana.put(f"/chats/ativar/{PHONE}")
            house.model.answers.clear()
    assert set(statuses) <= {200, 409}


def test_a_switch_that_a_crash_cut_off_holds_for_all_chats(
    house: House, ana: Caller, gateway: Caller, chats: list[str]
) -> None:
    conversation = house.rows.conversations.with_channel(PHONE, ConversationFilter(ana.id))[0]
    house.rows.conversations.switch(replace(conversation, active=False), conversation.epoch)
    assert_error(gateway.say("Oi"), 409, "chat_inactive")

    assert states(ana) == [False] * 4
    assert ana.ids("/chats/listarAtivos") == []


def test_services_of_one_assistant_are_told_apart(ana: Caller, gateway: Caller) -> None:
    for service in ("Whatsapp", "Telegram"):
        gateway.say("Oi", message_service=service)

    assert_error(ana.put(f"/chats/desativar/{PHONE}"), 409, "ambiguous_channel")
    assert ana.put(f"/chats/desativar/{PHONE}?message_service=Telegram").status_code == 200
    assert gateway.say("Oi", message_service="Whatsapp").status_code == 200
    assert_error(gateway.say("Oi", message_service="Telegram"), 409, "chat_inactive")
