"""Webhooks of the Cloud API become events, one an item, whatever its neighbours are like.

Source: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.channels.whatsapp_cloud.contacts import Contacts, Ids, ids_of
from app.channels.whatsapp_cloud.contents import media_of, text_of
from app.channels.whatsapp_cloud.errors import error_of
from app.channels.whatsapp_cloud.fields import identifier, items, moment, part, read_json, text
from app.domain.channels import Alias, ChannelEvent, DeliveryState, EventKind

logger = logging.getLogger(__name__)

UNREADABLE = "unreadable"
"""The type of an event for an item that is not as Meta describes it."""

_MESSAGE_FIELDS = {"messages": EventKind.MESSAGE, "standby": EventKind.STANDBY}
_NOT_WRITTEN = "request_welcome"
_ECHO_FIELD = "smb_message_echoes"
_CHANGED_IDS = {"user_changed_number", "user_changed_user_id"}
_STATES = {
    "sent": DeliveryState.ACCEPTED,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
}
_ABOUT_ANOTHER = {
    "edit": (EventKind.EDIT, "original_message_id"),
    "revoke": (EventKind.REVOKE, "original_message_id"),
    "reaction": (EventKind.REACTION, "message_id"),
}


def events_of(body: bytes, number_id: str, now: datetime) -> list[ChannelEvent]:
    """What a body tells of the number with this id, in its order; nothing where it is no JSON."""
    try:
        webhook = read_json(body)
    except ValueError:
        return []
    return [event for field, value in _changes(webhook, number_id) for event in _Change(value, now).events(field)]


def _changes(webhook: Any, number_id: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entry in items(webhook, "entry") if isinstance(webhook, dict) else ():
        for change in items(entry, "changes") if isinstance(entry, dict) else ():
            value = part(change, "value")
            if number_id and part(value, "metadata").get("phone_number_id") == number_id:
                yield text(change, "field"), value


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of a webhook: items, and the contacts they are from or for."""

    value: Mapping[str, Any]
    now: datetime

    def events(self, field: str) -> Iterator[ChannelEvent]:
        contacts = Contacts(self.value)
        if field in _MESSAGE_FIELDS:
            kind = _MESSAGE_FIELDS[field]
            yield from self._read("messages", kind, lambda item: self._message(item, kind, contacts))
            yield from self._read("statuses", EventKind.STATUS, self._status)
        elif field == _ECHO_FIELD:
            yield from self._read("message_echoes", EventKind.ECHO, lambda item: self._echo(item, contacts))

    def _read(
        self, name: str, kind: EventKind, read: Callable[[Mapping[str, Any]], ChannelEvent | None]
    ) -> Iterator[ChannelEvent]:
        for item in items(self.value, name):
            if not isinstance(item, dict):
                yield ChannelEvent(kind, _own_id(item), type=UNREADABLE)
                continue
            try:
                event = read(item)
            except Exception:
                logger.exception("A WhatsApp item could not be read; it is kept as unreadable")
                event = ChannelEvent(kind, _own_id(item), type=UNREADABLE)
            if event is not None:
                yield event

    def _message(self, item: Mapping[str, Any], kind: EventKind, contacts: Contacts) -> ChannelEvent | None:
        return self._written(item, kind, contacts.find(item.get("from"), item.get("from_user_id")))

    def _echo(self, item: Mapping[str, Any], contacts: Contacts) -> ChannelEvent | None:
        return self._written(item, EventKind.ECHO, contacts.find(item.get("to"), item.get("to_user_id")))

    def _written(self, item: Mapping[str, Any], kind: EventKind, ids: Ids) -> ChannelEvent | None:
        """What a person wrote; None when it was to a group, or the chat was opened and nothing written."""
        word = identifier(item, "type")
        if item.get("group_id") or word == _NOT_WRITTEN:
            return None
        if word == "system":
            return self._system(item, ids)
        if word in _ABOUT_ANOTHER:
            return self._about_another(item, word, ids)
        return ChannelEvent(
            kind,
            _own_id(item),
            ids.contact,
            ids.aliases,
            moment(item, "timestamp", self.now),
            word if word and ids.contact and _is_whole(item, word) else UNREADABLE,
            ids.name,
            text_of(item),
            media_of(item),
        )

    def _about_another(self, item: Mapping[str, Any], word: str, ids: Ids) -> ChannelEvent:
        """An edit, a deletion or a reaction; a reaction's text is its emoji, empty when it was taken back."""
        kind, target = _ABOUT_ANOTHER[word]
        content = part(item, word)
        inner = part(content, "message")
        return ChannelEvent(
            kind,
            _own_id(item),
            ids.contact,
            ids.aliases,
            moment(item, "timestamp", self.now),
            word,
            ids.name,
            text(content, "emoji") if kind is EventKind.REACTION else text_of(inner),
            media_of(inner),
            identifier(content, target),
        )

    def _system(self, item: Mapping[str, Any], old: Ids) -> ChannelEvent:
        """A contact's number or user id changed; of other notices nothing follows but who they are about."""
        content = part(item, "system")
        word = identifier(content, "type") or UNREADABLE
        new, before = Ids(), Ids()
        if word in _CHANGED_IDS:
            new = ids_of(content.get("wa_id"), content.get("user_id"))
            before = ids_of(None, content.get("previous_user_id"))
        return ChannelEvent(
            EventKind.ALIAS,
            _own_id(item),
            new.contact or old.contact,
            _together(new, old, before),
            moment(item, "timestamp", self.now),
            word,
            old.name,
        )

    def _status(self, item: Mapping[str, Any]) -> ChannelEvent | None:
        """How far a message has come; None when it went to a group."""
        if item.get("recipient_type") == "group":
            return None
        ids = ids_of(item.get("recipient_id"), item.get("recipient_user_id"))
        word = identifier(item, "status") or UNREADABLE
        status = _STATES.get(word)
        errors = [error for error in items(item, "errors") if isinstance(error, dict)]
        return ChannelEvent(
            EventKind.STATUS,
            _own_id(item),
            ids.contact,
            ids.aliases,
            moment(item, "timestamp", self.now),
            word,
            part_id=identifier(item, "biz_opaque_callback_data"),
            status=status,
            error=error_of(errors[0]) if errors and status is DeliveryState.FAILED else None,
        )


def _is_whole(item: Mapping[str, Any], word: str) -> bool:
    return word != "text" or isinstance(part(item, "text").get("body"), str)


def _together(*several: Ids) -> tuple[Alias, ...]:
    return tuple(dict.fromkeys(alias for ids in several for alias in ids.aliases))


def _own_id(item: Any) -> str:
    """Meta's id of an item; of one without, the same one whenever the same item comes."""
    if isinstance(item, dict) and (found := identifier(item, "id")):
        return found
    return f"{UNREADABLE}:{hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:32]}"
