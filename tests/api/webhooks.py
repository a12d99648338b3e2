"""Webhooks in tests: a service that may send to this machine, and what a receiver of a test's own gets."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain.ids import new_id
from app.domain.webhooks import Delivery, EventType, Webhook
from tests.api.house import Caller, House
from tests.fakes.webhook_receiver import Received, WebhookReceiver


def add_webhook(owner: Caller, assistant_id: str, url: str, *events: str) -> dict[str, Any]:
    """Add a webhook of these types of events (none: of all)."""
    body: dict[str, Any] = {"url": url} | ({"events": list(events)} if events else {})
    response = owner.post(f"/assistants/webhooks/{assistant_id}", body)
    assert response.status_code == 201, response.text
    return dict(response.json or {})


def deliveries_of(owner: Caller, assistant_id: str, query: str = "") -> list[dict[str, Any]]:
    response = owner.get(f"/assistants/webhookDeliveries/{assistant_id}{query}")
    assert response.status_code == 200, response.text
    return list(response.json or [])


def stored_webhook(house: House, assistant_id: str) -> dict[str, str]:
    """The ids of a webhook to nowhere, and of a delivery to it that nobody begins."""
    webhook = Webhook(new_id(), "https://nowhere.invalid/", tuple(EventType), house.clock())
    assert house.rows.webhooks.add(assistant_id, webhook, "whsec_AAAA", 10)
    event, now = EventType.DOCUMENT_READY, house.clock()
    delivery = Delivery(
        new_id(), new_id(), webhook.id, assistant_id, event, "{}", now, next_at=now + timedelta(days=1)
    )
    house.rows.webhook_deliveries.add([delivery])
    return {"webhook": webhook.id, "delivery": delivery.id}


@dataclass(frozen=True)
class Subscribed:
    """A receiver at a path of its own, and the secret it checks signatures with."""

    receiver: WebhookReceiver
    path: str
    secret: str

    def events(self, count: int) -> list[dict[str, Any]]:
        """So many events, once they have come, in the order of their types and times; all signatures are good."""
        return [one.verified(self.secret) for one in self.requests(count)]

    def requests(self, count: int) -> list[Received]:
        return self.receiver.wait_for(count, self.path)


def subscribe(owner: Caller, assistant_id: str, receiver: WebhookReceiver, *events: str) -> Subscribed:
    """Send an assistant's events to a path that only its webhook knows."""
    path = f"/{assistant_id}/{len(receiver.received)}-{'-'.join(events)}"
    webhook = add_webhook(owner, assistant_id, receiver.url(path), *events)
    return Subscribed(receiver, path, webhook["secret"])
