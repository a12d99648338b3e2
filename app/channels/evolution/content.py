"""What stands in a WhatsApp message as Evolution passes it on: text, files, or something to show to an operator.

The shapes are those of the WhatsApp Web protocol (proto.Message), with names of one field for each type.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.channels import MediaKind, MediaReference

_ENVELOPES = (
    *("ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension"),
    *("documentWithCaptionMessage", "deviceSentMessage", "lottieStickerMessage", "associatedChildMessage"),
)
_DEEPEST_ENVELOPE = 5
_NOT_CONTENT = {"messageContextInfo", "senderKeyDistributionMessage", "base64", "mediaUrl", "speechToText"}
_MEDIA = {
    "imageMessage": MediaKind.IMAGE,
    "videoMessage": MediaKind.VIDEO,
    "ptvMessage": MediaKind.VIDEO,
    "audioMessage": MediaKind.AUDIO,
    "documentMessage": MediaKind.DOCUMENT,
    "stickerMessage": MediaKind.STICKER,
}
_LONGEST_LABEL = 100
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Content:
    """`type` is "text" for what a customer wrote or chose, otherwise the protocol's word.

    The text of other types stands in square brackets, except for what a customer wrote below a file.
    """

    type: str
    text: str = ""
    media: tuple[MediaReference, ...] = ()


def mapping(value: Any) -> Mapping[str, Any]:
    """The value, if it is an object; otherwise an empty one."""
    return value if isinstance(value, Mapping) else {}


def clean(value: Any) -> str:
    """The value, if it is text, as it can be stored: without NUL characters and halves of surrogate pairs."""
    return _HALVES.sub("\ufffd", value.replace("\x00", "")) if isinstance(value, str) else ""


def unwrapped(message: Any) -> Mapping[str, Any]:
    """A message without what it may be wrapped in, such as "view once"."""
    inner = mapping(message)
    for _ in range(_DEEPEST_ENVELOPE):
        envelope = next((mapping(inner[name]) for name in _ENVELOPES if name in inner), None)
        if envelope is None:
            break
        inner = mapping(envelope.get("message"))
    return inner


def announces_album(message: Any) -> bool:
    """Whether a message says no more than that several pictures follow, each in a message of its own."""
    return set(unwrapped(message)) - _NOT_CONTENT == {"albumMessage"}


def content_of(message: Any, message_id: str) -> Content:
    """What stands in a message; what is not known is shown as such."""
    if not unwrapped(message):
        viewed = any("viewOnce" in name for name in mapping(message))
        return Content("viewOnce", "[mensagem de visualização única]") if viewed else Content("empty", _UNKNOWN)
    inner = unwrapped(message)
    text = text_of(inner)
    if text:
        return Content("text", text)
    name = next((name for name in inner if name not in _NOT_CONTENT), "unknown")
    if name in _MEDIA:
        return _file(name, mapping(inner[name]), message_id)
    placeholder = _PLACEHOLDERS.get(name)
    return Content(clean(name)[:_LONGEST_LABEL], placeholder(mapping(inner[name])) if placeholder else _UNKNOWN)


def text_of(message: Any) -> str:
    """What a customer wrote, or the words of what was chosen from a list or by a button; "" for anything else."""
    inner = unwrapped(message)
    for found in (
        inner.get("conversation"),
        mapping(inner.get("extendedTextMessage")).get("text"),
        *_chosen(inner),
    ):
        if text := clean(found):
            return text
    return ""


def _chosen(inner: Mapping[str, Any]) -> tuple[Any, ...]:
    listed = mapping(inner.get("listResponseMessage"))
    button = mapping(inner.get("buttonsResponseMessage"))
    template = mapping(inner.get("templateButtonReplyMessage"))
    interactive = mapping(mapping(inner.get("interactiveResponseMessage")).get("body"))
    return (
        *(listed.get("title"), mapping(listed.get("singleSelectReply")).get("selectedRowId")),
        *(button.get("selectedDisplayText"), button.get("selectedButtonId")),
        *(template.get("selectedDisplayText"), template.get("selectedId")),
        interactive.get("text"),
    )


def _file(name: str, held: Mapping[str, Any], message_id: str) -> Content:
    kind = MediaKind.VOICE if name == "audioMessage" and held.get("ptt") is True else _MEDIA[name]
    reference = MediaReference(
        kind,
        message_id,
        content_type=clean(held.get("mimetype")) or None,
        filename=clean(held.get("fileName") or held.get("title")) or None,
        size=_size(held.get("fileLength")),
    )
    return Content(name, clean(held.get("caption")), (reference,))


def _size(length: Any) -> int | None:
    """Bytes: a number, its digits, or the two halves that JavaScript makes of a long one."""
    if isinstance(length, Mapping):
        length = length.get("low") if not length.get("high") else None
    if isinstance(length, str) and length.isascii() and length.isdecimal() and len(length) < 16:
        length = int(length)
    return length if isinstance(length, int) and not isinstance(length, bool) and 0 <= length < 2**53 else None


def _with(label: str, *details: Any) -> str:
    said = ", ".join(shown for detail in details if (shown := _label(detail)))
    return f"[{label}: {said}]" if said else f"[{label}]"


def _label(detail: Any) -> str:
    if isinstance(detail, (int, float)) and not isinstance(detail, bool):
        return f"{detail:.6g}" if abs(detail) > 1000 else str(detail)
    return " ".join(clean(detail).split())[:_LONGEST_LABEL]


def _location(held: Mapping[str, Any]) -> str:
    where = (held.get("degreesLatitude"), held.get("degreesLongitude"))
    return _with("localização", held.get("name"), held.get("address"), *where)


def _contacts(held: Mapping[str, Any]) -> str:
    cards = held.get("contacts")
    names = [mapping(card).get("displayName") for card in cards[:10]] if isinstance(cards, list) else []
    return _with("contatos", *names)


_UNKNOWN = "[mensagem de tipo desconhecido]"
_PLACEHOLDERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "locationMessage": _location,
    "liveLocationMessage": lambda _: "[localização em tempo real]",
    "contactMessage": lambda held: _with("contato", held.get("displayName")),
    "contactsArrayMessage": _contacts,
    **{
        name: lambda held: _with("enquete", held.get("name"))
        for name in ("pollCreationMessage", "pollCreationMessageV2", "pollCreationMessageV3")
    },
    "pollUpdateMessage": lambda _: "[voto em enquete]",
    "eventMessage": lambda held: _with("evento", held.get("name")),
    "orderMessage": lambda _: "[pedido do catálogo]",
    "productMessage": lambda _: "[produto do catálogo]",
    "groupInviteMessage": lambda _: "[convite para grupo]",
    "callLogMesssage": lambda _: "[chamada]",
}
