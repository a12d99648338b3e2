"""Webhooks as Meta posts them: bodies, and the signature over them."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

NUMBER_ID = "106540352242922"


def message(
    remote_id: str = "wamid.1", text: str = "Oi", sender: str = "5511987654321", **more: Any
) -> dict[str, Any]:
    """A customer's text; `more` adds to it or takes its place."""
    told = {"from": sender, "id": remote_id, "timestamp": "1767225600", "type": "text", "text": {"body": text}}
    return {**told, **more}


def contact(name: str = "Ana", **ids: str) -> dict[str, Any]:
    """What stands beside messages: a name, `wa_id` and `user_id`."""
    return {"profile": {"name": name}, **ids}


def change(field: str = "messages", *, number_id: str = NUMBER_ID, **value: Any) -> dict[str, Any]:
    """One change: its field, and lists as `messages`, `statuses` or `contacts`."""
    metadata = {"display_phone_number": "551140028922", "phone_number_id": number_id}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}


def webhook(*changes: Mapping[str, Any]) -> bytes:
    """A body with these changes."""
    entry = [{"id": "102290129340398", "changes": changes}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def of_messages(*messages: Any, contacts: Sequence[Any] | None = None, field: str = "messages") -> bytes:
    """A body with these messages in one change."""
    beside: dict[str, Any] = {} if contacts is None else {"contacts": contacts}
    return webhook(change(field, messages=messages, **beside))


def of_statuses(*statuses: Any) -> bytes:
    """A body with these statuses in one change."""
    return webhook(change(statuses=statuses))


def signature(body: bytes, app_secret: str) -> str:
    """The value of the header `X-Hub-Signature-256`."""
    return f"sha256={hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()}"
