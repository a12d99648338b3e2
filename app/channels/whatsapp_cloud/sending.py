"""A part of an answer becomes a message of the Cloud API.

Source: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

import re
from collections.abc import Mapping
from typing import Any

from app.channels.whatsapp_cloud.templates import template_content
from app.domain.channels import ErrorAction, OutgoingPart, ProviderError

LONGEST_TEXT = 4096
_PHONE = re.compile(r"\+?([0-9]{5,20})")
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


def message_body(part: OutgoingPart) -> dict[str, Any]:
    """The body to post; raises `ProviderError` for what WhatsApp would refuse anyway."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(part.recipient),
        **(template_content(part.template) if part.template else _text_content(part.text)),
        "biz_opaque_callback_data": part.id,
    }


def _text_content(text: str) -> dict[str, Any]:
    if not text.strip():
        raise ProviderError(ErrorAction.FAIL, "empty_text", "A message without text cannot be sent.")
    if len(text) > LONGEST_TEXT:
        sentence = f"WhatsApp takes no more than {LONGEST_TEXT:,} characters in a message."
        raise ProviderError(ErrorAction.FAIL, "text_too_long", sentence)
    return {"type": "text", "text": {"preview_url": False, "body": text}}


def typing_body(remote_id: str) -> dict[str, Any]:
    """Marks a message as read, and shows for up to 25 s that an answer is being written."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": remote_id,
        "typing_indicator": {"type": "text"},
    }


def accepted_id(answer: Mapping[str, Any]) -> str:
    """WhatsApp's id of what was sent; raises `ProviderError` when the answer has none."""
    messages = answer.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    remote_id = first.get("id") if isinstance(first, dict) else None
    if not isinstance(remote_id, str) or not remote_id:
        raise ProviderError(ErrorAction.LOOK, "odd_answer", "WhatsApp's answer does not say what became of it.")
    return remote_id


def _recipient(contact: str) -> dict[str, str]:
    if phone := _PHONE.fullmatch(contact):
        return {"to": phone[1]}
    if _USER_ID.fullmatch(contact):
        return {"recipient": contact}
    sentence = "The contact is neither a phone number nor a user id of WhatsApp."
    raise ProviderError(ErrorAction.FAIL, "invalid_recipient", sentence)
