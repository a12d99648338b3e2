"""GET /conversations/list"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.house import PHONE, UNKNOWN_ID, Caller, House, assert_error

LIST = "/conversations/list"
A, B, C = "+5511911111111", "+5511922222222", "+5521933333333"
SHAPE = {
    "_id",
    "assistant_id",
    "assistant_name",
    "channel",
    "channel_id",
    "channel_kind",
    "channel_name",
    "username",
    "active",
    "answering",
    "waiting_since",
    "handover_reason",
    "person_at",
    "reactivated_at",
    "unread",
    "labels",
    "last_message",
    "last_activity_at",
    "createdAt",
    "changed_at",
    "window_closes_at",
}


def channels(caller: Caller, **query: Any) -> list[str]:
    """The channels of a list's first page."""
    response = caller.get(LIST, query_string=query)
    assert response.status_code == 200, response.text
    return [entry["channel"]["id"] for entry in response.json or []]


@pytest.fixture
def three(gateway: Caller) -> None:
    """Conversations with three customers, A's the oldest."""
    for channel, name in ((A, "João da Silva"), (B, "Ana (loja 2)"), (C, None)):
        gateway.chat("Oi", channel, username=name)


def test_a_conversation_is_shown_whole(ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    chat = gateway.chat("Oi")

    (conversation,) = ana.get(LIST).json or []

    assert set(conversation) == SHAPE
    assert conversation["assistant_id"] == assistant["_id"]
    assert conversation["channel"] == {"id": PHONE, "message_service": "Whatsapp"}
    assert (conversation["username"], conversation["active"]) == ("Maria", True)
    nothing_yet = ("handover_reason", "person_at", "reactivated_at")
    assert [conversation[name] for name in nothing_yet] == [None] * 3
    moments = [datetime.fromisoformat(conversation[name]) for name in ("createdAt", "last_activity_at")]
    assert all(abs(one - datetime.fromisoformat(chat["createdAt"])) < timedelta(seconds=5) for one in moments)


@pytest.mark.usefixtures("three")
def test_the_newest_activity_comes_first(ana: Caller, gateway: Caller) -> None:
    assert channels(ana) == [C, B, A]

    gateway.chat("De novo", A)
    assert channels(ana) == [A, C, B]

    ana.post("/chats/mensagemHumana", {"id": B, "message_service": "Whatsapp", "message": "Aqui é a Ana."})
    assert channels(ana) == [B, A, C]

    gateway.say("Oi?", B)
    gateway.chat("Mais uma", C)
    assert channels(ana) == [C, B, A]


@pytest.mark.usefixtures("three")
def test_taking_over_and_giving_back_is_no_activity(ana: Caller) -> None:
    before = ana.get(LIST).json

    ana.put(f"/chats/desativar/{A}")
    ana.put(f"/chats/ativar/{A}")

    moments = [entry["last_activity_at"] for entry in before or []]
    assert (channels(ana), [entry["last_activity_at"] for entry in ana.get(LIST).json or []]) == (
        [C, B, A],
        moments,
    )


@pytest.mark.usefixtures("three")
def test_pages_follow_one_another_to_the_last(ana: Caller) -> None:
    ana.put(f"/chats/desativar/{B}")
    everything = ana.get(LIST).json

    for limit, sizes in ((1, [1, 1, 1]), (2, [2, 1]), (3, [3])):
        pages = ana.pages(f"{LIST}?limit={limit}")
        assert [len(page) for page in pages] == sizes
        assert [entry for page in pages for entry in page] == everything


@pytest.mark.usefixtures("three")
def test_filters_hold_on_every_page(ana: Caller, assistant: dict[str, Any], gateway: Caller) -> None:
    ana.put(f"/chats/desativar/{C}")

    pages = ana.pages(f"{LIST}?assistant_id={assistant['_id']}&active=true&q=%2B5511&limit=1")

    assert [entry["channel"]["id"] for page in pages for entry in page] == [B, A]


@pytest.mark.usefixtures("three")
def test_those_of_one_assistant(house: House, ana: Caller, assistant: dict[str, Any]) -> None:
    other = ana.make_assistant()
    house.gateway(other["api_key"]).chat("Oi", A)

    assert channels(ana, assistant_id=assistant["_id"]) == [C, B, A]
    assert channels(ana, assistant_id=other["_id"]) == [A]
    assert channels(ana) == [A, C, B, A]


@pytest.mark.usefixtures("three")
def test_active_ones_and_others(ana: Caller) -> None:
    ana.put(f"/chats/desativar/{B}")

    assert channels(ana, active="true") == [C, A]
    assert channels(ana, active="false") == [B]
    assert channels(ana) == [C, B, A]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joão", [A]),
        ("JOAO", [A]),
        ("Joa\u0303o", [A]),
        ("da sil", [A]),
        (" silva ", [A]),
        (A, [A]),
        (A[1:], [A]),
        ("9222", [B]),
        ("+55", [C, B, A]),
        ("+5511", [B, A]),
        ("(loja 2)", [B]),
        ("ana", [B]),
        (".*", []),
        ("jo.o", []),
        ("^", []),
        ("a|b", []),
        ("[a-z]", []),
        ("\\w", []),
        ("$ne", []),
        ("maria", []),
        ("silva\n+55", [A]),
        ("x" * 200, []),
    ],
)
def test_a_part_of_the_name_or_the_number_is_found(ana: Caller, text: str, expected: list[str]) -> None:
    assert channels(ana, q=text) == expected


@pytest.mark.usefixtures("three")
def test_a_plus_that_was_not_encoded_is_understood(ana: Caller) -> None:
    for query in (f"q={A}", f"q=%2B{A[1:]}"):
        assert [entry["channel"]["id"] for entry in ana.get(f"{LIST}?{query}").json or []] == [A]


def test_a_name_is_found_after_it_changed(ana: Caller, gateway: Caller) -> None:
    for name in ("Maria", "Zuleica"):
        gateway.chat("Oi", username=name)

    assert (channels(ana, q="zuleica"), channels(ana, q="maria")) == ([PHONE], [])


@pytest.mark.parametrize(
    "query",
    [
        "active=maybe",
        "active=",
        "q=",
        "q=%20",
        "q=%00",
        f"q={'x' * 201}",
        "q[$regex]=x",
        "channel_id=x",
        "cursor=x",
        f"cursor={'A' * 24}",
        "limit=0",
        "limit=501",
        f"assistant_id={UNKNOWN_ID}",
        "assistant_id=x",
        "active=true&active=false",
    ],
)
def test_what_cannot_be_used_is_named(ana: Caller, query: str) -> None:
    assert_error(ana.get(f"{LIST}?{query}"), 422, "validation_error", query.partition("=")[0])


@pytest.mark.usefixtures("three")
def test_nobody_sees_what_others_own(ana: Caller, bruno: Caller, ada: Caller, assistant: dict[str, Any]) -> None:
    assert channels(bruno) == channels(bruno, q="silva") == channels(bruno, active="true") == []
    assert channels(ada, limit=3) == [C, B, A]
    assert channels(ada, assistant_id=assistant["_id"], q="silva") == [A]


@pytest.mark.usefixtures("three")
def test_those_of_a_deleted_assistant_are_hidden_at_once(
    house: House, ana: Caller, ada: Caller, assistant: dict[str, Any]
) -> None:
    mine = set(ana.ids(LIST))
    house.rows.assistants.mark_deleted(assistant["_id"], house.clock())

    assert house.rows_of(assistant["_id"])["conversations"] == 3
    assert channels(ana) == channels(ana, active="true", q="silva") == []
    assert not mine & set(ada.ids(f"{LIST}?limit=3"))


@pytest.mark.usefixtures("three")
def test_they_follow_their_assistant_to_a_new_owner(
    ada: Caller, ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    ada.put(f"/assistants/update/{assistant['_id']}", {"owner_id": bruno.id})

    assert (channels(ana), channels(bruno)) == ([], [C, B, A])
