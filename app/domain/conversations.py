"""Conversations: everything between one assistant and one customer's channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.clocks import is_over
from app.domain.folding import fold
from app.domain.ids import derived_id


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a customer writes from: an id (a phone number, say) at a message service."""

    id: str
    message_service: str


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """A channel of an assistant, and the customer's id there, which answers go to."""

    channel_id: str
    contact: str


# The longest quiet time and answer that settings allow are two minutes and ten.
LONGEST_MESSAGE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A message in its conversation's queue; after `until` its owner counts as dead."""

    chat_id: str
    until: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether its owner counts as dead."""
        return is_over(self.until, now, LONGEST_MESSAGE)


class Answering(StrEnum):
    """Who answers a conversation; `WAITING_FOR_PERSON`: a person should, and the customer has no answer yet."""

    ASSISTANT = "assistant"
    PERSON = "person"
    WAITING_FOR_PERSON = "waiting_for_person"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything between one assistant and one channel.

    `queue`: the messages under way, in the order of their arrival; the first that has not expired is answered.

    `active`: the assistant answers; otherwise a person does. `epoch` counts how often that changed.
    No chat of it is older than `created_at`; `latest_chat_id` is its newest one.
    `person_at`: when a person last took it or wrote. `reactivated_at`: when it last became active by itself.
    `handover_reason`: why the assistant gave it to a person, while it is with them. Chats before
    `history_from` are not shown to the model. `reply_to`: by which of the assistant's channels the customer wrote
    last, if by any. `windows`: by channel, until when its provider takes answers.
    `waiting_since`: while no person has answered, when it was handed over, or the customer wrote first.
    `received` counts the customer's messages, `labels` are ids. `changed_at`: when anything but answers changed.
    """

    id: str
    assistant_id: str
    owner_id: str
    channel: Channel
    username: str | None
    active: bool
    epoch: int
    created_at: datetime
    latest_chat_id: str
    person_at: datetime | None = None
    reactivated_at: datetime | None = None
    handover_reason: str | None = None
    history_from: str | None = None
    queue: tuple[QueueEntry, ...] = ()
    reply_to: ReplyTo | None = None
    windows: Mapping[str, datetime] = field(default_factory=dict)
    waiting_since: datetime | None = None
    received: int = 0
    labels: tuple[str, ...] = ()
    changed_at: datetime | None = field(default=None, compare=False)

    @property
    def window_closes_at(self) -> datetime | None:
        """Until when answers are taken by the channel they go by; None: always, as far as is known."""
        return self.windows.get(self.reply_to.channel_id) if self.reply_to else None

    @property
    def answering(self) -> Answering:
        """Who answers it now."""
        if self.active:
            return Answering.ASSISTANT
        return Answering.PERSON if self.waiting_since is None else Answering.WAITING_FOR_PERSON


def searched_text(username: str | None, channel: Channel) -> str:
    """What a search for a conversation looks into: the customer's name and the channel's id, in plain letters."""
    return fold(f"{username or ''}\n{channel.id}")


def conversation_id_of(assistant_id: str, channel: Channel) -> str:
    """The id of the one conversation of an assistant with a channel, known before it is stored."""
    return derived_id(assistant_id, channel.message_service, channel.id)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model read and wrote; `estimated` where the provider did not say.

    `cached`: the part of `input` that the provider had in its cache, which many charge less for.
    """

    input: int = 0
    output: int = 0
    estimated: bool = False
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A document an answer was built from, with the best score among its passages (0 to 1)."""

    document_id: str
    filename: str
    score: float


@dataclass(frozen=True, slots=True)
class FoundConversations:
    """A page of a search, newest activity first, which may be short or empty though there is more to look through.

    The search goes on with conversations whose latest chat is older than `next_before`; None: it has ended.
    """

    conversations: Sequence[Conversation]
    next_before: str | None


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations to list; None does not filter.

    `text`: part of the customer's name or channel's id. `unread_by`: the user for whom there are unread messages.
    """

    owner_id: str | None = None
    assistant_id: str | None = None
    active: bool | None = None
    text: str | None = None
    hidden_assistants: Sequence[str] = ()
    shared_assistants: Sequence[str] = ()
    answering: Answering | None = None
    label_id: str | None = None
    unread_by: str | None = None

    @property
    def state(self) -> bool | None:
        """Whether the assistant answers those that are wanted; None: either."""
        if self.active is None and self.answering is not None:
            return self.answering is Answering.ASSISTANT
        return self.active

    @property
    def needs_search(self) -> bool:
        """Whether conversations have to be looked at one by one."""
        if self.text is not None or self.unread_by is not None:
            return True
        return self.answering not in {None, Answering.ASSISTANT}

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anything out but other people's conversations, and read ones."""
        return any(one is not None for one in (self.text, self.state, self.label_id))
