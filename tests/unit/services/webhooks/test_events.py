"""What happened becomes deliveries."""

import json
from datetime import UTC, datetime
from typing import Any

from app.domain.assistants import Assistant
from app.domain.webhooks import Contact, EventType, Webhook
from app.services.webhooks.events import WebhookEvents
from tests.fakes.webhooks import KeptDeliveries

NOW = datetime(2026, 11, 22, 7, 37, 12, 345678, tzinfo=UTC)


class Emitted:
    """Events of an assistant with these webhooks, and what became of them."""

    def __init__(self, *webhooks: Webhook) -> None:
        self.deliveries, self.woken = KeptDeliveries(), 0
        self.assistant = Assistant("a" * 24, "Loja", "b" * 24, "key", NOW, webhooks=webhooks)
        self.events = WebhookEvents(self.deliveries, lambda: NOW, self._wake)  # type: ignore[arg-type]

    def emit(self, event_type: EventType = EventType.DOCUMENT_READY, key: str = "1", **options: Any) -> None:
        self.events.emit(self.assistant, event_type, {"filename": "preço.md"}, key=key, **options)

    def _wake(self) -> None:
        self.woken += 1


def a_webhook(number: int, *events: EventType, disabled_at: datetime | None = None) -> Webhook:
    return Webhook(f"{number:024x}", "https://example.com/", events, NOW, disabled_at)


def test_each_webhook_that_wants_an_event_gets_it() -> None:
    emitted = Emitted(
        a_webhook(1, EventType.DOCUMENT_READY),
        a_webhook(2, EventType.DOCUMENT_FAILED),
        a_webhook(3, *EventType),
        a_webhook(4, *EventType, disabled_at=NOW),
    )

    emitted.emit(contact=Contact("c", "d"))

    first, second = emitted.deliveries.kept.values()
    assert [first.webhook_id, second.webhook_id] == [f"{1:024x}", f"{3:024x}"]
    assert first.body == second.body
    assert "preço" in first.body
    assert json.loads(first.body) == {
        "type": "document.ready",
        "timestamp": "2026-11-22T07:37:12.345+00:00",
        "data": {"filename": "preço.md"},
    }
    assert (first.type, first.assistant_id) == (EventType.DOCUMENT_READY, emitted.assistant.id)
    assert (first.created_at, first.next_at, first.contact) == (NOW, NOW, Contact("c", "d"))
    assert first.entry_id < second.entry_id
    assert emitted.woken == 1


def test_the_same_event_is_the_same_delivery_whoever_emits_it() -> None:
    emitted, elsewhere = (Emitted(a_webhook(1, *EventType)) for _ in range(2))

    for _ in range(2):
        emitted.emit()
    elsewhere.emit()

    assert len(emitted.deliveries.kept) == 1
    assert emitted.deliveries.kept.keys() == elsewhere.deliveries.kept.keys()
    emitted.emit(key="2")
    emitted.emit(EventType.DOCUMENT_FAILED)
    assert len(emitted.deliveries.kept) == 3


def test_where_nobody_wants_it_nothing_is_stored() -> None:
    emitted = Emitted(a_webhook(1, EventType.DOCUMENT_FAILED))

    emitted.emit()

    assert emitted.deliveries.kept == {}
    assert emitted.woken == 0
