"""Sending a text, and finding out afterwards whether one was sent."""

from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.channels.evolution.api import EvolutionApi, instance_path
from app.channels.evolution.content import mapping, text_of
from app.channels.evolution.history import records_since
from app.channels.evolution.keys import aliases_of
from app.domain.channels import Alias, AliasKind, AssistantChannel, ErrorAction, OutgoingPart, ProviderError
from app.domain.contacts import brazilian_forms

_CLOCKS_APART = timedelta(minutes=1)


def send_text(api: EvolutionApi, channel: AssistantChannel, part: OutgoingPart) -> str:
    """Send a part; returns WhatsApp's id of it, raises `ProviderError`.

    Without a preview of links: Evolution would load their pages before it sends.
    """
    body = {"number": part.recipient, "text": part.text, "linkPreview": False}
    answer = api.post(channel, instance_path(channel, "/message/sendText"), body)
    remote_id = mapping(mapping(answer).get("key")).get("id")
    if isinstance(remote_id, str) and remote_id:
        return remote_id
    sentence = "Evolution API accepted the message without an id, so that it may have been sent or not."
    raise ProviderError(ErrorAction.LOOK, "no_id", sentence)


def sent_id(
    api: EvolutionApi, channel: AssistantChannel, part: OutgoingPart, since: datetime, known: Container[str]
) -> str | None:
    """WhatsApp's id of a part that was sent after `since`; None if it is not among the messages of that time.

    Same recipient, same text, and none of the ids `known` to be other parts'. Raises `ProviderError` where that
    cannot be found out.
    """
    wanted, recipient = part.text.strip(), _names(part.recipient)
    for record in records_since(api, channel, since - _CLOCKS_APART, key={"fromMe": True}):
        key = mapping(record.get("key"))
        remote_id = key.get("id")
        if (
            isinstance(remote_id, str)
            and remote_id not in known
            and key.get("fromMe") is True
            and text_of(record.get("message")).strip() == wanted
            and recipient & _recipients(key)
        ):
            return remote_id
    return None


def _names(recipient: str) -> set[str]:
    jid = recipient if "@" in recipient else f"{recipient}@s.whatsapp.net"
    return _recipients({"remoteJid": jid}) | {jid}


def _recipients(key: Mapping[str, Any]) -> set[str]:
    return {_name(alias) for alias in aliases_of(key)}


def _name(alias: Alias) -> str:
    """Evolution may have sent to a Brazilian mobile number with or without the ninth digit."""
    if alias.kind is AliasKind.PHONE:
        return brazilian_forms(alias.value)[0]
    return f"{alias.value}@{alias.kind}"
