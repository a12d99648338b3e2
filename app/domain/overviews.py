"""Conversations as an operator's list shows them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.channels import ChannelKind
from app.domain.conversations import Conversation


class Author(StrEnum):
    """Who wrote what was said last."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class LastMessage:
    """What was said last in a conversation; `changed_at`: when anything of its chat last changed."""

    chat_id: str
    text: str
    by: Author
    at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class NamedChannel:
    """A channel as it is called."""

    id: str
    kind: ChannelKind
    name: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A conversation with what is looked up for it; `unread` is None for a program.

    `later_changed_at`: when something of it changed that is not shown of it, if that is known.
    """

    conversation: Conversation
    assistant_name: str
    last_message: LastMessage | None = None
    channel: NamedChannel | None = None
    unread: int | None = None
    later_changed_at: datetime | None = None

    @property
    def changed_at(self) -> datetime:
        """When anything that is shown of it last changed, as far as that is on record."""
        moments = [self.conversation.created_at]
        if self.conversation.changed_at is not None:
            moments.append(self.conversation.changed_at)
        if self.last_message is not None:
            moments.append(self.last_message.changed_at)
        if self.later_changed_at is not None:
            moments.append(self.later_changed_at)
        return max(moments)
