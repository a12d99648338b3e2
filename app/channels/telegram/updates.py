"""What Telegram tells of: https://core.telegram.org/bots/api#update."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from app.channels.telegram.contents import media_of, text_of, type_of
from app.domain.channels import Alias, AliasKind, ChannelEvent, EventKind

UPDATES = {"message": EventKind.MESSAGE, "edited_message": EventKind.EDIT}
"""The kinds of updates that are asked for, and what they are here."""

_LATEST = 2**33
_UNSTORABLE = re.compile("\x00")
_SURROGATES = re.compile("[\ud800-\udfff]")


def read_update(body: bytes) -> Any:
    """The body's JSON, its texts as they can be stored; raises `ValueError` where it is none."""
    try:
        return _storable(json.loads(body))
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None


def events_of(update: Any) -> list[ChannelEvent]:
    """What an update tells of a private chat; of groups, channels and business accounts nothing."""
    if not isinstance(update, dict):
        return []
    return [
        event
        for name, kind in UPDATES.items()
        if (event := _event(kind, update.get(name), update.get("update_id"))) is not None
    ]


def remote_id_of(chat_id: int, message_id: int) -> str:
    """A message's id: Telegram's own is unique within its chat only."""
    return f"{chat_id}:{message_id}"


def _event(kind: EventKind, message: Any, update_id: Any) -> ChannelEvent | None:
    if not isinstance(message, dict):
        return None
    chat, message_id = _object(message, "chat"), message.get("message_id")
    chat_id, sender = chat.get("id"), _object(message, "from")
    if chat.get("type") != "private" or not _is_integer(chat_id) or not _is_integer(message_id):
        return None
    content_type = type_of(message)
    if content_type is None or sender.get("is_bot") is True:
        return None
    is_edit = kind is EventKind.EDIT
    remote_id = remote_id_of(chat_id, message_id)
    return ChannelEvent(
        kind=kind,
        # A message may be edited many times.
        remote_id=f"{remote_id}:{update_id}" if is_edit else remote_id,
        contact=str(chat_id),
        aliases=(Alias(AliasKind.TELEGRAM, str(chat_id)),),
        at=_moment(message.get("edit_date" if is_edit else "date")),
        type=content_type,
        name=_name(sender or chat),
        text=text_of(message, content_type),
        media=media_of(message, content_type),
        target_id=remote_id if is_edit else None,
    )


def _name(user: Mapping[str, Any]) -> str | None:
    names = [user.get("first_name"), user.get("last_name")]
    full = " ".join(one.strip() for one in names if isinstance(one, str) and one.strip())
    username = user.get("username")
    return full or (username if isinstance(username, str) else None) or None


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if _is_integer(seconds) and 0 < seconds < _LATEST else None


def _is_integer(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _storable(value: Any) -> Any:
    """Without NUL characters and lone surrogates."""
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", _UNSTORABLE.sub("", value))
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return value
