"""Messages that were edited, or taken back."""

from typing import Any

import pytest

from app.channels.evolution.parsing import parsed
from app.domain.channels import ChannelEvent, EventKind
from tests.unit.channels.evolution.webhooks import LID, PHONE, SECONDS, record, webhook


def one(event: str, data: Any, **more: Any) -> ChannelEvent:
    (found,) = parsed(webhook(event, data, **more))
    return found


@pytest.mark.parametrize("number", [14, "14", "MESSAGE_EDIT"])
def test_an_edit_has_the_new_text_and_its_target(number: Any) -> None:
    change = {
        "key": {"remoteJid": "5511900000000@s.whatsapp.net", "fromMe": True, "id": "3A0001"},
        "type": number,
        "editedMessage": {"extendedTextMessage": {"text": "Novo"}},
        "timestampMs": f"{SECONDS}123",
    }
    found = one("messages.edited", change)

    assert (found.kind, found.target_id, found.text) == (EventKind.EDIT, "3A0001", "Novo")
    assert found.remote_id == f"3A0001:{SECONDS}.123"
    assert (found.contact, found.aliases) == ("", ()), "the key is written from the sender's side: this is us"


@pytest.mark.parametrize(("jid", "mine"), [(PHONE, True), (PHONE, False), (LID, False)])
def test_an_edit_names_its_contact_where_its_key_does(jid: str, mine: bool) -> None:
    key = {"remoteJid": jid, "fromMe": mine, "id": "3A"}
    found = one("messages.edited", {"key": key, "type": 14, "editedMessage": {"conversation": "Novo"}})

    assert found.contact == jid
    assert len(found.aliases) == 1


@pytest.mark.parametrize("jid", [LID, "551177777777@s.whatsapp.net", "?"])
def test_an_edit_that_may_name_ourselves_names_nobody(jid: str) -> None:
    key = {"remoteJid": jid, "fromMe": True, "id": "3A"}
    change = {"key": key, "type": 14, "editedMessage": {"conversation": "Novo"}}
    found = one("messages.edited", change, sender="5511977777777:3@s.whatsapp.net")

    assert (found.contact, found.target_id) == ("", "3A")


def test_edits_in_groups_are_ignored() -> None:
    key = {"remoteJid": "12@g.us", "fromMe": True, "id": "3A"}

    assert parsed(webhook("messages.edited", {"key": key, "type": 0})) == []


def test_the_caption_of_a_file_can_be_edited() -> None:
    change = {"key": {"id": "3A"}, "type": 14, "editedMessage": {"imageMessage": {"caption": "Novo"}}}

    assert one("messages.edited", change).text == "Novo"


def test_two_edits_of_a_message_differ_even_without_a_time() -> None:
    ids = {
        one("messages.edited", {"key": {"id": "3A"}, "type": 14, "editedMessage": {"conversation": text}}).remote_id
        for text in ("a", "b")
    }
    assert len(ids) == 2


@pytest.mark.parametrize("number", [0, "0", "REVOKE"])
def test_a_deletion_for_everybody_is_the_same_whichever_webhook_tells_of_it(number: Any) -> None:
    key = {"remoteJid": PHONE, "fromMe": False, "id": "3A0001"}
    found = {
        (event.kind, event.remote_id, event.target_id)
        for event in (
            one("messages.edited", {"key": key, "type": number}),
            one("messages.delete", key),
            one("messages.delete", {"id": "cm1", "key": key, "status": "DELETED"}),
            one("messages.upsert", record({"protocolMessage": {"key": key, "type": number}}, key={"id": "3A0002"})),
        )
    }
    assert found == {(EventKind.REVOKE, "3A0001", "3A0001")}


def test_other_protocol_messages_are_no_news() -> None:
    assert parsed(webhook("messages.edited", {"key": {"id": "3A"}, "type": "EPHEMERAL_SETTING"})) == []


def test_an_edit_within_a_message_is_an_edit() -> None:
    change = {"key": {"id": "3A"}, "type": 14, "editedMessage": {"conversation": "b"}}
    found = one("messages.upsert", record({"editedMessage": {"message": {"protocolMessage": change}}}))

    assert (found.kind, found.target_id, found.text, found.contact) == (EventKind.EDIT, "3A", "b", PHONE)
