"""GET /conversations/list and /conversations/get/<id>, asked again and again: ETag, 304 and `changed_since`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.channels import DeliveryState
from app.domain.ids import new_id
from tests.api.house import PHONE, Caller, House, assert_error, next_page

LIST = "/conversations/list"
A, B = "+5511911111111", "+5511922222222"


def now() -> str:
    return datetime.now(UTC).isoformat()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    """Each request looks at the database, the first one, too."""
    monkeypatch.setattr("app.services.inbox.changes._LOOK_SECONDS", 0.0)
    monkeypatch.setattr("app.services.inbox.changes._LOOK_AT_ALL_SECONDS", 0.0)
    house.services.inbox.changes.expire()


@pytest.fixture
def conversation(ana: Caller, gateway: Caller) -> str:
    gateway.chat("Oi")
    return ana.ids(LIST)[0]


def again(caller: Caller, path: str, before: TestResponse) -> TestResponse:
    return caller.get(path, headers={"If-None-Match": before.headers["ETag"]})


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("path", [LIST, f"{LIST}?answering=assistant", "/conversations/get/{conversation}"])
def test_nothing_new_is_304_and_what_is_new_is_shown(
    ana: Caller, gateway: Caller, conversation: str, path: str
) -> None:
    path = path.format(conversation=conversation)
    first = ana.get(path)
    same = again(ana, path, first)
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", first.headers["ETag"])

    gateway.chat("E o prazo?")
    new = again(ana, path, first)
    assert new.status_code == 200
    assert "E o prazo?" in new.text or "Resposta." in new.text
    assert again(ana, path, new).status_code == 304


@pytest.mark.usefixtures("quick")
def test_whatever_an_operator_sees_ends_a_304(
    house: House, ana: Caller, gateway: Caller, assistant: dict[str, Any], conversation: str
) -> None:
    label = (ana.post(f"/assistants/labels/{assistant['_id']}", {"name": "VIP", "color": "#000000"}).json or {})[
        "_id"
    ]
    chat = ana.ids("/chats/list")[0]

    def deliver() -> None:
        house.rows.messages.delivery(chat, new_id(), DeliveryState.READ, house.clock(), None)

    seen = {path: ana.get(path) for path in (LIST, f"/conversations/get/{conversation}")}
    for change in (
        lambda: ana.put(f"/chats/desativar/{PHONE}"),
        lambda: gateway.say("Alô?"),
        lambda: ana.post(f"/conversations/read/{conversation}", {}),
        lambda: ana.put(f"/conversations/labels/{conversation}", {"label_ids": [label]}),
        lambda: ana.delete(f"/assistants/labels/{assistant['_id']}?label_id={label}"),
        deliver,
    ):
        change()
        for path, before in seen.items():
            answer = again(ana, path, before)
            if change is deliver and path == LIST:  # it shows nothing of an earlier chat
                assert answer.status_code == 304
            else:
                assert answer.status_code == 200, path
                seen[path] = answer

    ana.delete(f"/conversations/delete/{conversation}")
    assert again(ana, LIST, seen[LIST]).json == []


@pytest.mark.usefixtures("quick")
def test_others_are_not_disturbed(house: House, ana: Caller, bruno: Caller, conversation: str) -> None:
    theirs = bruno.make_assistant()
    house.gateway(theirs["api_key"]).chat("Oi")
    before, one = bruno.get(LIST), ana.get(f"/conversations/get/{conversation}")

    gateway = house.gateway(ana.make_assistant()["api_key"])
    gateway.chat("Oi", B)

    assert again(bruno, LIST, before).status_code == 304
    assert again(ana, f"/conversations/get/{conversation}", one).status_code == 304
    assert bruno.get(f"/conversations/get/{conversation}", headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.usefixtures("quick")
def test_changed_since_brings_what_changed_the_last_first(
    house: House, ana: Caller, gateway: Caller, assistant: dict[str, Any]
) -> None:
    for channel in (A, B):
        gateway.chat("Oi", channel)
    later = datetime.now(UTC) + timedelta(seconds=10)

    def changed(since: datetime | str, **query: Any) -> list[str]:
        response = ana.get(LIST, query_string={"changed_since": str(since), **query})
        assert response.status_code == 200, response.text
        return [one["channel"]["id"] for one in response.json or []]

    assert changed(later) == []
    ana.put(f"/chats/desativar/{A}")
    assert changed(now()) == [A, B]
    assert changed(now(), assistant_id=assistant["_id"]) == [A, B]
    assert changed(now(), assistant_id=ana.make_assistant()["_id"]) == []
    assert changed(datetime.now(UTC) - timedelta(hours=1)) == [B, A]
    assert changed(now(), limit=1) == [B]


@pytest.mark.usefixtures("quick")
def test_changed_since_tells_what_was_deleted_to_those_who_saw_it(
    ana: Caller, bruno: Caller, gateway: Caller, assistant: dict[str, Any], conversation: str
) -> None:
    gateway.chat("Oi", B)
    asked = {"changed_since": now()}
    before = ana.get(LIST, query_string=asked)
    theirs = bruno.get(LIST, query_string=asked)

    def told(caller: Caller, **query: Any) -> list[str]:
        shown = caller.get(LIST, query_string={**asked, **query}).json or []
        deleted = [one for one in shown if "deleted" in one]
        assert all(set(one) == {"_id", "deleted", "changed_at"} and one["deleted"] for one in deleted)
        return [one["_id"] for one in deleted]

    assert told(ana) == []
    ana.delete(f"/conversations/delete/{conversation}")

    assert told(ana) == told(ana, assistant_id=assistant["_id"]) == [conversation]
    assert told(ana, assistant_id=ana.make_assistant()["_id"]) == told(bruno) == []
    etags = {"If-None-Match": before.headers["ETag"]}
    assert ana.get(LIST, query_string=asked, headers=etags).status_code == 200
    etags = {"If-None-Match": theirs.headers["ETag"]}
    assert bruno.get(LIST, query_string=asked, headers=etags).status_code == 304
    assert len(ana.ids(LIST)) == 1

    gateway.chat("Voltei")
    shown = ana.get(LIST, query_string=asked).json or []
    assert [one["last_message"]["text"] for one in shown if one["_id"] == conversation] == ["Resposta."]


@pytest.mark.usefixtures("quick")
def test_changed_since_tells_of_what_the_list_does_not_show(
    house: House, ana: Caller, gateway: Caller, conversation: str
) -> None:
    earlier = ana.ids("/chats/list")[0]
    gateway.chat("E o prazo?")
    asked = {"changed_since": now()}
    before = ana.get(LIST, query_string=asked)
    house.rows.messages.delivery(earlier, new_id(), DeliveryState.READ, house.clock(), None)

    after = ana.get(LIST, query_string=asked, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    moments = [answer.json[0]["changed_at"] for answer in (before, after) if answer.json]
    assert moments[0] < moments[1]


@pytest.mark.usefixtures("quick")
def test_turns_that_changed(house: House, ana: Caller, gateway: Caller, conversation: str) -> None:
    chats = [gateway.chat(text)["_id"] for text in ("um", "dois")]
    path = f"/conversations/get/{conversation}"

    def changed(since: datetime) -> list[str]:
        shown = ana.get(path, query_string={"changed_since": since.isoformat()}).json or {}
        return [turn["_id"] for turn in shown["turns"]]

    later = datetime.now(UTC) + timedelta(seconds=10)
    assert changed(later) == []
    assert chats[::-1] == changed(datetime.now(UTC))[:2]

    shown = ana.get(path).json or {}
    moments = {turn["_id"]: datetime.fromisoformat(turn["changed_at"]) for turn in shown["turns"]}
    house.rows.messages.delivery(chats[0], new_id(), DeliveryState.READ, house.clock(), None)
    turn = next(one for one in (ana.get(path).json or {})["turns"] if one["_id"] == chats[0])
    assert datetime.fromisoformat(turn["changed_at"]) > moments[chats[0]]
    assert turn["delivery"]["state"] == "read"


@pytest.fixture
def around(ana: Caller, gateway: Caller) -> tuple[str, list[str]]:
    """A conversation's path, and its nine chats, oldest first."""
    chats = [gateway.chat(str(number))["_id"] for number in range(9)]
    return f"/conversations/get/{ana.ids(LIST)[0]}", chats


def test_a_found_chat_is_shown_with_its_neighbours(ana: Caller, around: tuple[str, list[str]]) -> None:
    path, chats = around

    def shown(query: str) -> tuple[list[int], dict[str, str]]:
        response = ana.get(f"{path}?{query}")
        links = {
            link.partition('rel="')[2].rstrip('"'): link.partition("<http://localhost")[2].partition(">")[0]
            for link in response.headers.get("Link", "").split(", ")
            if link
        }
        return [chats.index(turn["_id"]) for turn in (response.json or {})["turns"]], links

    found, links = shown(f"around={chats[4]}&limit=4")
    assert found == [6, 5, 4, 3]
    assert set(links) == {"next", "prev"}
    older = ana.get(links["next"])
    assert [chats.index(turn["_id"]) for turn in (older.json or {})["turns"]] == [2, 1, 0]
    assert next_page(older) is None
    newer = ana.get(links["prev"])
    assert [chats.index(turn["_id"]) for turn in (newer.json or {})["turns"]] == [8, 7]
    assert "Link" not in newer.headers

    assert shown(f"around={chats[8]}&limit=3") == (
        [8, 7, 6],
        {"next": shown(f"around={chats[8]}&limit=3")[1]["next"]},
    )
    assert shown(f"around={chats[0]}&limit=20")[0] == list(range(9))[::-1]
    assert shown(f"around={chats[5]}&limit=1")[0] == [5]
    assert shown(f"after={chats[1]}&limit=2")[0] == [3, 2]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("around=x", ["around"]),
        ("around=0123456789abcdef01234567", ["around"]),
        ("around=ffffffffffffffffffffffff", ["around"]),
        ("after=x", ["after"]),
        ("changed_since=yesterday", ["changed_since"]),
        ("changed_since=2026-11-30T09:00:00", ["changed_since"]),
        ("around={0}&cursor={0}", ["around", "cursor"]),
    ],
)
def test_what_cannot_be_used_is_named(ana: Caller, conversation: str, query: str, fields: list[str]) -> None:
    response = ana.get(f"/conversations/get/{conversation}?{query.format(new_id())}")

    assert_error(response, 422, "validation_error", *fields)
