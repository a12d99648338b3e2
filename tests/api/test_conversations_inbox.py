"""GET /conversations/list: what operators see of each conversation, and POST /conversations/read/<id>"""

from datetime import datetime
from typing import Any

import pytest

from app.domain.assistants import Member
from app.domain.permissions import Role
from tests.api.house import PHONE, UNKNOWN_ID, Caller, House, assert_error

LIST = "/conversations/list"
A, B, C = "+5511911111111", "+5511922222222", "+5521933333333"


def shown(caller: Caller, **query: Any) -> list[dict[str, Any]]:
    response = caller.get(LIST, query_string=query)
    assert response.status_code == 200, response.text
    return list(response.json or [])


def channels(caller: Caller, **query: Any) -> list[str]:
    return [one["channel"]["id"] for one in shown(caller, **query)]


def write_as_person(caller: Caller, text: str, channel: str = PHONE) -> None:
    body = {"id": channel, "message_service": "Whatsapp", "message": text}
    assert caller.post("/chats/mensagemHumana", body).status_code == 201


def colleague(house: House, assistant: dict[str, Any], role: Role) -> Caller:
    person = house.newcomer("Rita")
    assert house.rows.assistants.set_member(assistant["_id"], Member(person.id, role), 9)
    return person


def test_what_was_said_last_and_by_whom(ana: Caller, gateway: Caller) -> None:
    answered = gateway.chat("Oi")
    (one,) = shown(ana)
    assert (one["last_message"]["by"], one["last_message"]["text"]) == ("assistant", answered["response"])
    assert one["last_message"]["chat_id"] == answered["_id"]
    assert one["assistant_name"] == "Loja"
    assert (one["channel_id"], one["channel_kind"], one["channel_name"]) == (None, None, None)

    write_as_person(ana, "x" * 300)
    (one,) = shown(ana)
    assert (one["last_message"]["by"], one["last_message"]["text"]) == ("person", "x" * 200 + "…")

    gateway.say("Obrigada!")
    (one,) = shown(ana)
    assert (one["last_message"]["by"], one["last_message"]["text"]) == ("customer", "Obrigada!")


def test_who_answers_and_since_when_a_customer_waits(house: House, ana: Caller, gateway: Caller) -> None:
    def now() -> tuple[str, str | None]:
        (one,) = shown(ana)
        return one["answering"], one["waiting_since"]

    gateway.chat("Oi")
    assert now() == ("assistant", None)

    gateway.chat("Quero falar com um atendente")
    answering, since = now()
    assert answering == "waiting_for_person"
    assert since is not None

    gateway.say("Alô?")
    assert now() == (answering, since)

    house.clock.advance(seconds=5)
    ana.put(f"/chats/desativar/{PHONE}")
    assert now() == ("person", None)

    house.clock.advance(seconds=5)
    came = house.clock()
    gateway.say("Tem alguém aí?")
    house.clock.advance(seconds=5)
    gateway.say("Oi?")
    answering, since = now()
    assert answering == "waiting_for_person"
    assert abs(datetime.fromisoformat(since or "") - came).total_seconds() < 4

    house.clock.advance(seconds=5)
    write_as_person(ana, "Aqui é a Ana.")
    assert now() == ("person", None)

    house.clock.advance(seconds=5)
    gateway.say("Que bom!")
    assert now()[0] == "waiting_for_person"

    ana.put(f"/chats/ativar/{PHONE}")
    assert now() == ("assistant", None)


def test_a_message_that_deactivates_waits_for_a_person(ana: Caller, gateway: Caller) -> None:
    gateway.say("Oi", active=False)

    assert [one["answering"] for one in shown(ana)] == ["waiting_for_person"]


def test_unread_messages_are_counted_for_each_user(
    house: House, ana: Caller, gateway: Caller, assistant: dict[str, Any]
) -> None:
    rita = colleague(house, assistant, Role.OPERATOR)
    chats = [gateway.chat(text)["_id"] for text in ("um", "dois", "três")]
    (one,) = shown(ana)
    assert one["unread"] == 3

    assert ana.post(f"/conversations/read/{one['_id']}", {"chat_id": chats[1]}).status_code == 200
    assert [shown(caller)[0]["unread"] for caller in (ana, rita)] == [1, 3]

    ana.post(f"/conversations/read/{one['_id']}", {})
    ana.post(f"/conversations/read/{one['_id']}", {"chat_id": chats[0]})
    write_as_person(ana, "Oi")
    assert [shown(caller)[0]["unread"] for caller in (ana, rita)] == [0, 3]
    assert (channels(ana, unread="true"), channels(rita, unread="true")) == ([], [PHONE])

    gateway.say("quatro")
    assert (ana.get(f"/conversations/get/{one['_id']}").json or {})["unread"] == 1
    assert channels(ana, unread="true", q="maria") == [PHONE]


def test_a_program_has_read_nothing(ana: Caller, gateway: Caller, house: House, assistant: dict[str, Any]) -> None:
    gateway.chat("Oi")
    made = ana.post(f"/assistants/keys/{assistant['_id']}", {"name": "Painel", "scopes": ["read"]})
    program = house.gateway((made.json or {})["key"])

    assert [one["unread"] for one in shown(program)] == [None]
    assert_error(program.get(f"{LIST}?unread=true"), 422, "validation_error", "unread")


def test_viewers_do_not_mark_as_read(house: House, ana: Caller, gateway: Caller, assistant: dict[str, Any]) -> None:
    gateway.chat("Oi")
    (one,) = shown(ana)
    viewer = colleague(house, assistant, Role.VIEWER)

    assert_error(viewer.post(f"/conversations/read/{one['_id']}", {}), 403, "not_allowed")
    assert shown(viewer)[0]["unread"] == 1


def test_filters_by_who_answers(ana: Caller, gateway: Caller) -> None:
    for channel in (A, B, C):
        gateway.chat("Oi", channel)
    ana.put(f"/chats/desativar/{A}")
    gateway.chat("Quero falar com um atendente", B)

    assert channels(ana, answering="assistant") == [C]
    assert channels(ana, answering="person") == [A]
    assert channels(ana, answering="waiting_for_person") == [B]
    assert channels(ana, answering="person", active="true") == []
    assert channels(ana, answering="waiting_for_person", q=B) == [B]
    pages = ana.pages(f"{LIST}?answering=waiting_for_person&limit=1")
    assert [one["channel"]["id"] for page in pages for one in page] == [B]


def test_labels_are_put_shown_and_filtered_by(ana: Caller, gateway: Caller, assistant: dict[str, Any]) -> None:
    path = f"/assistants/labels/{assistant['_id']}"
    vip, new = ((ana.post(path, {"name": name, "color": "#D97706"}).json or {})["_id"] for name in ("VIP", "Novo"))
    for channel in (A, B):
        gateway.chat("Oi", channel)
    b, a = (one["_id"] for one in shown(ana))

    put = ana.put(f"/conversations/labels/{a}", {"label_ids": [vip, new, vip]})
    assert (put.json or {})["labels"] == [vip, new]
    assert channels(ana, label_id=vip) == [A]
    ana.put(f"/conversations/labels/{b}", {"label_ids": [vip]})
    assert channels(ana, label_id=vip) == [B, A]
    assert channels(ana, label_id=vip, answering="person") == []
    assert [len(page) for page in ana.pages(f"{LIST}?label_id={vip}&limit=1")] == [1, 1]

    ana.delete(f"{path}?label_id={vip}")
    assert [one["labels"] for one in shown(ana)] == [[], [new]]
    ana.put(f"/conversations/labels/{a}", {"label_ids": []})
    assert channels(ana, label_id=new) == []


def test_only_labels_of_the_assistant_fit(ana: Caller, bruno: Caller, gateway: Caller) -> None:
    gateway.chat("Oi")
    (one,) = shown(ana)
    other = ana.make_assistant()["_id"]
    label = (ana.post(f"/assistants/labels/{other}", {"name": "VIP", "color": "#000000"}).json or {})["_id"]

    for ids in ([label], [UNKNOWN_ID], ["x"]):
        response = ana.put(f"/conversations/labels/{one['_id']}", {"label_ids": ids})
        assert_error(response, 422, "validation_error", "label_ids")
    for caller, query in (
        (bruno, f"label_id={label}"),
        (ana, f"label_id={UNKNOWN_ID}"),
        (ana, f"label_id={label}&assistant_id={one['assistant_id']}"),
    ):
        assert_error(caller.get(f"{LIST}?{query}"), 422, "validation_error", "label_id")


@pytest.mark.parametrize("query", ["answering=nobody", "unread=maybe", "label_id=x"])
def test_what_cannot_be_used_is_named(ana: Caller, query: str) -> None:
    assert_error(ana.get(f"{LIST}?{query}"), 422, "validation_error", query.partition("=")[0])
