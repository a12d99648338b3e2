"""Composes what tells owners' servers of events."""

import threading
from dataclasses import dataclass

from app.net.webhook_sender import WebhookSender
from app.services.access import Access
from app.services.webhooks.conversation_announcer import ConversationAnnouncer
from app.services.webhooks.deliverer import Deliverer
from app.services.webhooks.delivery_service import DeliveryService
from app.services.webhooks.dispatcher import Dispatcher
from app.services.webhooks.events import WebhookEvents
from app.services.webhooks.message_announcer import MessageAnnouncer
from app.services.webhooks.message_events import MessageEvents
from app.services.webhooks.service import WebhookService
from app.settings import Settings
from app.wiring.audit import audit_log
from app.wiring.engines import Engines, proxies_of
from app.wiring.repositories import Repositories


@dataclass(frozen=True)
class WebhookServices:
    """What owners set up and see, what other services tell of what happened (`events`), and what sends it."""

    service: WebhookService
    deliveries: DeliveryService
    events: WebhookEvents
    messages: MessageAnnouncer
    conversations: ConversationAnnouncer
    dispatcher: Dispatcher

    def sweep(self) -> None:
        """Announce what a process died with, and keep the outbox small."""
        self.messages.sweep()
        self.conversations.sweep()
        self.dispatcher.sweep()


def compose_webhooks(settings: Settings, engines: Engines, rows: Repositories, access: Access) -> WebhookServices:
    """The services for webhooks."""
    clock, woken = engines.clock, threading.Event()
    sender = WebhookSender(allow_private=settings.allow_private_webhooks, proxies=proxies_of(settings))
    events = WebhookEvents(rows.webhook_deliveries, clock, woken.set)
    message_events = MessageEvents(rows.assistants, rows.conversations)
    messages = MessageAnnouncer(events, message_events, rows.messages, clock, woken.set)
    deliverer = Deliverer(rows.webhooks, rows.webhook_deliveries, sender, clock)
    return WebhookServices(
        service=WebhookService(
            access, rows.webhooks, rows.webhook_deliveries, sender, clock, audit=audit_log(rows, clock)
        ),
        deliveries=DeliveryService(access, rows.webhook_deliveries, clock, woken.set),
        events=events,
        messages=messages,
        conversations=ConversationAnnouncer(events, rows.assistants, rows.conversations),
        dispatcher=Dispatcher(rows.webhook_deliveries, deliverer, (messages.run,), woken, clock),
    )
