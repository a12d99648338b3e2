"""Webhooks out: what is told, to whom, and what is still to be told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from app.domain.assistants import Assistant
from app.domain.chats import Chat
from app.domain.conversations import Conversation
from app.domain.webhooks import (
    Announcement,
    Contact,
    Delivery,
    DeliveryState,
    EventType,
    Pending,
    Receiver,
    ReceiverAnswer,
    Webhook,
)


class Events(Protocol):
    """Tells the webhooks of an assistant what happened.

    Costs nothing where no webhook wants events of that type. An event with the `key` of an earlier one of its type
    is that event: saying it again does nothing. `contact` is whose personal data is in `data`, if anybody's.
    """

    def emit(
        self,
        assistant: Assistant,
        event_type: EventType,
        data: Mapping[str, Any],
        *,
        key: str,
        contact: Contact | None = None,
    ) -> None: ...


class Webhooks(Protocol):
    def add(self, assistant_id: str, webhook: Webhook, secret: str, most: int) -> bool: ...
    def remove(self, assistant_id: str, webhook_id: str) -> bool: ...
    def disable(self, assistant_id: str, webhook_id: str, now: datetime) -> None: ...
    def receiver(self, assistant_id: str, webhook_id: str) -> Receiver | None: ...


class Deliveries(Protocol):
    """The outbox. Whoever claims a delivery has a lease on it; what a lost lease brings is dropped."""

    def add(self, deliveries: Sequence[Delivery]) -> None: ...
    def pending(self, besides: Collection[str], limit: int) -> list[Pending]: ...
    def claim(self, webhook_id: str, now: datetime, until: datetime) -> Delivery | None: ...
    def delivered(self, delivery: Delivery, now: datetime) -> None: ...
    def retry(self, delivery: Delivery, at: datetime) -> None: ...
    def give_up(self, delivery: Delivery, now: datetime) -> None: ...
    def pause(self, webhook_id: str, now: datetime, until: datetime) -> None: ...
    def give_up_of_webhook(self, webhook_id: str, error: str, now: datetime) -> None: ...
    def delete_of_webhook(self, webhook_id: str) -> None: ...
    def by_id(self, assistant_id: str, delivery_id: str) -> Delivery | None: ...
    def page(
        self, assistant_id: str, webhook_id: str | None, state: DeliveryState | None, before: str | None, limit: int
    ) -> list[Delivery]: ...
    def send_again(self, delivery_id: str, now: datetime, until: datetime) -> None: ...
    def give_up_overdue(self, error: str, now: datetime) -> None: ...
    def forget_ended(self, now: datetime) -> None: ...
    def trim(self, webhook_id: str) -> None: ...


class AnnouncedMessages(Protocol):
    """Messages that are marked as long as their end is to be announced."""

    def by_ids(self, chat_ids: Collection[str]) -> list[Chat]: ...
    def to_announce(self) -> list[Chat]: ...
    def announced(self, chat_ids: Collection[str]) -> None: ...
    def fail(self, chat: Chat, error: str) -> bool: ...


class AnnouncedConversations(Protocol):
    """Conversations that hold announcements of their switches as long as those are to be made."""

    def to_announce(self) -> list[tuple[Conversation, Sequence[Announcement]]]: ...
    def announced(self, conversation_id: str, announcement_id: str) -> None: ...


class ConversationsById(Protocol):
    def by_ids(self, conversation_ids: Collection[str]) -> dict[str, Conversation]: ...


class Sender(Protocol):
    """Sends one request within a bounded time.

    `check` raises `InvalidError` for a URL that is never sent to; `post` raises `SendError`.
    """

    def check(self, url: str) -> None: ...
    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> ReceiverAnswer: ...
