"""Channels as their owners set them up."""

from typing import Any

from app.domain.channels import ChannelCheck
from tests.api.channels.conftest import Line, new_channel
from tests.api.house import Caller, House, assert_error
from tests.fakes.provider import FakeProvider


def test_a_channel_is_shown_without_its_secrets(ana: Caller, assistant: dict[str, Any], house: House) -> None:
    made = new_channel(ana, assistant["_id"], api_key="a very secret key", instance="loja-1")

    shown = ana.get(f"/channels/get/{made['_id']}")

    assert shown.json == made
    assert (made["state"], made["problem"], made["options"]) == ("waiting", None, {"instance": "loja-1"})
    assert "a very secret key" not in shown.text
    stored = house.database["channels"].find_one({"webhook_id": made["webhook_url"].rpartition("/")[2]})
    assert b"a very secret key" not in (stored or {})["secrets_encrypted"]
    assert ana.ids(f"/channels/list?assistant_id={assistant['_id']}") == [made["_id"]]


def test_what_a_kind_needs_or_has_not_is_said(ana: Caller, assistant: dict[str, Any]) -> None:
    body = {"assistant_id": assistant["_id"], "kind": "telegram", "name": "Loja"}

    assert_error(ana.post("/channels/add", body), 422, "validation_error", "api_key")
    assert_error(ana.post("/channels/add", {**body, "app_secret": "x"}), 422, "validation_error", "app_secret")
    assert_error(ana.post("/channels/add", {**body, "kind": "carrier pigeon"}), 422, "validation_error", "kind")
    for name in ("", "  ", "x" * 201):
        wrong = {**body, "api_key": "k", "name": name}
        assert_error(ana.post("/channels/add", wrong), 422, "validation_error", "name")


def test_an_account_belongs_to_one_channel(ana: Caller, assistant: dict[str, Any]) -> None:
    made = new_channel(ana, assistant["_id"], instance="only one")
    body = {"assistant_id": assistant["_id"], "kind": "telegram", "name": "Loja", "api_key": "k"}

    assert_error(ana.post("/channels/add", {**body, "instance": "only one"}), 409, "account_in_use")
    assert ana.delete(f"/channels/delete/{made['_id']}").status_code == 200
    assert ana.post("/channels/add", {**body, "instance": "only one"}).status_code == 201


def test_a_channel_cannot_be_given_another_ones_account(ana: Caller, assistant: dict[str, Any]) -> None:
    taken, other = (new_channel(ana, assistant["_id"], instance=name) for name in ("taken", "other"))

    assert_error(ana.put(f"/channels/update/{other['_id']}", {"instance": "taken"}), 409, "account_in_use")
    assert ana.put(f"/channels/update/{other['_id']}", {"instance": "new", "name": "Outra"}).status_code == 200
    assert ana.put(f"/channels/update/{taken['_id']}", {"instance": "other"}).status_code == 200


def test_an_update_keeps_what_it_does_not_name(line: Line, house: House) -> None:
    changed = line.owner.put(f"/channels/update/{line.id}", {"name": "Outra", "instance": "two"})

    assert (changed.json or {})["name"] == "Outra"
    stored = house.rows.channels.by_id(line.id)
    assert stored is not None
    assert (stored.secrets, stored.options["instance"]) == ({"api_key": "k"}, "two")


def test_an_update_empties_what_is_null_and_keeps_what_is_needed(line: Line, house: House) -> None:
    def update(**values: Any) -> Any:
        return line.owner.put(f"/channels/update/{line.id}", values)

    house.rows.channels.doubt(line.id, "Aqui é a Ana.")
    assert "Aqui é a Ana." in str(line.owner.get(f"/channels/get/{line.id}").json)
    assert "Aqui é a Ana." not in str(update(automatic_messages="Oi!").json)
    assert "Aqui é a Ana." not in str(line.owner.get(f"/channels/get/{line.id}").json)
    assert update(automatic_messages=None).status_code == 200
    stored = house.rows.channels.by_id(line.id)
    assert stored is not None
    assert not stored.options["automatic_messages"]

    assert update(name=None).status_code == 200
    assert (line.owner.get(f"/channels/get/{line.id}").json or {})["name"] == stored.name


def test_a_check_tells_each_point_and_what_to_do(line: Line, provider: FakeProvider) -> None:
    provider.checks = [ChannelCheck("token", ok=False, cause="It is revoked.", remedy="Make a new one.")]

    checks = {one["name"]: one for one in line.owner.post(f"/channels/check/{line.id}").json or []}

    provider.checks = [ChannelCheck("token", ok=True)]
    assert checks["token"] == {"name": "token", "ok": False, "cause": "It is revoked.", "remedy": "Make a new one."}
    assert (checks["address"]["ok"], checks["first_message"]["ok"]) == (False, False)
    assert "PUBLIC_URL" in checks["address"]["remedy"]


def test_there_is_no_qr_code_without_a_phone(line: Line) -> None:
    assert_error(line.owner.get(f"/channels/qrCode/{line.id}"), 409, "no_phone")


def test_an_assistant_has_twenty_channels_at_most(ana: Caller, assistant: dict[str, Any]) -> None:
    for _ in range(20):
        new_channel(ana, assistant["_id"])

    body = {"assistant_id": assistant["_id"], "kind": "telegram", "name": "Loja", "api_key": "k"}
    assert_error(ana.post("/channels/add", body), 409, "too_many_channels")


def test_everything_of_a_channel_goes_with_its_assistant(line: Line, house: House) -> None:
    assistant_id = line.shown["assistant_id"]

    assert line.owner.delete(f"/assistants/delete/{assistant_id}").status_code == 200

    assert line.owner.get(f"/channels/get/{line.id}").status_code == 404
    assert house.rows.channels.by_id(line.id) is None
