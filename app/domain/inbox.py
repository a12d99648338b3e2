"""The inbox: what providers posted, and each thing it told of."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.channels import ChannelEvent
from app.domain.media import TakenMedia


@dataclass(frozen=True, slots=True)
class RawEvent:
    """The body of one request to a channel's webhook, as it was stored before it was answered."""

    id: str
    channel_id: str
    assistant_id: str
    body: bytes
    received_at: datetime
    attempts: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Something of a contact that is to be worked on in its conversation's order.

    `at` is the provider's time if there is one that can be believed, else when it was received; `next_at` is when
    it is due. `text_mark` is the same for echoes of one text that came within seconds of a contact's message.
    `message_service` and `address` are those of its conversation. `taken`: its files, once they were fetched.
    """

    id: str
    channel_id: str
    assistant_id: str
    conversation_id: str
    event_id: str
    address: str
    message_service: str
    event: ChannelEvent
    at: datetime
    received_at: datetime
    next_at: datetime
    attempts: int = 0
    text_mark: str | None = None
    taken: TakenMedia | None = None
