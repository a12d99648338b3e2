"""Conversations and their chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import derived_id


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a customer writes from: an id (a phone number, say) at a message service."""

    id: str
    message_service: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything between one assistant and one channel.

    `active`: the assistant answers; otherwise a person does. `epoch` counts how often that changed.
    No chat of it is older than `created_at`.
    """

    id: str
    assistant_id: str
    owner_id: str
    channel: Channel
    username: str | None
    active: bool
    epoch: int
    created_at: datetime


def conversation_id_of(assistant_id: str, channel: Channel) -> str:
    """The id of the one conversation of an assistant with a channel, known before it is stored."""
    return derived_id(assistant_id, channel.message_service, channel.id)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model read and wrote; `estimated` where the provider did not say."""

    input: int = 0
    output: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A document an answer was built from, with the best score among its passages (0 to 1)."""

    document_id: str
    filename: str
    score: float


@dataclass(frozen=True, slots=True)
class Chat:
    """One message and its answer; `response` is empty while there is none."""

    id: str
    assistant_id: str
    owner_id: str
    conversation_id: str
    channel: Channel
    username: str | None
    active: bool
    message: str
    created_at: datetime
    response: str = ""
    tokens: Tokens = Tokens()
    sources: tuple[Source, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class ChatFilter:
    """Which chats to list; None does not filter. `conversation_ids` wins over owner and assistant."""

    owner_id: str | None = None
    assistant_id: str | None = None
    conversation_ids: Sequence[str] | None = None
    active: bool | None = None
    hidden_assistants: Sequence[str] = ()
