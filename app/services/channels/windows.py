"""How long after a customer's last message a provider takes answers: WhatsApp's 24 hours."""

from datetime import datetime

from app.domain.channels import AssistantChannel
from app.domain.conversations import Conversation
from app.services.channels.delivery_notes import DeliveryNotes
from app.services.ports import Clock
from app.services.ports.channels import OutboxRows

WINDOW_CLOSED = (
    "window_closed",
    "WhatsApp's 24 hours since the customer's last message are over. This is sent as soon as they write again.",
)


def is_closed(conversation: Conversation, channel_id: str, now: datetime) -> bool:
    """Whether the provider takes no answer any more; where that is not known, it says so itself."""
    closes_at = conversation.windows.get(channel_id)
    return closes_at is not None and closes_at <= now


class HeldParts:
    """What could not be sent any more goes out once the customer has written again."""

    def __init__(self, outbox: OutboxRows, notes: DeliveryNotes, clock: Clock) -> None:
        self._outbox = outbox
        self._notes = notes
        self._clock = clock

    def release(self, channel: AssistantChannel, conversation_id: str) -> None:
        """Send what is held for a customer by this channel; repeating this does nothing."""
        for chat_id in self._outbox.release(conversation_id, channel.id, self._clock()):
            self._notes.note(chat_id)
