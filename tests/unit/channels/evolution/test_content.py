"""What stands in WhatsApp's messages."""

from typing import Any

import pytest

from app.channels.evolution.content import Content, content_of
from app.domain.channels import MediaKind, MediaReference


@pytest.mark.parametrize(
    "message",
    [
        {"conversation": "Sim"},
        {"extendedTextMessage": {"text": "Sim", "contextInfo": {}}},
        {"messageContextInfo": {}, "conversation": "Sim"},
        {"ephemeralMessage": {"message": {"extendedTextMessage": {"text": "Sim"}}}},
        {"listResponseMessage": {"title": "Sim", "singleSelectReply": {"selectedRowId": "1"}}},
        {"listResponseMessage": {"singleSelectReply": {"selectedRowId": "Sim"}}},
        {"buttonsResponseMessage": {"selectedButtonId": "1", "selectedDisplayText": "Sim"}},
        {"buttonsResponseMessage": {"selectedButtonId": "Sim"}},
        {"templateButtonReplyMessage": {"selectedId": "Sim"}},
        {"interactiveResponseMessage": {"body": {"text": "Sim"}}},
    ],
)
def test_what_a_customer_wrote_or_chose_is_text(message: Any) -> None:
    assert content_of(message, "3A") == Content("text", "Sim")


@pytest.mark.parametrize(
    ("name", "held", "kind"),
    [
        ("imageMessage", {}, MediaKind.IMAGE),
        ("videoMessage", {}, MediaKind.VIDEO),
        ("ptvMessage", {}, MediaKind.VIDEO),
        ("audioMessage", {"ptt": True}, MediaKind.VOICE),
        ("audioMessage", {"ptt": False}, MediaKind.AUDIO),
        ("documentMessage", {}, MediaKind.DOCUMENT),
        ("stickerMessage", {}, MediaKind.STICKER),
    ],
)
def test_files_are_fetched_by_the_messages_id(name: str, held: Any, kind: MediaKind) -> None:
    found = content_of({name: held | {"mimetype": "a/b", "fileLength": {"low": 5, "high": 0}}}, "3A")

    assert found == Content(name, "", (MediaReference(kind, "3A", "a/b", None, 5),))


def test_captions_and_file_names_come_along() -> None:
    document = {"documentMessage": {"fileName": "nota.pdf", "caption": "Veja", "fileLength": "1234"}}
    found = content_of({"documentWithCaptionMessage": {"message": document}}, "3A")

    assert found.text == "Veja"
    assert found.media == (MediaReference(MediaKind.DOCUMENT, "3A", None, "nota.pdf", 1234),)


@pytest.mark.parametrize("envelope", ["viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension"])
def test_what_can_be_seen_once_is_there_or_said_to_be_hidden(envelope: str) -> None:
    assert content_of({envelope: {"message": {"imageMessage": {}}}}, "3A").media
    assert content_of({envelope: {}}, "3A") == Content("viewOnce", "[mensagem de visualização única]")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            {"locationMessage": {"degreesLatitude": -23.55, "degreesLongitude": -46.63, "name": "Praça\nda Sé"}},
            "[localização: Praça da Sé, -23.55, -46.63]",
        ),
        ({"locationMessage": None}, "[localização]"),
        ({"liveLocationMessage": {}}, "[localização em tempo real]"),
        ({"contactMessage": {"displayName": "João", "vcard": "BEGIN"}}, "[contato: João]"),
        (
            {"contactsArrayMessage": {"contacts": [{"displayName": "A"}, {"displayName": "B"}, 5]}},
            "[contatos: A, B]",
        ),
        ({"pollCreationMessageV3": {"name": "Pizza?"}}, "[enquete: Pizza?]"),
        ({"pollUpdateMessage": {}}, "[voto em enquete]"),
        ({"orderMessage": {}}, "[pedido do catálogo]"),
        ({"somethingNewMessage": {"a": 1}}, "[mensagem de tipo desconhecido]"),
        ({"conversation": 5}, "[mensagem de tipo desconhecido]"),
        ({"messageContextInfo": {}}, "[mensagem de tipo desconhecido]"),
        ({}, "[mensagem de tipo desconhecido]"),
        (None, "[mensagem de tipo desconhecido]"),
        ("text", "[mensagem de tipo desconhecido]"),
    ],
)
def test_everything_else_is_shown_to_operators(message: Any, text: str) -> None:
    found = content_of(message, "3A")

    assert (found.text, found.media) == (text, ())
    assert found.type != "text"


def test_placeholders_are_short() -> None:
    assert len(content_of({"contactMessage": {"displayName": "x" * 10_000}}, "3A").text) < 120
    assert len(content_of({"x" * 10_000: {}}, "3A").type) <= 100


def test_envelopes_in_envelopes_end() -> None:
    message: Any = {"conversation": "x"}
    for _ in range(50):
        message = {"ephemeralMessage": {"message": message}}

    assert content_of(message, "3A").type != "text"


@pytest.mark.parametrize("length", [-1, 2**60, "x", True, None, {"low": 1, "high": 2}, "9" * 30])
def test_a_size_that_cannot_be_is_none(length: Any) -> None:
    (media,) = content_of({"imageMessage": {"fileLength": length}}, "3A").media

    assert media.size is None
