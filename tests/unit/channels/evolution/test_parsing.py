"""What Evolution's webhooks tell of."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.channels.evolution.parsing import parsed
from app.domain.channels import Alias, AliasKind, ChannelEvent, DeliveryState, EventKind
from tests.unit.channels.evolution.webhooks import LID, PHONE, SECONDS, record, webhook

AT = datetime.fromtimestamp(SECONDS, UTC)
HELLO = {"conversation": "Olá"}


def one(event: str, data: Any, **more: Any) -> ChannelEvent:
    (found,) = parsed(webhook(event, data, **more))
    return found


def test_a_customers_message_is_a_message() -> None:
    assert one("messages.upsert", record(HELLO)) == ChannelEvent(
        EventKind.MESSAGE, "3A0001", PHONE, (Alias(AliasKind.PHONE, "5511987654321"),), AT, name="Maria", text="Olá"
    )


def test_what_is_written_on_the_phone_or_sent_by_the_api_is_an_echo_without_a_name() -> None:
    mine = record(HELLO, key={"fromMe": True}, pushName="Você")

    for event in ("messages.upsert", "send.message"):
        found = one(event, mine)
        assert (found.kind, found.remote_id, found.contact, found.name) == (EventKind.ECHO, "3A0001", PHONE, None)


@pytest.mark.parametrize("name", ["remoteJidAlt", "senderPn"])
def test_both_ids_of_a_contact_are_its_aliases_and_the_one_that_came_in_is_the_contact(name: str) -> None:
    found = one("messages.upsert", record(HELLO, key={"remoteJid": LID, name: PHONE, "addressingMode": "lid"}))

    assert found.contact == LID
    assert found.aliases == (Alias(AliasKind.LID, "123456789012345"), Alias(AliasKind.PHONE, "5511987654321"))


def test_the_other_way_round_too() -> None:
    found = one("messages.upsert", record(HELLO, key={"remoteJidAlt": LID}))

    assert found.contact == PHONE
    assert [alias.kind for alias in found.aliases] == [AliasKind.PHONE, AliasKind.LID]


def test_a_lid_alone_is_enough() -> None:
    found = one("messages.upsert", record(HELLO, key={"remoteJid": LID}))

    assert (found.contact, found.aliases) == (LID, (Alias(AliasKind.LID, "123456789012345"),))


def test_the_number_of_a_device_is_no_part_of_the_phone_number() -> None:
    found = one("messages.upsert", record(HELLO, key={"remoteJid": "5511987654321:12@s.whatsapp.net"}))

    assert found.aliases == (Alias(AliasKind.PHONE, "5511987654321"),)


@pytest.mark.parametrize("jid", ["120363@g.us", "120363@newsletter", "status@broadcast", "1700000000@broadcast"])
@pytest.mark.parametrize("event", ["messages.upsert", "send.message"])
def test_groups_newsletters_and_broadcasts_are_ignored(jid: str, event: str) -> None:
    assert parsed(webhook(event, record(HELLO, key={"remoteJid": jid}))) == []


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("PENDING", DeliveryState.ACCEPTED),
        ("SERVER_ACK", DeliveryState.ACCEPTED),
        ("DELIVERY_ACK", DeliveryState.DELIVERED),
        ("READ", DeliveryState.READ),
        ("PLAYED", DeliveryState.READ),
    ],
)
def test_acknowledgements_are_statuses_of_the_message(word: str, state: DeliveryState) -> None:
    update = {"keyId": "3EB0AA", "remoteJid": PHONE, "fromMe": True, "status": word, "messageId": "cm1"}
    found = one("messages.update", update)

    assert (found.kind, found.remote_id, found.status, found.error) == (EventKind.STATUS, "3EB0AA", state, None)
    assert found.contact == PHONE


def test_an_error_is_a_status_with_what_follows() -> None:
    found = one("messages.update", {"keyId": "3EB0AA", "remoteJid": PHONE, "fromMe": True, "status": "ERROR"})

    assert found.status is DeliveryState.FAILED
    assert found.error is not None
    assert found.error.code == "whatsapp_error"


@pytest.mark.parametrize(
    "update",
    [
        {"keyId": "3A", "remoteJid": PHONE, "fromMe": False, "status": "READ"},
        {"keyId": "3A", "remoteJid": PHONE, "fromMe": True, "status": "DELETED"},
        {"keyId": "3A", "remoteJid": "12@g.us", "fromMe": True, "status": "READ"},
        {"keyId": "", "remoteJid": PHONE, "fromMe": True, "status": "READ"},
        {"keyId": "3A", "remoteJid": PHONE, "fromMe": True, "status": ["READ"]},
    ],
)
def test_other_updates_are_no_news(update: Any) -> None:
    assert parsed(webhook("messages.update", update)) == []


def test_a_reaction_is_about_its_message() -> None:
    found = one("messages.upsert", record({"reactionMessage": {"key": {"id": "3EB0"}, "text": "👍"}}))

    assert (found.kind, found.target_id, found.text) == (EventKind.REACTION, "3EB0", "👍")
    assert found.contact == PHONE


@pytest.mark.parametrize(("state", "connected"), [("open", True), ("close", False), ("refused", False)])
def test_a_connection_comes_and_goes(state: str, connected: bool) -> None:
    found = one("connection.update", {"instance": "loja", "state": state, "statusReason": 200})

    assert (found.kind, found.connected) == (EventKind.CONNECTION, connected)
    assert found.at is None, "date_time is not believed"


def test_connecting_is_neither() -> None:
    assert parsed(webhook("connection.update", {"state": "connecting", "statusReason": 200})) == []


def test_the_same_change_at_another_time_is_another_event() -> None:
    first = one("connection.update", {"state": "open"})
    again = one("connection.update", {"state": "open"})
    later = one("connection.update", {"state": "open"}, date_time="2026-01-02T03:05:00.000Z")

    assert first == again
    assert first.remote_id != later.remote_id


def test_a_new_qr_code_means_that_the_phone_is_not_linked() -> None:
    found = one("qrcode.updated", {"qrcode": {"base64": "data:image/png;base64,AAAA", "pairingCode": "ABC"}})

    assert (found.kind, found.connected, found.type) == (EventKind.CONNECTION, False, "qrcode")


@pytest.mark.parametrize("event", ["chats.upsert", "presence.update", "", None, 5])
def test_other_events_are_no_news(event: Any) -> None:
    assert list(parsed(webhook(event, {}))) == []


def test_names_of_events_are_read_in_each_of_evolutions_spellings() -> None:
    for name in ("messages.upsert", "MESSAGES_UPSERT", "messages-upsert"):
        assert one(name, record(HELLO)).text == "Olá"


@pytest.mark.parametrize("wrapped", [lambda items: items, lambda items: {"messages": items, "type": "notify"}])
def test_a_thousand_messages_come_in_their_order_and_an_odd_one_blocks_none(wrapped: Any) -> None:
    items: list[Any] = [record({"conversation": str(n)}, key={"id": f"3A{n}"}) for n in range(1000)]
    items[500] = {"key": "?"}
    found = parsed(webhook("messages.upsert", wrapped(items)))

    assert [event.text for event in found[:500]] == [str(n) for n in range(500)]
    assert found[500].type == "unreadable"
    assert found[999].text == "999"


@pytest.mark.parametrize(
    "item",
    [None, 5, "text", [], {}, {"key": {}}, {"key": {"remoteJid": PHONE}}, {"key": {"remoteJid": 5, "id": []}}],
)
def test_what_cannot_be_read_is_shown_as_such(item: Any) -> None:
    (found,) = parsed(webhook("messages.upsert", [item]))

    assert (found.kind, found.type, found.contact) == (EventKind.MESSAGE, "unreadable", "")
    assert found.remote_id == parsed(webhook("messages.upsert", [item]))[0].remote_id


@pytest.mark.parametrize("body", [b"null", b"5", b"[]", b'"messages.upsert"', b"{}"])
def test_json_that_is_no_webhook_tells_of_nothing(body: bytes) -> None:
    assert list(parsed(body)) == []


def test_texts_are_kept_whole_and_can_be_stored() -> None:
    long = "🙂" * 65_536
    assert one("messages.upsert", record({"conversation": long})).text == long
    assert one("messages.upsert", record({"conversation": "a\x00b\u202e"})).text == "ab\u202e"
    assert one("messages.upsert", record({"conversation": "half \ud83d"})).text == "half \ufffd"
