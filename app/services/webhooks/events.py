"""What happened becomes a delivery for each webhook that wants to know."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.assistants import Assistant
from app.domain.ids import derived_id, new_id
from app.domain.webhooks import LONGEST_PENDING, Contact, Delivery, EventType
from app.services.ports import Clock
from app.services.ports.webhooks import Deliveries


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; see `ports.webhooks.Events` for what `key` and `contact` are."""

    assistant: Assistant
    type: EventType
    data: Mapping[str, Any]
    key: str
    contact: Contact | None = None


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
        self.emit_all([Event(assistant, event_type, data, key, contact)])

    def emit_all(self, events: Iterable[Event]) -> None:
        """Store the deliveries of several events by one command."""
        now = self._clock()
        deliveries = [delivery for event in events for delivery in _deliveries_of(event, now)]
        if deliveries:
            self._deliveries.add(deliveries)
            self._wake()


def _deliveries_of(event: Event, now: datetime) -> list[Delivery]:
    webhooks = [webhook for webhook in event.assistant.webhooks if webhook.wants(event.type)]
    if not webhooks:
        return []
    told = {"type": event.type, "timestamp": now.isoformat(timespec="milliseconds"), "data": event.data}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return [
        Delivery(
            id=derived_id(webhook.id, event.type, event.key),
            entry_id=new_id(),
            webhook_id=webhook.id,
            assistant_id=event.assistant.id,
            type=event.type,
            body=body,
            created_at=now,
            contact=event.contact,
            next_at=now,
            until=now + LONGEST_PENDING,
        )
        for webhook in webhooks
    ]
