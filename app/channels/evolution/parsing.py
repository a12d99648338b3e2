"""Webhooks of Evolution API v2: what they tell of.

`date_time` is local time that is labelled as UTC, so that it counts for nothing.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.channels.evolution.content import announces_album, clean, content_of, mapping, unwrapped
from app.channels.evolution.edits import deleted, edited
from app.channels.evolution.keys import LONGEST_ID, NOT_CONVERSATIONS, aliases_of, moment_of
from app.domain.channels import (
    Alias,
    ChannelEvent,
    DeliveryState,
    ErrorAction,
    EventKind,
    ProviderError,
)

_STATUSES = {
    "PENDING": DeliveryState.ACCEPTED,
    "SERVER_ACK": DeliveryState.ACCEPTED,
    "DELIVERY_ACK": DeliveryState.DELIVERED,
    "READ": DeliveryState.READ,
    "PLAYED": DeliveryState.READ,
    "ERROR": DeliveryState.FAILED,
}


def parsed(body: bytes) -> Sequence[ChannelEvent]:
    """Everything a webhook tells of; nothing where it is no JSON."""
    try:
        webhook = mapping(json.loads(body))
    except (ValueError, RecursionError):
        return ()
    name = clean(webhook.get("event")).lower().replace("_", ".").replace("-", ".")
    reader = _READERS.get(name)
    if reader is None:
        return ()
    return [event for item in _items(webhook.get("data")) for event in _read(reader, item, webhook)]


def message_events(record: Any) -> Iterator[ChannelEvent]:
    """What a message tells of, whether by webhook or from Evolution's database: none for groups and the like."""
    item = mapping(record)
    key = mapping(item.get("key"))
    jid, message_id = clean(key.get("remoteJid")), clean(key.get("id"))
    if jid.endswith(NOT_CONVERSATIONS):
        return
    if not jid or not message_id or len(jid) > LONGEST_ID or len(message_id) > LONGEST_ID:
        raise ValueError("A message without a sender or an id.")
    protocol = _protocol_message(item.get("message"))
    if protocol:
        target = mapping(protocol.get("key")).get("id")
        yield from edited({**protocol, "key": {**key, "id": target, "fromMe": False}}, "")
        return
    if not announces_album(item.get("message")):
        yield _message(item, message_id, jid, aliases_of(key), key.get("fromMe") is True)


def _message(
    item: Mapping[str, Any], message_id: str, jid: str, aliases: tuple[Alias, ...], mine: bool
) -> ChannelEvent:
    at = moment_of(item.get("messageTimestamp"))
    name = None if mine else clean(item.get("pushName"))[:LONGEST_ID] or None
    reaction = mapping(unwrapped(item.get("message")).get("reactionMessage"))
    if reaction:
        return ChannelEvent(
            EventKind.REACTION,
            message_id,
            jid,
            aliases,
            at,
            type="reaction",
            name=name,
            text=clean(reaction.get("text")),
            target_id=clean(mapping(reaction.get("key")).get("id")) or None,
        )
    content = content_of(item.get("message"), message_id)
    return ChannelEvent(
        EventKind.ECHO if mine else EventKind.MESSAGE,
        message_id,
        jid,
        aliases,
        at,
        type=content.type,
        name=name,
        text=content.text,
        media=content.media,
    )


def _upserted(item: Any, webhook: Mapping[str, Any]) -> Iterator[ChannelEvent]:
    yield from message_events(item)


def _updated(item: Any, webhook: Mapping[str, Any]) -> Iterator[ChannelEvent]:
    """The status of a message of ours. What has been read of a customer's is no news."""
    update = mapping(item)
    yield from status_events(clean(update.get("keyId")) or clean(mapping(update.get("key")).get("id")), update)


def status_events(message_id: str, update: Mapping[str, Any]) -> Iterator[ChannelEvent]:
    """The status that a message of ours has come to, if it is one that counts."""
    jid = clean(update.get("remoteJid"))
    status = _STATUSES.get(clean(update.get("status")))
    if status is None or not message_id or update.get("fromMe") is False or jid.endswith(NOT_CONVERSATIONS):
        return
    failed = status is DeliveryState.FAILED
    error = ProviderError(ErrorAction.FAIL, "whatsapp_error", "WhatsApp did not take this message.")
    yield ChannelEvent(
        EventKind.STATUS,
        message_id[:LONGEST_ID],
        jid,
        aliases_of(update),
        type="status",
        status=status,
        error=error if failed else None,
    )


def _connection(item: Any, webhook: Mapping[str, Any]) -> Iterator[ChannelEvent]:
    """A connection that came or went. "connecting" is neither."""
    state = clean(mapping(item).get("state"))
    if state in {"open", "close", "refused"}:
        yield _connected(state, webhook, state == "open")


def _qr_code(item: Any, webhook: Mapping[str, Any]) -> Iterator[ChannelEvent]:
    yield _connected("qrcode", webhook, False)


def _connected(state: str, webhook: Mapping[str, Any], connected: bool) -> ChannelEvent:
    """`date_time` is the same when a webhook is sent again, which is all that it is good for."""
    occasion = clean(webhook.get("date_time"))[:LONGEST_ID]
    return ChannelEvent(EventKind.CONNECTION, f"{state}:{occasion}", type=state, connected=connected)


Reader = Callable[[Any, Mapping[str, Any]], Iterator[ChannelEvent]]
_READERS: dict[str, Reader] = {
    "messages.upsert": _upserted,
    "send.message": _upserted,
    "messages.update": _updated,
    "messages.edited": lambda item, webhook: edited(item, clean(webhook.get("sender"))),
    "messages.delete": lambda item, _: deleted(item),
    "connection.update": _connection,
    "qrcode.updated": _qr_code,
}


def _read(reader: Reader, item: Any, webhook: Mapping[str, Any]) -> Sequence[ChannelEvent]:
    """An item's events; an item that cannot be read is one for an operator to see, and its neighbours stay."""
    try:
        return list(reader(item, webhook))
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        mark = hashlib.sha256(repr(item).encode("utf-8", "replace")).hexdigest()[:32]
        text = "[mensagem que não pode ser lida]"
        return [ChannelEvent(EventKind.MESSAGE, f"unreadable:{mark}", type="unreadable", text=text)]


def _items(data: Any) -> list[Any]:
    """One item or several: versions differ."""
    inside = data.get("messages") if isinstance(data, Mapping) else None
    if isinstance(inside, list):
        return inside
    return data if isinstance(data, list) else [data]


def _protocol_message(message: Any) -> Mapping[str, Any]:
    inner = unwrapped(message)
    edited = mapping(mapping(inner.get("editedMessage")).get("message"))
    return mapping(inner.get("protocolMessage")) or mapping(edited.get("protocolMessage"))
