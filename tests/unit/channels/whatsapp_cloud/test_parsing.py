"""Bodies as Meta posts them, and as nobody should: each item is an event by itself."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.channels.whatsapp_cloud.parsing import UNREADABLE, events_of
from app.domain.channels import (
    Alias,
    AliasKind,
    ChannelEvent,
    DeliveryState,
    ErrorAction,
    EventKind,
    MediaKind,
    MediaReference,
)
from tests.fakes.graph_webhooks import NUMBER_ID, change, contact, message, of_messages, of_statuses, webhook

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
PHONE = Alias(AliasKind.PHONE, "5511987654321")
USER = Alias(AliasKind.USER_ID, "BR.13491208655302741918")


def parsed(body: bytes) -> list[ChannelEvent]:
    return events_of(body, NUMBER_ID, NOW)


def one(body: bytes) -> ChannelEvent:
    (event,) = parsed(body)
    return event


class TestMessages:
    def test_a_text(self) -> None:
        ana = contact("Ana", wa_id=PHONE.value, user_id=USER.value)
        body = of_messages(message("wamid.1", "Oi"), contacts=[ana])

        assert one(body) == ChannelEvent(
            EventKind.MESSAGE,
            "wamid.1",
            PHONE.value,
            (PHONE, USER),
            datetime(2026, 1, 1, tzinfo=UTC),
            "text",
            "Ana",
            "Oi",
        )

    def test_a_contact_may_be_missing(self) -> None:
        event = one(of_messages(message()))

        assert (event.contact, event.aliases, event.name) == (PHONE.value, (PHONE,), None)

    def test_a_contact_may_have_a_user_id_only(self) -> None:
        ana = contact("Ana", user_id=USER.value)
        lone = {**message(), "from_user_id": USER.value}
        del lone["from"]

        event = one(of_messages(lone, contacts=[ana]))

        assert (event.contact, event.aliases, event.name) == (USER.value, (USER,), "Ana")

    def test_both_ids_of_a_message_are_one_contacts(self) -> None:
        event = one(of_messages(message(from_user_id=USER.value)))

        assert (event.contact, event.aliases) == (PHONE.value, (PHONE, USER))

    def test_each_message_is_of_its_own_contact(self) -> None:
        contacts = [contact("Ana", wa_id="5511911111111"), contact("Bia", wa_id="5511922222222", user_id="BR.2")]
        messages = [message("1", sender="5511922222222"), message("2", sender="5511911111111")]

        events = parsed(of_messages(*messages, message("3", sender="5511933333333"), contacts=contacts))

        assert [event.name for event in events] == ["Bia", "Ana", None]
        assert [len(event.aliases) for event in events] == [2, 1, 1]

    def test_nobody_is_named_by_another_ones_name(self) -> None:
        event = one(of_messages(message(), contacts=[contact("Bia", wa_id="5511922222222", user_id="BR.2")]))

        assert (event.aliases, event.name) == ((PHONE,), None)

    @pytest.mark.parametrize(
        ("kind", "content", "text"),
        [
            ("button", {"payload": "p", "text": "Sim"}, "Sim"),
            ("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Quero"}}, "Quero"),
            ("interactive", {"list_reply": {"id": "1", "title": "Pix", "description": "d"}}, "Pix"),
            ("interactive", {"nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"}}, "Sent"),
            ("location", {"latitude": -23.5, "longitude": -46.6, "name": "Sé"}, "Sé\n-23.5, -46.6"),
            ("order", {"catalog_id": "1", "text": "Para hoje"}, "Para hoje"),
            ("poll", {"question": "?"}, ""),
            ("image", {"id": "9", "caption": "Veja"}, "Veja"),
        ],
    )
    def test_what_a_person_would_read_is_the_text(self, kind: str, content: Any, text: str) -> None:
        event = one(of_messages(message(type=kind, **{kind: content})))

        assert (event.kind, event.type, event.text) == (EventKind.MESSAGE, kind, text)

    def test_contact_cards_are_read_out(self) -> None:
        card = {"name": {"formatted_name": "Bia"}, "phones": [{"phone": "+55 11 92222-2222"}, {"phone": "1"}]}

        event = one(of_messages(message(type="contacts", contacts=[card, "odd"])))

        assert (event.type, event.text) == ("contacts", "Bia +55 11 92222-2222 1")

    @pytest.mark.parametrize(
        ("kind", "content", "media"),
        [
            ("image", {"id": "9", "mime_type": "image/jpeg"}, MediaReference(MediaKind.IMAGE, "9", "image/jpeg")),
            ("audio", {"id": "9", "voice": True}, MediaReference(MediaKind.VOICE, "9")),
            ("audio", {"id": "9", "voice": False}, MediaReference(MediaKind.AUDIO, "9")),
            ("video", {"id": "9"}, MediaReference(MediaKind.VIDEO, "9")),
            ("sticker", {"id": "9", "animated": True}, MediaReference(MediaKind.STICKER, "9")),
            (
                "document",
                {"id": "9", "filename": "a.pdf", "mime_type": "application/pdf"},
                MediaReference(MediaKind.DOCUMENT, "9", "application/pdf", "a.pdf"),
            ),
        ],
    )
    def test_files_are_referred_to(self, kind: str, content: Any, media: MediaReference) -> None:
        assert one(of_messages(message(type=kind, **{kind: content}))).media == (media,)

    def test_what_whatsapp_does_not_support_is_kept_without_text(self) -> None:
        errors = [{"code": 131051, "title": "Message type unknown"}]
        event = one(of_messages(message(type="unsupported", errors=errors)))

        assert (event.kind, event.type, event.media) == (EventKind.MESSAGE, "unsupported", ())

    def test_who_only_opens_the_chat_has_written_nothing(self) -> None:
        assert parsed(of_messages(message(type="request_welcome"))) == []

    def test_a_group_is_not_listened_to(self) -> None:
        assert [e.remote_id for e in parsed(of_messages(message("1", group_id="g"), message("2")))] == ["2"]

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("a" * 65_536, "a" * 65_536),
            ("😀👩‍👩‍👧", "😀👩‍👩‍👧"),
            ("a\x00b", "ab"),
            ("\ud800x", "\ufffdx"),
            ("\u202eabc\u202c", "\u202eabc\u202c"),
        ],
    )
    def test_odd_texts_can_be_stored(self, text: str, kept: str) -> None:
        assert one(of_messages(message(text=text))).text == kept

    @pytest.mark.parametrize(
        ("said", "at"),
        [
            ("1767225600", datetime(2026, 1, 1, tzinfo=UTC)),
            (1767225600, datetime(2026, 1, 1, tzinfo=UTC)),
            ("0", None),
            ("-1", None),
            ("1767225600000", None),
            (str(int((NOW + timedelta(hours=1)).timestamp())), None),
            (str(int((NOW + timedelta(minutes=2)).timestamp())), NOW + timedelta(minutes=2)),
            ("soon", None),
            ("²", None),
            (None, None),
            (True, None),
            ({"a": 1}, None),
            (1e300, None),
        ],
    )
    def test_only_times_that_can_be_are_believed(self, said: Any, at: datetime | None) -> None:
        assert one(of_messages(message(timestamp=said))).at == at

    def test_a_thousand_messages_are_read_in_their_order(self) -> None:
        messages = [message(f"wamid.{n}", f"{n}", sender=f"55119{n:08}") for n in range(1000)]
        contacts = [contact(f"C{n}", wa_id=f"55119{n:08}") for n in range(1000)]
        body = of_messages(*messages, contacts=contacts)
        begun = time.monotonic()

        events = parsed(body)

        assert [event.text for event in events] == [str(n) for n in range(1000)]
        assert [event.name for event in events] == [f"C{n}" for n in range(1000)]
        assert time.monotonic() - begun < 5


class TestWhatIsAboutAnotherMessage:
    def test_an_edit(self) -> None:
        edit = {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "Melhor"}}}
        event = one(of_messages(message("wamid.2", type="edit", edit=edit)))

        assert (event.kind, event.target_id, event.text) == (EventKind.EDIT, "wamid.0", "Melhor")
        assert event.contact == PHONE.value

    def test_an_edited_caption(self) -> None:
        inner = {"type": "image", "image": {"id": "9", "caption": "Nova"}}
        event = one(of_messages(message(type="edit", edit={"original_message_id": "wamid.0", "message": inner})))

        assert (event.text, event.media) == ("Nova", (MediaReference(MediaKind.IMAGE, "9"),))

    def test_a_deletion(self) -> None:
        event = one(of_messages(message(type="revoke", revoke={"original_message_id": "wamid.0"})))

        assert (event.kind, event.target_id, event.text) == (EventKind.REVOKE, "wamid.0", "")

    @pytest.mark.parametrize(
        ("content", "emoji"),
        [({"emoji": "👍"}, "👍"), ({"emoji": ""}, ""), ({}, "")],
        ids=["made", "empty", "gone"],
    )
    def test_a_reaction(self, content: dict[str, str], emoji: str) -> None:
        event = one(of_messages(message(type="reaction", reaction={"message_id": "wamid.0", **content})))

        assert (event.kind, event.target_id, event.text) == (EventKind.REACTION, "wamid.0", emoji)

    @pytest.mark.parametrize("kind", ["edit", "revoke", "reaction"])
    @pytest.mark.parametrize("content", [None, "odd", [], {"original_message_id": 5, "message": 7}])
    def test_without_its_target_it_is_still_no_message(self, kind: str, content: Any) -> None:
        event = one(of_messages(message(type=kind, **{kind: content})))

        assert event.kind not in {EventKind.MESSAGE, EventKind.ECHO}
        assert event.target_id is None


class TestSystem:
    def changed(self, **system: Any) -> ChannelEvent:
        return one(of_messages(message(type="system", system=system)))

    def test_a_changed_number(self) -> None:
        event = self.changed(type="user_changed_number", wa_id="5511912345678", body="User A changed")

        assert (event.kind, event.contact) == (EventKind.ALIAS, "5511912345678")
        assert set(event.aliases) == {PHONE, Alias(AliasKind.PHONE, "5511912345678")}

    def test_a_changed_number_with_its_user_ids(self) -> None:
        ids = {"wa_id": "5511912345678", "user_id": "BR.new", "previous_user_id": "BR.old"}
        event = self.changed(type="user_changed_number", **ids)

        found = {(alias.kind, alias.value) for alias in event.aliases}
        new = {(AliasKind.PHONE, "5511912345678"), (AliasKind.USER_ID, "BR.new"), (AliasKind.USER_ID, "BR.old")}
        assert found == {(PHONE.kind, PHONE.value), *new}

    def test_a_changed_user_id(self) -> None:
        event = self.changed(type="user_changed_user_id", user_id="BR.new", previous_user_id="BR.old")

        assert [alias.value for alias in event.aliases] == ["BR.new", PHONE.value, "BR.old"]

    def test_of_other_notices_nothing_is_joined(self) -> None:
        event = self.changed(type="customer_identity_changed", wa_id="5511900000000", user_id="BR.x")

        assert (event.kind, event.aliases) == (EventKind.ALIAS, (PHONE,))


class TestEchoes:
    def echo(self, **more: Any) -> dict[str, Any]:
        return {**message("wamid.7", "Sou eu", sender="551140028922"), "to": PHONE.value, **more}

    def body(self, *echoes: Any) -> bytes:
        return webhook(change("smb_message_echoes", message_echoes=echoes))

    def test_an_echo_is_of_whom_it_was_written_to(self) -> None:
        event = one(self.body(self.echo(to_user_id=USER.value)))

        assert (event.kind, event.contact, event.aliases) == (EventKind.ECHO, PHONE.value, (PHONE, USER))
        assert event.text == "Sou eu"

    def test_an_echo_to_a_user_id_only(self) -> None:
        event = one(self.body(self.echo(to=None, to_user_id=USER.value)))

        assert (event.kind, event.contact) == (EventKind.ECHO, USER.value)

    def test_a_deletion_on_the_phone(self) -> None:
        event = one(self.body(self.echo(type="revoke", revoke={"original_message_id": "wamid.0"})))

        assert (event.kind, event.target_id, event.contact) == (EventKind.REVOKE, "wamid.0", PHONE.value)

    def test_an_echo_to_a_group_is_not_listened_to(self) -> None:
        assert parsed(self.body(self.echo(group_id="g"))) == []

    def test_a_file_sent_from_the_phone(self) -> None:
        event = one(self.body(self.echo(type="image", image={"id": "9", "caption": "Veja"})))

        assert (event.kind, event.text, len(event.media)) == (EventKind.ECHO, "Veja", 1)


class TestStandby:
    def test_what_another_agent_answers_is_told_apart(self) -> None:
        event = one(of_messages(message(), field="standby"))

        assert (event.kind, event.text) == (EventKind.STANDBY, "Oi")

    def test_a_deletion_there_is_one(self) -> None:
        body = of_messages(message(type="revoke", revoke={"original_message_id": "1"}), field="standby")

        assert one(body).kind is EventKind.REVOKE


class TestStatuses:
    def status(self, word: Any, **more: Any) -> dict[str, Any]:
        told = {"id": "wamid.5", "status": word, "timestamp": "1767225600", "recipient_id": PHONE.value}
        return {**told, "biz_opaque_callback_data": "part-1", **more}

    @pytest.mark.parametrize(
        ("word", "state"),
        [
            ("sent", DeliveryState.ACCEPTED),
            ("delivered", DeliveryState.DELIVERED),
            ("read", DeliveryState.READ),
            ("played", DeliveryState.READ),
            ("failed", DeliveryState.FAILED),
            ("deleted", None),
        ],
    )
    def test_every_state(self, word: str, state: DeliveryState | None) -> None:
        event = one(of_statuses(self.status(word)))

        assert (event.kind, event.remote_id, event.part_id) == (EventKind.STATUS, "wamid.5", "part-1")
        assert (event.status, event.type, event.contact) == (state, word, PHONE.value)
        assert event.error is None

    def test_a_status_of_a_user_id(self) -> None:
        event = one(of_statuses(self.status("sent", recipient_id=None, recipient_user_id=USER.value)))

        assert (event.contact, event.aliases) == (USER.value, (USER,))

    def test_why_it_failed(self) -> None:
        details = {"details": "Message undeliverable."}
        errors = [{"code": 131026, "title": "Undeliverable", "error_data": details}]
        event = one(of_statuses(self.status("failed", errors=errors)))

        assert event.error is not None
        assert (event.error.action, event.error.code) == (ErrorAction.FAIL, "131026")

    def test_a_failure_for_want_of_payment_pauses(self) -> None:
        event = one(of_statuses(self.status("failed", errors=[{"code": 131042}])))

        assert event.error is not None
        assert event.error.action is ErrorAction.PAUSE

    def test_of_groups_there_is_none(self) -> None:
        assert parsed(of_statuses(self.status("sent", recipient_type="group"))) == []


class TestWalking:
    def test_messages_standby_and_unknown_fields_mixed(self) -> None:
        body = webhook(
            change(messages=[message("1")]),
            change("history", messages=[message("2")]),
            change("standby", messages=[message("3")]),
            change("account_update"),
            change(statuses=[{"id": "4", "status": "sent"}]),
        )

        kinds = [(event.remote_id, event.kind) for event in parsed(body)]

        assert kinds == [("1", EventKind.MESSAGE), ("3", EventKind.STANDBY), ("4", EventKind.STATUS)]

    def test_messages_and_statuses_of_one_change(self) -> None:
        body = webhook(change(messages=[message("1")], statuses=[{"id": "2", "status": "read"}]))

        assert [event.remote_id for event in parsed(body)] == ["1", "2"]

    def test_other_numbers_are_other_channels(self) -> None:
        body = webhook(change(number_id="999", messages=[message("1")]), change(messages=[message("2")]))

        assert [event.remote_id for event in parsed(body)] == ["2"]
        assert events_of(webhook({"field": "messages", "value": {"messages": [message()]}}), "", NOW) == []

    def test_several_entries(self) -> None:
        entry = json.loads(of_messages(message("1")))["entry"]
        body = json.dumps({"entry": [*entry, "odd", {"changes": "odd"}, None, *entry]}).encode()

        assert len(parsed(body)) == 2

    @pytest.mark.parametrize(
        "odd",
        [
            "a text",
            5,
            None,
            [],
            {},
            {"id": 5, "type": []},
            {"id": "x" * 10_000},
            {**message(), "text": None},
            message(type="text", text="no object"),
            message(type=None),
            message(type="image", image=[1]),
            message(type="interactive", interactive={"list_reply": "odd"}),
            message(type="location", location={"latitude": "x", "longitude": {}}),
            message(type="contacts", contacts={"name": 3}),
            message(type="system", system="odd"),
            message(type="x" * 10_000),
            message(sender="not a number"),
            {**message(), "from": {"a": 1}},
        ],
        ids=lambda odd: json.dumps(odd)[:40],
    )
    def test_an_odd_item_blocks_no_neighbour(self, odd: Any) -> None:
        for body in (
            of_messages(message("1"), odd, message("2")),
            webhook(
                change("smb_message_echoes", message_echoes=[{**message("1"), "to": "55119"}, odd, message("2")])
            ),
            of_statuses({"id": "1"}, odd, {"id": "2"}),
        ):
            first, between, last = parsed(body)
            assert (first.remote_id, last.remote_id) == ("1", "2")
            assert 0 < len(between.remote_id) <= 512

    def test_an_odd_item_has_the_same_id_each_time_it_comes(self) -> None:
        body, other = of_messages({"type": "text"}), of_messages({"type": "image"})

        assert one(body).remote_id == one(body).remote_id
        assert one(body).remote_id != one(other).remote_id
        assert one(body).type == UNREADABLE

    @pytest.mark.parametrize("contacts", ["odd", {}, [None, 5, {"profile": "odd"}], {"wa_id": 5}])
    def test_odd_contacts_do_no_harm(self, contacts: Any) -> None:
        assert one(of_messages(message(), contacts=contacts)).contact == PHONE.value

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b"5",
            b"null",
            b'"a"',
            b"{}",
            b"[" * 200_000,
            b'{"entry":' * 100_000,
            b"\xff\xfe",
            b"<html>",
        ],
        ids=lambda body: repr(body[:8]),
    )
    def test_a_body_that_is_no_webhook_tells_nothing(self, body: bytes) -> None:
        assert parsed(body) == []
