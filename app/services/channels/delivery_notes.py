"""What a chat tells of the delivery of its parts."""

from app.domain.channels import DeliveryState
from app.domain.outbox import OutboxPart
from app.services.ports.channels import ChatDeliveries, OutboxRows

# A chat is as far as its part that is least far; what went wrong with one went wrong with all.
_WORST_FIRST = (
    *(DeliveryState.FAILED, DeliveryState.VOID, DeliveryState.HELD, DeliveryState.UNKNOWN, DeliveryState.QUEUED),
    *(DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.READ),
)


class DeliveryNotes:
    """Keeps the delivery of a chat up to date on the chat."""

    def __init__(self, outbox: OutboxRows, chats: ChatDeliveries) -> None:
        self._outbox = outbox
        self._chats = chats

    def follow(self, part: OutboxPart) -> None:
        """Write down how far a chat is when one of its parts is as this one."""
        others = self._outbox.of_chat(part.chat_id) if part.of_parts != 1 else []
        self._write([part, *(one for one in others if one.id != part.id)])

    def note(self, chat_id: str) -> None:
        """Look at all parts of a chat, and write down how far they are."""
        parts = self._outbox.of_chat(chat_id)
        if parts:
            self._write(parts)

    def _write(self, parts: list[OutboxPart]) -> None:
        worst = least_far(parts)
        self._chats.delivery(worst.chat_id, worst.channel_id, worst.state, worst.changed_at, worst.error)


def least_far(parts: list[OutboxPart]) -> OutboxPart:
    """The part that says how far all of them are."""
    return min(parts, key=lambda part: _WORST_FIRST.index(part.state))
