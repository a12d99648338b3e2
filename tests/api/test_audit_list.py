"""GET /audit/list"""

from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId
from pymongo.errors import ConnectionFailure

from app.domain.assistants import Member
from app.domain.permissions import Role
from app.services.access import Access
from app.services.audit.history import AuditHistory
from tests.api.house import BAD_IDS, PASSWORD, PHONE, Caller, House, assert_error
from tests.fakes.clock import FakeClock

SECRET_NAMES = ("api_key", "password", "token", "secret")


def entries(caller: Caller, **wanted: str) -> list[dict[str, Any]]:
    response = caller.get("/audit/list", query_string=wanted)
    assert response.status_code == 200, response.text
    return list(response.json or [])


def only(caller: Caller, **wanted: str) -> dict[str, Any]:
    (entry,) = entries(caller, **wanted)
    return entry


@pytest.fixture
def shop(ana: Caller) -> str:
    """An assistant of Ana."""
    return str(ana.make_assistant(name="Loja")["_id"])


def test_who_when_from_where_what(house: House, ana: Caller, shop: str) -> None:
    ana.address = "203.0.113.7"
    changed = ana.put(
        f"/assistants/update/{shop}", {"name": "Nova", "history_turns": 3}, headers={"X-Request-ID": "r-1"}
    )
    assert changed.status_code == 200

    entry = only(ana, assistant_id=shop, action="assistant.update")

    assert entry["actor"] == {"kind": "user", "id": ana.id, "name": "Ana", "email": ana.email}
    assert (entry["address"], entry["request_id"], entry["assistant_id"]) == ("203.0.113.7", "r-1", shop)
    assert entry["target"] == {"kind": "assistant", "id": shop, "name": "Loja"}
    assert entry["before"] == {"name": "Loja", "history_turns": None}
    assert entry["after"] == {"name": "Nova", "history_turns": 3}
    assert (entry["outcome"], entry["code"], entry["count"]) == ("done", None, 1)
    assert entry["at"].endswith("+00:00")


Act = Callable[[House, Caller, str], object]


def _key(house: House, ana: Caller, shop: str) -> str:
    made = ana.post(f"/assistants/keys/{shop}", {"name": "Site", "scopes": ["read"]})
    return str((made.json or {})["id"])


def _conversation(house: House, ana: Caller, shop: str) -> str:
    key = (ana.get(f"/assistants/get/{shop}").json or {})["api_key"]
    house.gateway(key).chat("Meu CPF é 111.222.333-44")
    return ana.ids(f"/conversations/list?assistant_id={shop}")[0]


def _document(house: House, ana: Caller, shop: str) -> str:
    return str(ana.upload(shop, "Dois dias.", "prazo.md")["_id"])


def _switch(where: str) -> Act:
    def act(house: House, ana: Caller, shop: str) -> object:
        _conversation(house, ana, shop)
        return ana.put(f"/chats/{where}/{PHONE}?assistant_id={shop}")

    return act


def _member(house: House, ana: Caller, shop: str, role: str = "viewer") -> str:
    rita = house.newcomer("Rita")
    ana.put(f"/assistants/members/{shop}", {"email": rita.email, "role": role})
    return rita.email


ACTIONS: dict[str, Act] = {
    "assistant.add": lambda house, ana, shop: None,
    "assistant.update": lambda house, ana, shop: ana.put(f"/assistants/update/{shop}", {"retention_days": 9}),
    "key.create": _key,
    "key.rotate": lambda house, ana, shop: ana.put(f"/assistants/rotateKey/{shop}", {"grace_hours": 1}),
    "key.delete": lambda house, ana, shop: ana.delete(f"/assistants/keys/{shop}?key_id={_key(house, ana, shop)}"),
    "member.add": _member,
    "member.invite": lambda house, ana, shop: ana.put(
        f"/assistants/members/{shop}", {"email": "nova@example.com", "role": "editor"}
    ),
    "member.update": lambda house, ana, shop: ana.put(
        f"/assistants/members/{shop}", {"email": _member(house, ana, shop), "role": "editor"}
    ),
    "member.remove": lambda house, ana, shop: ana.delete(
        f"/assistants/members/{shop}?email={_member(house, ana, shop)}"
    ),
    "document.add": _document,
    "document.update": lambda house, ana, shop: ana.put(
        f"/documents/update/{_document(house, ana, shop)}", {"enabled": False}
    ),
    "document.delete": lambda house, ana, shop: ana.delete(f"/documents/delete/{_document(house, ana, shop)}"),
    "conversation.take_over": _switch("desativar"),
    "conversation.give_back": _switch("ativar"),
    "conversation.export": lambda house, ana, shop: ana.get(
        f"/conversations/export/{_conversation(house, ana, shop)}"
    ),
    "conversation.erase": lambda house, ana, shop: ana.delete(
        f"/conversations/delete/{_conversation(house, ana, shop)}"
    ),
    "webhook.add": lambda house, ana, shop: ana.post(
        f"/assistants/webhooks/{shop}", {"url": "https://93.184.216.34/hook/s3cret", "events": ["message.failed"]}
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_change_is_kept_without_secrets_and_texts(
    action: str, house: House, ana: Caller, ada: Caller, shop: str
) -> None:
    ACTIONS[action](house, ana, shop)

    entry = only(ana, assistant_id=shop, action=action)
    assert (entry["outcome"], entry["actor"]["id"]) == ("done", ana.id)
    kept = str(list(house.database["audit"].find({"assistant": ObjectId(shop)})))
    key = str((ana.get(f"/assistants/get/{shop}").json or {})["api_key"])
    assert not [one for one in (PHONE, PHONE[1:], "CPF", key, "s3cret", "Dois dias") if one in kept]
    assert entries(ada, assistant_id=shop, action=action) == [entry]


def test_a_take_over_tells_who_answered_before(house: House, ana: Caller, shop: str) -> None:
    _switch("desativar")(house, ana, shop)

    entry = only(ana, assistant_id=shop, action="conversation.take_over")
    assert (entry["before"], entry["after"]) == ({"active": True}, {"active": False})
    assert entry["target"]["id"] in ana.ids(f"/chats/list?assistant_id={shop}")


def test_who_writes_to_a_customer_takes_the_conversation_over(house: House, ana: Caller, shop: str) -> None:
    _conversation(house, ana, shop)
    message = {"id": PHONE, "message_service": "Whatsapp", "message": "Aqui é a Ana."}
    for _ in range(2):
        assert ana.post(f"/chats/mensagemHumana?assistant_id={shop}", message).status_code == 201

    entry = only(ana, assistant_id=shop, action="conversation.take_over")
    assert (entry["actor"]["id"], entry["outcome"]) == (ana.id, "done")
    assert (entry["before"], entry["after"]) == ({"active": True}, {"active": False})
    assert PHONE[1:] not in str(entry)
    assert "Aqui é a Ana." not in str(entry)


def test_an_erasures_receipt_is_kept(house: House, ana: Caller, shop: str) -> None:
    receipt = ana.delete(f"/conversations/delete/{_conversation(house, ana, shop)}").json or {}

    entry = only(ana, assistant_id=shop, action="conversation.erase")
    assert entry["target"] == {"kind": "receipt", "id": receipt["receipt_id"], "name": None}
    assert entry["after"] == {"erased": receipt["erased"]}


def test_what_the_service_erases_by_itself(house: House, ana: Caller, shop: str) -> None:
    _conversation(house, ana, shop)
    ana.put(f"/assistants/update/{shop}", {"retention_days": 1})
    house.clock.advance(days=3)
    house.sweep()

    entry = only(ana, assistant_id=shop, action="conversation.erase")
    assert (entry["actor"]["kind"], entry["address"], entry["request_id"]) == ("service", None, None)


def test_a_program_is_named_by_its_key(house: House, ana: Caller, shop: str) -> None:
    made = ana.post(f"/assistants/keys/{shop}", {"name": "Site", "scopes": ["documents"]}).json or {}
    house.gateway(made["key"]).upload(shop, "Dois dias.")

    entry = only(ana, assistant_id=shop, action="document.add")
    assert entry["actor"] == {"kind": "key", "id": made["id"], "name": "Site", "email": None}
    assert (entry["target"]["kind"], entry["after"]) == ("document", {"type": "rag"})


def test_who_accepts_an_invitation_becomes_a_member(house: House, ana: Caller, shop: str) -> None:
    invited = ana.put(f"/assistants/members/{shop}", {"email": "duda@example.com", "role": "editor"}).json or {}
    token = invited["link"].rpartition("/")[2]
    body = {"name": "Duda", "email": "duda@example.com", "password": PASSWORD, "invitation": token}
    assert house.anyone().post("/auth/register", body).status_code == 201

    entry = only(ana, assistant_id=shop, action="member.add")
    assert (entry["actor"]["email"], entry["after"]) == ("duda@example.com", {"role": "editor"})


def test_signing_in_and_out(house: House, ada: Caller) -> None:
    bia = house.newcomer("Bia")
    for _ in range(3):
        house.anyone().post("/auth/login", {"email": bia.email, "password": "a wrong guess"})
    house.sign_in(bia.email).post("/auth/logout")

    failed = only(ada, user_id=bia.id, action="auth.login_failed")
    assert (failed["count"], failed["outcome"], failed["actor"]["kind"]) == (3, "refused", "unknown")
    assert failed["target"] == {"kind": "user", "id": bia.id, "name": bia.email}
    assert only(ada, user_id=bia.id, action="auth.login")["actor"]["email"] == bia.email
    assert only(ada, user_id=bia.id, action="auth.logout")["outcome"] == "done"


def test_what_is_typed_as_an_address_is_not_kept(house: House, ada: Caller) -> None:
    typed = "minha-senha-secreta@example.com"
    stranger = house.anyone()
    stranger.address = "198.51.100.77"
    for _ in range(2):
        stranger.post("/auth/login", {"email": typed, "password": "a wrong guess"})

    (failed,) = [one for one in entries(ada, action="auth.login_failed") if one["address"] == "198.51.100.77"]
    assert (failed["target"], failed["count"]) == (None, 2)
    assert "minha-senha" not in str(list(house.database["audit"].find({"action": "auth.login_failed"})))


def test_accounts_and_prices(house: House, ada: Caller) -> None:
    bia = house.newcomer("Bia")
    ada.put(f"/users/update/{bia.id}", {"blocked": True})
    ada.post(f"/users/resetLink/{bia.id}")
    ada.delete(f"/users/delete/{bia.id}")
    ada.put("/prices", {"prices": [{"model": "m-1", "currency": "BRL", "in_per_million": 1, "out_per_million": 2}]})

    blocked, *_ = entries(ada, user_id=ada.id, action="user.update")
    assert (blocked["before"], blocked["after"]) == ({"blocked": False}, {"blocked": True})
    assert blocked["target"]["id"] == bia.id
    assert [one["target"]["id"] for one in entries(ada, action="user.reset_link")][:1] == [bia.id]
    assert [one["target"]["id"] for one in entries(ada, action="user.delete")][:1] == [bia.id]
    assert "m-1: 1 in, 2 out, BRL" in str(entries(ada, action="prices.update")[0]["after"])


def test_what_is_refused_says_why(ana: Caller, shop: str) -> None:
    refused = ana.put(f"/assistants/members/{shop}", {"email": ana.email, "role": "viewer"})
    assert_error(refused, 409, "last_owner")

    entry = only(ana, assistant_id=shop, action="member.update")
    assert (entry["outcome"], entry["code"]) == ("refused", "last_owner")


def test_who_sees_what(house: House, ana: Caller, ada: Caller, shop: str) -> None:
    rita, bruno = house.newcomer("Rita"), house.newcomer("Bruno")
    assert house.rows.assistants.set_member(shop, Member(rita.id, Role.OWNER), 9)
    mine = bruno.make_assistant()["_id"]

    assert {one["assistant_id"] for one in entries(ana)} == {shop}
    assert entries(rita) == entries(ana)
    assert {one["assistant_id"] for one in entries(bruno)} == {mine}
    assert None in {one["assistant_id"] for one in entries(ada)}
    assert_error(bruno.get(f"/audit/list?assistant_id={shop}"), 422, "validation_error", "assistant_id")
    assert house.rows.assistants.set_member(shop, Member(rita.id, Role.EDITOR), 9)
    assert entries(rita) == []
    assert_error(rita.get(f"/audit/list?assistant_id={shop}"), 403, "not_allowed")


def test_entries_outlive_their_assistant_and_follow_its_owner(house: House, ana: Caller, ada: Caller) -> None:
    bruno, shop = house.newcomer("Bruno"), ana.make_assistant()["_id"]
    ada.put(f"/assistants/update/{shop}", {"owner_id": bruno.id})
    assert (entries(ana), {one["assistant_id"] for one in entries(bruno)}) == ([], {shop})

    bruno.delete(f"/assistants/delete/{shop}")
    house.sweep()

    assert [one["action"] for one in entries(bruno)] == ["assistant.delete", "assistant.update", "assistant.add"]
    assert len(entries(ada, assistant_id=shop)) == 3


def test_filters_and_pages(house: House, ada: Caller) -> None:
    ana, bruno = house.newcomer("Ana"), house.newcomer("Bruno")
    shop = ana.make_assistant()["_id"]
    assert house.rows.assistants.set_member(shop, Member(bruno.id, Role.OWNER), 9)
    for number in range(3):
        for caller in (ana, bruno):
            caller.put(f"/assistants/update/{shop}", {"name": f"{caller.email} {number}"})

    for caller in (ana, bruno, ada):
        for filters, count in (
            ({"assistant_id": shop}, 7),
            ({"assistant_id": shop, "user_id": bruno.id}, 3),
            ({"assistant_id": shop, "action": "assistant.update"}, 6),
            ({"user_id": ana.id}, 4),
            ({"user_id": ana.id, "action": "assistant.update"}, 3),
        ):
            found = entries(caller, **filters)
            assert len(found) == count, (caller.email, filters)
            query = "&".join(f"{name}={value}" for name, value in filters.items())
            assert [one for part in caller.pages(f"/audit/list?{query}&limit=2") for one in part] == found
            assert sorted(found, key=lambda one: str(one["_id"]), reverse=True) == found


@pytest.mark.parametrize("value", [*BAD_IDS[1:], ""])
@pytest.mark.parametrize("name", ["assistant_id", "user_id"])
def test_a_filter_that_cannot_be_used(name: str, value: str, ana: Caller, ada: Caller) -> None:
    for caller in (ana, ada):
        assert_error(caller.get("/audit/list", query_string={name: value}), 422, "validation_error", name)


@pytest.mark.parametrize("query", ["action=x", "action=", "limit=0", "cursor=x", "from=2026-01-01"])
def test_bad_queries(query: str, ada: Caller) -> None:
    assert_error(ada.get(f"/audit/list?{query}"), 422, "validation_error", query.partition("=")[0])


def test_where_the_audit_cannot_be_written_nothing_changes(
    house: House, ana: Caller, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ConnectionFailure("gone")

    monkeypatch.setattr("app.repositories.audit.AuditRepository.add", broken)
    assert_error(ana.put(f"/assistants/update/{shop}", {"name": "Nova"}), 503, "database_unavailable")

    assert (ana.get(f"/assistants/get/{shop}").json or {})["name"] == "Loja"


def test_of_a_change_that_was_cut_off_nobody_knows_the_end(
    house: House, ana: Caller, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ConnectionFailure("gone")

    monkeypatch.setattr("app.repositories.assistants.AssistantRepository.configure", broken)
    assert_error(ana.put(f"/assistants/update/{shop}", {"name": "Nova"}), 503, "database_unavailable")

    assert only(ana, assistant_id=shop, action="assistant.update")["outcome"] == "begun"


def test_entries_are_kept_for_a_time(house: House) -> None:
    ana = house.newcomer("Ana")
    ana.make_assistant()

    def sweep(days: int, age: int) -> int:
        clock = FakeClock()
        clock.advance(days=age)
        AuditHistory(Access(house.rows.assistants), house.rows.audit, days, clock).sweep()
        return len(entries(ana))

    assert (sweep(365, 364), sweep(0, 9999), sweep(365, 366)) == (1, 1, 0)


def test_messages_and_reads_leave_nothing(house: House, ana: Caller, shop: str) -> None:
    _conversation(house, ana, shop)
    for path in ("assistants/get/" + shop, "chats/list", "documents/list", "audit/list", "usage"):
        ana.get(f"/{path}")

    assert [one["action"] for one in entries(ana, assistant_id=shop)] == ["assistant.add"]
