"""What Telegram tells of."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.channels.telegram.updates import events_of, read_update
from app.domain.channels import Alias, AliasKind, ChannelEvent, EventKind, MediaKind, MediaReference

USER = {"id": 42, "first_name": "Maria", "last_name": "Silva", "username": "maria"}


def a_message(**content: Any) -> dict[str, Any]:
    message = {
        "message_id": 7,
        "from": {**USER, "is_bot": False},
        "chat": {**USER, "type": "private"},
        "date": 1_700_000_000,
        **content,
    }
    return {name: value for name, value in message.items() if value is not None}


def parsed(message: Any, kind: str = "message") -> list[ChannelEvent]:
    return events_of(read_update(json.dumps({"update_id": 1000, kind: message}).encode()))


def the_event(**content: Any) -> ChannelEvent:
    (event,) = parsed(a_message(**content))
    return event


def test_a_text() -> None:
    assert parsed(a_message(text="Olá 👋")) == [
        ChannelEvent(
            EventKind.MESSAGE,
            "42:7",
            contact="42",
            aliases=(Alias(AliasKind.TELEGRAM, "42"),),
            at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
            type="text",
            name="Maria Silva",
            text="Olá 👋",
        )
    ]


def test_an_edit_is_about_its_message_and_may_come_again() -> None:
    (event,) = parsed(a_message(text="Oi!", edit_date=1_700_000_060), "edited_message")

    assert (event.kind, event.remote_id, event.target_id, event.text) == (
        EventKind.EDIT,
        "42:7:1000",
        "42:7",
        "Oi!",
    )
    assert event.at == datetime(2023, 11, 14, 22, 14, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (
            {"voice": {"file_id": "v", "duration": 3, "mime_type": "audio/ogg", "file_size": 900}},
            MediaReference(MediaKind.VOICE, "v", "audio/ogg", None, 900),
        ),
        ({"voice": {"file_id": "v"}}, MediaReference(MediaKind.VOICE, "v", "audio/ogg")),
        (
            {
                "photo": [
                    {"file_id": "s", "width": 90, "height": 90, "file_size": 1},
                    {"file_id": "l", "width": 1280, "height": 960, "file_size": 300},
                    {"file_id": "m", "width": 320, "height": 240, "file_size": 30},
                    None,
                ]
            },
            MediaReference(MediaKind.IMAGE, "l", "image/jpeg", None, 300),
        ),
        (
            {"document": {"file_id": "d", "file_name": "nota.pdf", "mime_type": "application/pdf"}},
            MediaReference(MediaKind.DOCUMENT, "d", "application/pdf", "nota.pdf"),
        ),
        (
            {"animation": {"file_id": "a", "mime_type": "video/mp4"}, "document": {"file_id": "d"}},
            MediaReference(MediaKind.VIDEO, "a", "video/mp4"),
        ),
        (
            {"audio": {"file_id": "m", "mime_type": "audio/mpeg", "file_name": "a.mp3"}},
            MediaReference(MediaKind.AUDIO, "m", "audio/mpeg", "a.mp3"),
        ),
        ({"video": {"file_id": "v"}}, MediaReference(MediaKind.VIDEO, "v")),
        ({"video_note": {"file_id": "v"}}, MediaReference(MediaKind.VIDEO, "v", "video/mp4")),
        ({"sticker": {"file_id": "s", "emoji": "👍"}}, MediaReference(MediaKind.STICKER, "s")),
    ],
)
def test_a_file_comes_with_its_caption(content: dict[str, Any], media: MediaReference) -> None:
    event = the_event(**content, caption="Veja")

    assert (event.type, event.text, event.media) == (next(iter(content)), "Veja", (media,))


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        ({"location": {"latitude": -23.9, "longitude": -46.3}}, "location", "-23.9, -46.3"),
        (
            {
                "venue": {"title": "Loja", "address": "Rua 1", "location": {"latitude": 1, "longitude": 2.5}},
                "location": {"latitude": 1, "longitude": 2.5},
            },
            "venue",
            "Loja\nRua 1\n1, 2.5",
        ),
        ({"contact": {"phone_number": "5513988593464", "first_name": "Ana"}}, "contact", "Ana 5513988593464"),
        ({"poll": {"id": "1", "question": "Sim?", "options": []}}, "poll", "Sim?"),
        ({"dice": {"emoji": "🎲", "value": 6}}, "dice", "🎲"),
        ({"story": {"id": 1}}, "story", ""),
        ({"something_new": {"a": 1}}, "unsupported", ""),
        ({}, "unsupported", ""),
    ],
)
def test_any_other_content_is_told_as_a_person_would_read_it(
    content: dict[str, Any], content_type: str, text: str
) -> None:
    event = the_event(**content)

    assert (event.kind, event.type, event.text, event.media) == (EventKind.MESSAGE, content_type, text, ())


@pytest.mark.parametrize(
    "message",
    [
        a_message(text="Oi", chat={"id": -5, "type": "group", "title": "Grupo"}),
        a_message(text="Oi", chat={"id": -1005, "type": "supergroup", "title": "Grupo"}),
        a_message(text="Oi", chat={"id": -1006, "type": "channel", "title": "Canal"}),
        a_message(text="Oi", **{"from": {**USER, "is_bot": True}}),
        a_message(pinned_message=a_message(text="Oi")),
        a_message(message_auto_delete_timer_changed={"message_auto_delete_time": 86_400}),
        a_message(text="Oi", chat=None),
        a_message(text="Oi", chat=[]),
        a_message(text="Oi", chat={"id": "42", "type": "private"}),
        a_message(text="Oi", message_id=True),
        "text",
        None,
        [],
    ],
)
@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_nobody_wrote_this_to_the_bot(message: Any, kind: str) -> None:
    assert parsed(message, kind) == []


@pytest.mark.parametrize(
    "kind",
    [
        *("business_message", "edited_business_message", "business_connection", "channel_post", "callback_query"),
        *("edited_channel_post", "my_chat_member", "message_reaction", "something_new"),
    ],
)
def test_other_updates_tell_of_nothing(kind: str) -> None:
    assert parsed(a_message(text="Oi"), kind) == []


@pytest.mark.parametrize("update", [None, [], 7, "x", {}, {"update_id": 1}])
def test_what_is_no_update_tells_of_nothing(update: Any) -> None:
    assert events_of(update) == []


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"first_name": "Maria"}, "Maria"),
        ({"first_name": " ", "username": "maria"}, "maria"),
        ({"first_name": 7}, None),
        ({}, "Maria Silva"),  # the chat's
    ],
)
def test_who_wrote(user: dict[str, Any], name: str | None) -> None:
    assert the_event(text="Oi", **{"from": user}).name == name


@pytest.mark.parametrize("date", [None, 0, -1, 2**40, "1700000000", 1.5, True])
def test_a_time_that_is_none(date: Any) -> None:
    assert the_event(text="Oi", date=date).at is None


@pytest.mark.parametrize("text", [None, 7, [], {}])
def test_a_text_that_is_none(text: Any) -> None:
    message = {**a_message(), "text": text}

    assert [(one.type, one.text) for one in parsed(message)] == [("text", "")]


@pytest.mark.parametrize(
    "content", [{"photo": []}, {"photo": "x"}, {"photo": [{"file_id": 7}]}, {"voice": None}, {"document": {}}]
)
def test_a_file_that_is_none(content: dict[str, Any]) -> None:
    message = {**a_message(), **content}

    assert [one.media for one in parsed(message)] == [()]


def test_texts_can_be_stored() -> None:
    event = the_event(text="a\x00b\ud83d\u202e", **{"from": {"first_name": "M\x00\udc00"}})

    assert (event.text, event.name) == ("ab\ufffd\u202e", "M\ufffd")


def test_a_text_of_65_536_characters_is_whole() -> None:
    assert the_event(text="é" * 65_536).text == "é" * 65_536


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"9" * 5_000])
def test_a_body_that_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_update(body)
