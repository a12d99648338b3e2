"""What happened becomes a delivery for each webhook that wants to know."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.domain.assistants import Assistant
from app.domain.ids import derived_id, new_id
from app.domain.webhooks import LONGEST_PENDING, Contact, Delivery, EventType
from app.services.ports import Clock
from app.services.ports.webhooks import Deliveries


class WebhookEvents:
    """Puts events into the outbox; see `ports.webhooks.Events`. `wake` is called once there is something in it."""

    def __init__(self, deliveries: Deliveries, clock: Clock, wake: Callable[[], None]) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._wake = wake

    def emit(
        self,
        assistant: Assistant,
        event_type: EventType,
        data: Mapping[str, Any],
        *,
        key: str,
        contact: Contact | None = None,
    ) -> None:
        """Store one delivery for each webhook that wants this type; no query if none does."""
        webhooks = [webhook for webhook in assistant.webhooks if webhook.wants(event_type)]
        if not webhooks:
            return
        now = self._clock()
        body = json.dumps(
            {"type": event_type, "timestamp": _iso(now), "data": data}, ensure_ascii=False, separators=(",", ":")
        )
        self._deliveries.add(
            [
                Delivery(
                    id=derived_id(webhook.id, event_type, key),
                    entry_id=new_id(),
                    webhook_id=webhook.id,
                    assistant_id=assistant.id,
                    type=event_type,
                    body=body,
                    created_at=now,
                    contact=contact,
                    next_at=now,
                    until=now + LONGEST_PENDING,
                )
                for webhook in webhooks
            ]
        )
        self._wake()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
