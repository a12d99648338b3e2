"""What tells webhooks of messages and conversations, over the collections of a test."""

from app.domain.assistants import Assistant
from app.services.webhooks.conversation_announcer import ConversationAnnouncer
from app.services.webhooks.events import WebhookEvents
from app.services.webhooks.message_announcer import MessageAnnouncer
from app.services.webhooks.message_events import MessageEvents
from app.wiring.repositories import Repositories
from tests.fakes.clock import FakeClock
from tests.integration.rows import NOW

UNHEARD = Assistant("0" * 24, "Loja", "1" * 24, "key", NOW)
"""An assistant without webhooks."""


def _nobody_waits() -> None:
    """Nothing is sent."""


def events_over(rows: Repositories, clock: FakeClock) -> WebhookEvents:
    return WebhookEvents(rows.webhook_deliveries, clock, _nobody_waits)


def conversation_announcer(rows: Repositories, clock: FakeClock) -> ConversationAnnouncer:
    return ConversationAnnouncer(events_over(rows, clock), rows.assistants, rows.conversations)


def message_announcer(rows: Repositories, clock: FakeClock) -> MessageAnnouncer:
    message_events = MessageEvents(rows.assistants, rows.conversations)
    return MessageAnnouncer(events_over(rows, clock), message_events, rows.messages, clock, _nobody_waits)
