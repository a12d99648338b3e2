"""`retention_days`: conversations whose last message is older are erased"""

from typing import Any

import pytest

from tests.api.house import Caller, House, assert_error

OLD, RECENT = "+5511911111111", "+5511922222222"


def keep(owner: Caller, assistant: dict[str, Any], days: int | None) -> None:
    changed = owner.put(f"/assistants/update/{assistant['_id']}", {"retention_days": days})
    assert changed.status_code == 200, changed.text
    assert (changed.json or {})["retention_days"] == days


@pytest.fixture
def old_chat(house: House, gateway: Caller) -> dict[str, Any]:
    """A chat of nearly 30 days ago, as far as the service can tell."""
    chat = gateway.chat("Oi", OLD)
    house.clock.advance(hours=30 * 24 - 1)
    return chat


def test_old_conversations_are_erased(
    house: House, ana: Caller, assistant: dict[str, Any], old_chat: dict[str, Any]
) -> None:
    other = ana.make_assistant()
    kept = house.gateway(other["api_key"]).chat("Oi", OLD)
    keep(ana, assistant, 30)
    house.sweep()
    assert ana.get(f"/chats/get/{old_chat['_id']}").status_code == 200

    house.clock.advance(hours=2)
    house.sweep()

    assert ana.get(f"/chats/get/{old_chat['_id']}").status_code == 404
    assert ana.ids("/conversations/list") == [
        (ana.get(f"/conversations/list?assistant_id={other['_id']}").json or [])[0]["_id"]
    ]
    assert ana.get(f"/chats/get/{kept['_id']}").status_code == 200


def test_inactive_ones_too(house: House, ana: Caller, assistant: dict[str, Any], old_chat: dict[str, Any]) -> None:
    ana.put(f"/chats/desativar/{old_chat['_id']}")
    keep(ana, assistant, 30)
    house.clock.advance(hours=2)
    house.sweep()

    assert ana.ids("/conversations/list") == []


def test_without_it_all_are_kept(
    house: House, ana: Caller, assistant: dict[str, Any], old_chat: dict[str, Any]
) -> None:
    keep(ana, assistant, 30)
    keep(ana, assistant, None)
    house.clock.advance(hours=24 * 4000)
    house.sweep()

    assert ana.ids("/chats/list") == [old_chat["_id"]]


@pytest.mark.parametrize("days", [0, -1, 3651, 10**9, 1.5, "30", True])
def test_what_is_no_number_of_days_is_refused(ana: Caller, assistant: dict[str, Any], days: Any) -> None:
    response = ana.put(f"/assistants/update/{assistant['_id']}", {"retention_days": days})

    assert_error(response, 422, "validation_error", "retention_days")


def test_only_owners_decide(ana: Caller, bruno: Caller, assistant: dict[str, Any]) -> None:
    ana.put(f"/assistants/members/{assistant['_id']}", {"email": bruno.email, "role": "editor"})

    refused = bruno.put(f"/assistants/update/{assistant['_id']}", {"retention_days": 1})
    assert_error(refused, 403, "not_allowed")
    assert bruno.put(f"/assistants/update/{assistant['_id']}", {"retention_days": None}).status_code == 200
