"""GET /chats/list, /chats/listarAtivos and /chats/listarInativos"""

import time
from typing import Any

import pytest

from tests.api.house import PHONE, Caller, House, assert_error

ALL, ACTIVE, INACTIVE = "/chats/list", "/chats/listarAtivos", "/chats/listarInativos"
OTHER = "+5511911111111"


def test_the_newest_comes_first_as_get_gives_it(ana: Caller, gateway: Caller) -> None:
    chats = [gateway.chat(text) for text in ("um", "dois", "três")]

    assert ana.get(ALL).json == ana.get(ACTIVE).json == chats[::-1]
    assert ana.get(INACTIVE).json == []


def test_nobody_sees_what_others_own(bruno: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    gateway.say("Oi", OTHER, active=False)

    for path in (ALL, ACTIVE, INACTIVE, f"{ALL}?channel_id=%2B{PHONE[1:]}"):
        assert bruno.ids(path) == []


def test_an_administrator_sees_all(ada: Caller, gateway: Caller) -> None:
    chat = gateway.chat("Oi")["_id"]

    assert ada.ids(f"{ALL}?limit=1") == ada.ids(f"{ACTIVE}?limit=1") == [chat]


def test_chats_of_both_kinds_are_merged_by_age(ana: Caller, gateway: Caller) -> None:
    for number in range(3):
        gateway.chat(str(number))
        gateway.say(str(number), OTHER, active=False)

    chats = ana.get(ALL).json or []

    assert [(chat["message"], chat["active"]) for chat in chats] == [
        ("2", False),
        ("2", True),
        ("1", False),
        ("1", True),
        ("0", False),
        ("0", True),
    ]


def test_pages_follow_one_another_to_the_last(ana: Caller, gateway: Caller) -> None:
    for number in range(4):
        gateway.chat(str(number))
        gateway.say(str(number), OTHER, active=False)

    everything = ana.ids(ALL)
    pages = ana.pages(f"{ALL}?limit=3")

    assert [len(page) for page in pages] == [3, 3, 2]
    assert [chat["_id"] for page in pages for chat in page] == everything
    assert [len(page) for page in ana.pages(f"{INACTIVE}?limit=2")] == [2, 2]


def test_filters_hold_on_every_page(house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    mine = [gateway.chat("Oi")["_id"] for _ in range(3)]
    gateway.chat("Oi", OTHER)
    house.gateway(ana.make_assistant()["api_key"]).chat("Oi")

    path = f"{ACTIVE}?assistant_id={assistant['_id']}&channel_id=%2B{PHONE[1:]}&limit=1"

    assert [chat["_id"] for page in ana.pages(path) for chat in page] == mine[::-1]


def test_chats_of_one_assistant(house: House, ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    mine = [gateway.chat("Oi")["_id"], gateway.chat("Oi", OTHER)["_id"]]
    house.gateway(ana.make_assistant()["api_key"]).chat("Oi")

    for path in (ALL, ACTIVE):
        assert ana.ids(f"{path}?assistant_id={assistant['_id']}") == mine[::-1]
    assert ana.ids(f"{INACTIVE}?assistant_id={assistant['_id']}") == []


def test_chats_of_one_channel_at_all_assistants(house: House, ana: Caller, gateway: Caller) -> None:
    other = house.gateway(ana.make_assistant()["api_key"])
    mine = [gateway.chat("Oi")["_id"], other.chat("Oi")["_id"], gateway.chat("Oi")["_id"]]
    gateway.chat("Oi", OTHER)

    path = f"{ALL}?channel_id=%2B{PHONE[1:]}"

    assert ana.ids(path) == mine[::-1]
    assert [len(page) for page in ana.pages(f"{path}&limit=1")] == [1, 1, 1]


@pytest.mark.parametrize("channel", ["+0", PHONE[:-1], ".*", "$ne", "é"])
def test_a_channel_nobody_writes_from_has_no_chats(ana: Caller, gateway: Caller, channel: str) -> None:
    gateway.chat("Oi")

    assert ana.get(ALL, query_string={"channel_id": channel}).json == []


@pytest.mark.parametrize("query", ["channel_id=", "channel_id[$ne]=x", "active=true", "message_service=Whatsapp"])
def test_what_cannot_be_used_is_named(ana: Caller, query: str) -> None:
    for path in (ALL, ACTIVE, INACTIVE):
        assert_error(ana.get(f"{path}?{query}"), 422, "validation_error", query.partition("=")[0])


def test_a_plus_that_was_not_encoded_is_understood(ana: Caller, gateway: Caller) -> None:
    chat = gateway.chat("Oi")

    assert ana.ids(f"/chats/list?channel_id={PHONE}") == [chat["_id"]]


def test_a_filter_given_twice_is_not_ignored(ana: Caller) -> None:
    assert_error(ana.get("/chats/list?limit=1&limit=2"), 422, "validation_error", "limit")


def test_long_texts_do_not_make_a_list_dear(house: House, ana: Caller) -> None:
    """Their parts were made when they were answered, and are not made again for each row of a list."""
    answer = (
        "**Prazo:** o prazo é de *três* dias úteis.\n\n- um item\n- outro\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    )
    cpu_seconds = []
    for times in (1, 100):
        assistant = ana.make_assistant()
        gateway = house.gateway(assistant["api_key"])
        for number in range(10):
            house.model.answers.append(answer * times)
            gateway.chat("Qual o prazo?", f"+55119{number:08}")
        cpu_seconds.append(min(_thread_seconds(ana, assistant["_id"]) for _ in range(5)))

    assert cpu_seconds[1] < 6 * cpu_seconds[0]  # 1.5 times, and tens of times when parts were made for each row


def _thread_seconds(caller: Caller, assistant_id: str) -> float:
    began = time.thread_time()
    assert len(caller.ids(f"/chats/list?limit=10&assistant_id={assistant_id}")) == 10
    return time.thread_time() - began
