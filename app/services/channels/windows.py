"""How long after a customer's last message a provider takes answers: WhatsApp's 24 hours."""

from datetime import datetime

from app.domain.conversations import Conversation

WINDOW_CLOSED = (
    "window_closed",
    "WhatsApp's 24 hours since the customer's last message are over. This is sent as soon as they write again.",
)


def is_closed(conversation: Conversation, channel_id: str, now: datetime) -> bool:
    """Whether the provider takes no answer any more; where that is not known, it says so itself."""
    closes_at = conversation.windows.get(channel_id)
    return closes_at is not None and closes_at <= now
