"""Webhooks as Evolution API v2 posts them."""

import json
from collections.abc import Mapping
from typing import Any

PHONE = "5511987654321@s.whatsapp.net"
LID = "123456789012345@lid"
SECONDS = 1_780_000_000


def webhook(event: str, data: Any, **more: Any) -> bytes:
    """A whole body, with the keys that must not be stored."""
    envelope = {
        "event": event,
        "instance": "loja",
        "data": data,
        "destination": "https://example.com/webhooks/abc",
        "date_time": "2026-01-02T03:04:05.678Z",
        "sender": "5511900000000@s.whatsapp.net",
        "server_url": "http://evolution:8080",
        "apikey": "B6D711FCDE4D4FD5936544120E713976",
    }
    return json.dumps(envelope | more).encode()


def record(message: Any, *, key: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A message, as it stands in `data`."""
    return {
        "key": {"remoteJid": PHONE, "fromMe": False, "id": "3A0001", **(key or {})},
        "pushName": "Maria",
        "status": "DELIVERY_ACK",
        "message": message,
        "messageType": "conversation",
        "messageTimestamp": SECONDS,
        "source": "android",
        **more,
    }
