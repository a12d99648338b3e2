"""What is in a message: its text, as a person would read it, and its files."""

from collections.abc import Mapping
from typing import Any

from app.channels.whatsapp_cloud.fields import identifier, items, part, text
from app.domain.channels import MediaKind, MediaReference

_MEDIA = {
    "image": MediaKind.IMAGE,
    "audio": MediaKind.AUDIO,
    "video": MediaKind.VIDEO,
    "document": MediaKind.DOCUMENT,
    "sticker": MediaKind.STICKER,
}


def text_of(message: Mapping[str, Any]) -> str:
    """A message's text; empty where its type has none."""
    kind = message.get("type")
    content = part(message, kind) if isinstance(kind, str) else {}
    match kind:
        case "text":
            return text(content, "body")
        case "button" | "order":
            return text(content, "text")
        case "interactive":
            return _choice(content)
        case "location":
            return _location(content)
        case "contacts":
            cards = [_card(one) for one in items(message, "contacts") if isinstance(one, dict)]
            return "\n".join(card for card in cards if card)
        case _:
            return text(content, "caption")


def media_of(message: Mapping[str, Any]) -> tuple[MediaReference, ...]:
    """A message's file, by WhatsApp's id of it; it can be had for 7 days."""
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in _MEDIA:
        return ()
    content = part(message, kind)
    reference = identifier(content, "id")
    if reference is None:
        return ()
    is_voice = kind == "audio" and content.get("voice") is True
    return (
        MediaReference(
            MediaKind.VOICE if is_voice else _MEDIA[kind],
            reference,
            text(content, "mime_type") or None,
            text(content, "filename") or None,
        ),
    )


def _choice(content: Mapping[str, Any]) -> str:
    for name in ("button_reply", "list_reply"):
        if title := text(part(content, name), "title"):
            return title
    return text(part(content, "nfm_reply"), "body")


def _location(content: Mapping[str, Any]) -> str:
    numbers = [content.get(name) for name in ("latitude", "longitude")]
    place = ", ".join(str(number) for number in numbers if isinstance(number, (int, float)))
    return "\n".join(line for line in (text(content, "name"), text(content, "address"), place) if line)


def _card(contact: Mapping[str, Any]) -> str:
    phones = [text(one, "phone") for one in items(contact, "phones") if isinstance(one, dict)]
    return " ".join(word for word in (text(part(contact, "name"), "formatted_name"), *phones) if word)
