"""What is in a message: its type, its text as a person would read it, and its files.

Source: https://core.telegram.org/bots/api#message
"""

from collections.abc import Mapping
from typing import Any

from app.domain.channels import MediaKind, MediaReference

# A file's type where Telegram says none. An animation comes with a `document`, a venue with a `location`, a game
# with an animation: whatever comes first here is what it is.
_MEDIA: Mapping[str, tuple[MediaKind, str | None]] = {
    "animation": (MediaKind.VIDEO, None),
    "photo": (MediaKind.IMAGE, "image/jpeg"),
    "voice": (MediaKind.VOICE, "audio/ogg"),
    "audio": (MediaKind.AUDIO, None),
    "video": (MediaKind.VIDEO, None),
    "video_note": (MediaKind.VIDEO, "video/mp4"),
    "document": (MediaKind.DOCUMENT, None),
    "sticker": (MediaKind.STICKER, None),
}
_TYPES = (
    "text",
    "game",
    *_MEDIA,
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
    "paid_media",
    "checklist",
)
_DESCRIBED = frozenset({"location", "venue", "contact", "poll", "dice"})
# What Telegram itself notes in a chat; nobody wrote it.
_SERVICE = frozenset(
    (
        *("pinned_message", "message_auto_delete_timer_changed", "chat_background_set", "write_access_allowed"),
        *("connected_website", "boost_added", "users_shared", "chat_shared", "proximity_alert_triggered"),
        *("new_chat_title", "new_chat_photo", "delete_chat_photo", "passport_data", "web_app_data"),
        *("successful_payment", "refunded_payment", "gift", "unique_gift", "paid_message_price_changed"),
    )
)


def type_of(message: Mapping[str, Any]) -> str | None:
    """What kind of message it is, "unsupported" for one this service doesn't know; None: nobody wrote it."""
    for name in _TYPES:
        if name in message:
            return name
    return None if _SERVICE & message.keys() else "unsupported"


def text_of(message: Mapping[str, Any], content_type: str) -> str:
    """A message's text; empty where it has none."""
    if content_type == "text":
        return _lines(message["text"])
    content = message[content_type] if content_type in _DESCRIBED else None
    return _described(content, content_type) if isinstance(content, dict) else _lines(message.get("caption"))


def media_of(message: Mapping[str, Any], content_type: str) -> tuple[MediaReference, ...]:
    """A message's file, by the id that it can be asked for with; of a photo the largest size."""
    if content_type not in _MEDIA:
        return ()
    kind, usual_type = _MEDIA[content_type]
    content = message[content_type]
    file = _largest(content) if isinstance(content, list) else content
    reference = file.get("file_id") if isinstance(file, dict) else None
    if not isinstance(reference, str) or not reference:
        return ()
    said_type, filename = file.get("mime_type"), file.get("file_name")
    return (
        MediaReference(
            kind=kind,
            reference=reference,
            content_type=said_type if isinstance(said_type, str) else usual_type,
            filename=filename if isinstance(filename, str) else None,
            size=_size(file),
        ),
    )


def _described(content: Mapping[str, Any], content_type: str) -> str:
    match content_type:
        case "location":
            return _place(content)
        case "venue":
            return _lines(content.get("title"), content.get("address"), _place(content.get("location")))
        case "contact":
            return _lines(*map(content.get, ("first_name", "last_name", "phone_number")), between=" ")
        case "poll":
            return _lines(content.get("question"))
        case _:
            return _lines(content.get("emoji"))


def _largest(sizes: list[Any]) -> Any:
    known = [one for one in sizes if isinstance(one, dict)]
    return max(known, key=lambda one: (_integer(one.get("width")), _integer(one.get("file_size"))), default=None)


def _size(file: Mapping[str, Any]) -> int | None:
    return _integer(file.get("file_size")) or None


def _integer(value: Any) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**63 else 0


def _place(location: Any) -> str:
    numbers = [location.get(name) for name in ("latitude", "longitude")] if isinstance(location, dict) else []
    return ", ".join(str(one) for one in numbers if isinstance(one, int | float))


def _lines(*parts: Any, between: str = "\n") -> str:
    return between.join(one for one in parts if isinstance(one, str) and one)
