"""What the widget's routes hand over to the channel's webhook, in the place of a provider: signed JSON."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.channels import (
    Alias,
    AliasKind,
    AssistantChannel,
    ChannelEvent,
    DeliveryState,
    EventKind,
    WebhookRequest,
)

_SIGNATURE = "x-widget-signature"


class WidgetPosts:
    """Makes these requests."""

    def message(
        self, channel: AssistantChannel, session_id: str, message_id: str, text: str, at: datetime
    ) -> WebhookRequest:
        """A visitor wrote; `message_id` is unique within the session."""
        return _signed(channel, {"session": session_id, "message": message_id, "text": text, "at": at.isoformat()})

    def seen(self, channel: AssistantChannel, states: Sequence[tuple[str, DeliveryState]]) -> WebhookRequest:
        """How far parts have come, by their ids."""
        return _signed(channel, {"seen": [[part_id, state] for part_id, state in states]})


def is_signed(channel: AssistantChannel, request: WebhookRequest) -> bool:
    """Whether the request comes from this service itself."""
    secret = channel.secrets.get("webhook_secret", "")
    told = request.headers.get(_SIGNATURE, "").encode(errors="replace")
    return bool(secret) and hmac.compare_digest(_signature(secret, request.body).encode(), told)


def events_of(body: bytes) -> list[ChannelEvent]:
    """A visitor's message, or statuses of parts."""
    told: dict[str, Any] = json.loads(body)
    if "seen" in told:
        return [
            ChannelEvent(EventKind.STATUS, part_id, part_id=part_id, status=DeliveryState(state))
            for part_id, state in told["seen"]
        ]
    session_id = told["session"]
    return [
        ChannelEvent(
            kind=EventKind.MESSAGE,
            remote_id=f"{session_id}:{told['message']}",
            contact=session_id,
            aliases=(Alias(AliasKind.SESSION, session_id),),
            at=datetime.fromisoformat(told["at"]),
            text=told["text"],
        )
    ]


def _signed(channel: AssistantChannel, told: dict[str, Any]) -> WebhookRequest:
    body = json.dumps(told, ensure_ascii=False).encode()
    signature = _signature(channel.secrets.get("webhook_secret", ""), body)
    return WebhookRequest("POST", {_SIGNATURE: signature}, {}, body)


def _signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
