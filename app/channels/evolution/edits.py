"""Messages that were edited, or taken back."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from app.channels.evolution.content import clean, mapping, text_of, unwrapped
from app.channels.evolution.keys import LONGEST_ID, NOT_CONVERSATIONS, alias_of, aliases_of, moment_of
from app.domain.channels import AliasKind, ChannelEvent, EventKind
from app.domain.contacts import brazilian_forms

_REVOKE = {0, "0", "REVOKE"}
_EDIT = {14, "14", "MESSAGE_EDIT"}


def edited(item: Any, own_jid: str) -> Iterator[ChannelEvent]:
    """An edit, or a deletion for everybody; `own_jid` is the id of the business."""
    change = mapping(item)
    key = mapping(change.get("key"))
    target = clean(key.get("id"))[:LONGEST_ID]
    what = change.get("type", 14 if change.get("editedMessage") else 0)
    if not target or isinstance(what, (Mapping, list)) or clean(key.get("remoteJid")).endswith(NOT_CONVERSATIONS):
        return
    chat = key if _is_of_contact(key, own_jid) else {}
    if what in _REVOKE:
        yield _revoked(target, chat)
    elif what in _EDIT:
        yield _changed(change, target, chat)


def _is_of_contact(key: Mapping[str, Any], own_jid: str) -> bool:
    """Whether the chat in an edit's key is the contact's.

    The key is written by whoever edits: for a contact, "from me" is the contact, and the chat may be our number.
    """
    jid = clean(key.get("remoteJid"))
    if key.get("fromMe") is not True:
        return True
    own, other = alias_of(own_jid), alias_of(jid)
    if own is None or other is None or other.kind is not AliasKind.PHONE:
        return False
    return brazilian_forms(own.value) != brazilian_forms(other.value)


def _changed(change: Mapping[str, Any], target: str, chat: Mapping[str, Any]) -> ChannelEvent:
    new = unwrapped(change.get("editedMessage"))
    captions = (mapping(held).get("caption") for held in new.values())
    text = text_of(new) or next((clean(caption) for caption in captions if caption), "")
    at = moment_of(change.get("timestampMs"))
    version = f"{at.timestamp():.3f}" if at else hashlib.sha256(text.encode()).hexdigest()[:16]
    return ChannelEvent(
        EventKind.EDIT,
        f"{target}:{version}",
        clean(chat.get("remoteJid")),
        aliases_of(chat),
        at,
        type="edit",
        text=text,
        target_id=target,
    )


def deleted(item: Any) -> Iterator[ChannelEvent]:
    """A deletion for everybody: the key of the message that is gone, or something that has it."""
    gone = mapping(item)
    key = mapping(gone.get("key")) or gone
    target = clean(key.get("id"))[:LONGEST_ID]
    if target and not clean(key.get("remoteJid")).endswith(NOT_CONVERSATIONS):
        yield _revoked(target, key)


def _revoked(target: str, chat: Mapping[str, Any]) -> ChannelEvent:
    jid = clean(chat.get("remoteJid"))
    return ChannelEvent(EventKind.REVOKE, target, jid, aliases_of(chat), type="revoke", target_id=target)
