"""What a gateway delivers, and what it gets."""

from dataclasses import dataclass

from app.domain.chats import Chat
from app.domain.conversations import Channel
from app.domain.ids import derived_id
from app.services.messages.deliveries import keys_of


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A customer's message; `deactivate` hands the conversation to a person.

    `message_id` and `idempotency_key` are ids of the gateway: a message with one of them is answered once.
    """

    channel: Channel
    text: str
    username: str | None = None
    deactivate: bool = False
    message_id: str | None = None
    idempotency_key: str | None = None

    def keys(self, assistant_id: str) -> tuple[str, ...]:
        """What two deliveries of one message to an assistant have in common."""
        return keys_of(assistant_id, self.message_id, self.idempotency_key)

    def fingerprint(self) -> str:
        """Equal for equal messages only; the customer's name, which gateways look up, does not count."""
        channel = self.channel
        return derived_id(
            channel.id, channel.message_service, self.text, str(self.deactivate), self.message_id or ""
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A chat with its answer; `replayed` if it was answered at an earlier delivery."""

    chat: Chat
    replayed: bool = False
