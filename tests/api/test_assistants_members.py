"""GET, PUT and DELETE /assistants/members/<id>"""

import socket
import threading
from typing import Any

import pytest

from app.domain.assistants import MOST_MEMBERS, Member
from app.domain.ids import new_id
from app.domain.permissions import Role
from tests.api.house import BAD_IDS, PHONE, Caller, House, assert_error, assert_same_not_found
from tests.fakes.files import html
from tests.fakes.web_server import WebServer, reply


def path(assistant: dict[str, Any]) -> str:
    return f"/assistants/members/{assistant['_id']}"


def give(owner: Caller, assistant: dict[str, Any], person: Caller, role: str) -> dict[str, Any]:
    response = owner.put(path(assistant), {"email": person.email, "role": role})
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def roles(owner: Caller, assistant: dict[str, Any]) -> dict[str, str]:
    return {one["email"]: one["role"] for one in owner.get(path(assistant)).json or []}


def test_who_has_an_account_has_the_role_at_once(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    given = give(ana, assistant, bruno, "operator")

    assert given == {
        "user_id": bruno.id,
        "name": "Bruno",
        "email": bruno.email,
        "role": "operator",
        "invited": False,
        "expires_at": None,
        "link": None,
    }
    assert roles(ana, assistant) == {ana.email: "owner", bruno.email: "operator"}
    (shown,) = bruno.get("/assistants/list").json or []
    assert (shown["_id"], shown["role"], shown["api_key"]) == (assistant["_id"], "operator", None)
    (owned,) = ana.get("/assistants/list").json or []
    assert (owned["role"], owned["api_key"]) == ("owner", assistant["api_key"])


def test_an_address_is_the_same_in_any_case(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    ana.put(path(assistant), {"email": bruno.email.upper(), "role": "viewer"})

    assert roles(ana, assistant)[bruno.email] == "viewer"


def test_lists_show_what_is_shared_beside_what_is_owned(
    house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    own, other = bruno.make_assistant(), ana.make_assistant()
    document = ana.upload(assistant["_id"], "Dois dias.")
    hidden = ana.upload(other["_id"], "Segredo.")
    chats = [house.gateway(one["api_key"]).chat("Oi")["_id"] for one in (own, assistant, other)]
    give(ana, assistant, bruno, "viewer")

    assert bruno.ids("/assistants/list") == [own["_id"], assistant["_id"]]
    assert bruno.ids("/chats/list") == bruno.ids("/chats/listarAtivos") == [chats[1], chats[0]]
    assert bruno.ids("/chats/list?limit=1") == [chats[1]]
    assert bruno.ids(f"/chats/list?assistant_id={assistant['_id']}") == [chats[1]]
    assert bruno.ids("/documents/list") == [document["_id"]]
    assert bruno.ids("/chats/list?channel_id=%2B5513988593464") == [chats[1], chats[0]]
    assert len(bruno.get("/conversations/list").json or []) == 2
    assert [len(page) for page in bruno.pages("/conversations/list?limit=1")] == [1, 1]
    assert bruno.get(f"/documents/get/{hidden['_id']}").status_code == 404


def test_a_channel_that_only_an_operator_may_switch(
    house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    own = bruno.make_assistant()
    for one in (own, assistant):
        house.gateway(one["api_key"]).chat("Oi")
    give(ana, assistant, bruno, "viewer")
    assert bruno.put(f"/chats/desativar/{PHONE}").status_code == 200
    assert house.gateway(assistant["api_key"]).say("Oi").status_code == 200

    bruno.delete(f"/assistants/delete/{own['_id']}")
    assert_error(bruno.put(f"/chats/desativar/{PHONE}"), 403, "not_allowed")
    give(ana, assistant, bruno, "operator")
    assert bruno.put(f"/chats/desativar/{PHONE}").status_code == 200


def test_the_object_as_it_was_got_can_be_put_back(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    give(ana, assistant, bruno, "editor")
    got = bruno.get(f"/assistants/get/{assistant['_id']}").json

    response = bruno.put(f"/assistants/update/{assistant['_id']}", {**(got or {}), "name": "Nova"})

    assert (response.status_code, (response.json or {})["name"]) == (200, "Nova")
    problem = bruno.put(f"/assistants/update/{assistant['_id']}", {"api_key": assistant["api_key"]})
    assert_error(problem, 422, "read_only", "api_key")


def test_a_role_ends_at_once(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    give(ana, assistant, bruno, "owner")
    assert bruno.delete(f"{path(assistant)}?email={bruno.email}").status_code == 200

    assert bruno.get("/assistants/list").json == []
    assert_same_not_found([bruno.get(f"/assistants/get/{assistant['_id']}"), bruno.get(path(assistant))])
    assert_error(ana.delete(f"{path(assistant)}?email={bruno.email}"), 404, "not_found")


def test_the_person_it_belongs_to_stays(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    give(ana, assistant, bruno, "owner")

    for caller in (ana, bruno):
        assert_error(caller.delete(f"{path(assistant)}?email={ana.email}"), 409, "last_owner")
        assert_error(caller.put(path(assistant), {"email": ana.email, "role": "viewer"}), 409, "last_owner")
    assert give(bruno, assistant, ana, "owner")["role"] == "owner"


def test_viewers_may_leave_and_no_more(house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    other = house.newcomer("Caio")
    for person in (bruno, other):
        give(ana, assistant, person, "viewer")

    assert_error(bruno.delete(f"{path(assistant)}?email={other.email}"), 403, "not_allowed")
    assert_error(bruno.put(path(assistant), {"email": bruno.email, "role": "owner"}), 403, "not_allowed")
    assert bruno.delete(f"{path(assistant)}?email={bruno.email}").status_code == 200


@pytest.mark.parametrize("role", ["Owner", "root", "", None, 1, ["owner"], "admin"])
def test_what_is_no_role_is_refused(ana: Caller, bruno: Caller, assistant: dict[str, Any], role: Any) -> None:
    assert_error(ana.put(path(assistant), {"email": bruno.email, "role": role}), 422, "validation_error", "role")


@pytest.mark.parametrize("email", ["", "ana", "a@b@c", "x\u0000@example.com", None, 7])
def test_what_is_no_address_is_refused(ana: Caller, assistant: dict[str, Any], email: Any) -> None:
    assert_error(ana.put(path(assistant), {"email": email, "role": "viewer"}), 422, "validation_error", "email")


def test_unknown_assistants_are_not_found(ana: Caller) -> None:
    assert_same_not_found([ana.get(f"/assistants/members/{one}") for one in BAD_IDS])


def test_two_change_one_role_at_once(house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    person = house.newcomer("Caio")
    give(ana, assistant, bruno, "owner")

    def change(caller: Caller, role: str) -> None:
        for _ in range(5):
            give(caller, assistant, person, role)

    threads = [
        threading.Thread(target=change, args=(caller.apart(), role))
        for caller, role in ((ana, "viewer"), (bruno, "editor"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = house.rows.assistants.by_id(assistant["_id"])
    assert found is not None
    assert [one.user_id for one in found.members] == [bruno.id, person.id]
    assert roles(ana, assistant)[person.email] in {"viewer", "editor"}


def test_a_member_is_removed_while_their_request_runs(
    ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    give(ana, assistant, bruno, "editor")
    owner = ana.apart()

    def remove(connection: socket.socket) -> None:
        assert owner.delete(f"{path(assistant)}?email={bruno.email}").status_code == 200
        connection.sendall(reply(html("A entrega leva três dias.")))

    with WebServer({"/faq": remove}) as web:
        body = {"assistant_id": assistant["_id"], "url": web.url("/faq")}
        under_way, next_one = (bruno.post("/documents/addUrl", body) for _ in range(2))

    assert under_way.status_code == 201
    assert_error(next_one, 404, "not_found")
    assert ana.ids(f"/documents/list?assistant_id={assistant['_id']}") == [(under_way.json or {})["_id"]]


def test_of_many_requests_none_succeeds_after_the_first_that_was_refused(
    ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    give(ana, assistant, bruno, "editor")
    statuses: list[int] = []
    removed, editor = threading.Event(), bruno.apart()

    def edit() -> None:
        while not removed.is_set() or len(statuses) < 3:
            statuses.append(editor.put(f"/assistants/update/{assistant['_id']}", {"name": "Nova"}).status_code)

    editing = threading.Thread(target=edit)
    editing.start()
    while not statuses:
        assert editing.is_alive()
    assert ana.delete(f"{path(assistant)}?email={bruno.email}").status_code == 200
    removed.set()
    editing.join()
    statuses.append(editor.get(f"/assistants/get/{assistant['_id']}").status_code)

    assert statuses == sorted(statuses)
    assert (statuses[0], statuses[-1], set(statuses)) == (200, 404, {200, 404})


def test_an_assistant_has_a_bounded_number_of_members(
    house: House, ana: Caller, bruno: Caller, assistant: dict[str, Any]
) -> None:
    for _ in range(MOST_MEMBERS):
        assert house.rows.assistants.set_member(assistant["_id"], Member(new_id(), Role.VIEWER), MOST_MEMBERS)

    refused = ana.put(path(assistant), {"email": bruno.email, "role": "viewer"})
    assert_error(refused, 409, "too_many_members")
    assert_error(ana.put(path(assistant), {"email": "n@example.com", "role": "viewer"}), 409, "too_many_members")


def test_a_new_owner_is_no_member(ada: Caller, ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    give(ana, assistant, bruno, "viewer")
    ada.put(f"/assistants/update/{assistant['_id']}", {"owner_id": bruno.id})

    assert roles(bruno, assistant) == {bruno.email: "owner"}
    assert bruno.ids("/assistants/list") == [assistant["_id"]]
    assert ana.get(f"/assistants/get/{assistant['_id']}").status_code == 404
