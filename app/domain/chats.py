"""Chats: each is one message of a conversation and its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.channels import DeliveryState
from app.domain.clocks import is_over
from app.domain.conversations import LONGEST_MESSAGE, Channel, Source, Tokens
from app.domain.media import Media

# The epoch of a chat that was not under way when its conversation was switched.
UNSWITCHED = -1

_NO_TOKENS = Tokens()


class ChatState(StrEnum):
    """How far a message has come.

    `GATHERING`: waiting whether more is written. `ANSWERING`: in the queue, or with the model. The others are ends:
    it was answered; nothing could answer it; a person answers; another message's answer is also for it.
    """

    GATHERING = "gathering"
    ANSWERING = "answering"
    ANSWERED = "answered"
    FAILED = "failed"
    LEFT = "left"
    MERGED = "merged"


WORKED_ON = frozenset({ChatState.GATHERING, ChatState.ANSWERING})


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far an answer has come on its way to the contact, since when, and what went wrong."""

    state: DeliveryState
    at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """One message and its answer; `response` is empty while there is none.

    `active`: whether the assistant answers the conversation now. `parts`: the response as WhatsApp shows it.
    `epoch`: the latest switch of the conversation while the message was under way; an answer begun before is void.
    `state` holds until `until` at most, if nobody ends it: then who worked on it is dead. `keys` are the ids under
    which the gateway may deliver it again, `fingerprint` tells its content from another's. `error` is the code
    of what failed. `discarded_response`: an answer that nobody got, kept for the record. `by_person`: no customer
    asked, a person of the business wrote `response`.
    `announce`: webhooks are still to be told of its end. `answer_epoch`: the conversation's when the answer was
    committed. `channel_id`: by which of the assistant's channels it came, `reply_to`: from whom there,
    `window_closes_at`: until when that channel takes answers to it (None: always), `delivery`: how far the answer
    has come. `media`: the files that came with it. `unanswered`: the assistant did not know.
    `changed_at`: when anything of it last changed, after it was stored.
    """

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
    parts: tuple[str, ...] = ()
    tokens: Tokens = _NO_TOKENS
    sources: tuple[Source, ...] = ()
    model: str | None = None
    degraded: bool = False
    cut: bool = False
    handover_reason: str | None = None
    merged_into: str | None = None
    by_person: bool = False
    state: ChatState = ChatState.ANSWERED
    until: datetime | None = None
    error: str | None = None
    epoch: int = UNSWITCHED
    keys: tuple[str, ...] = ()
    fingerprint: str | None = None
    discarded_response: str | None = None
    announce: bool = False
    answer_epoch: int | None = None
    channel_id: str | None = None
    reply_to: str | None = None
    window_closes_at: datetime | None = None
    delivery: Delivery | None = None
    media: tuple[Media, ...] = ()
    unanswered: bool = False
    changed_at: datetime | None = field(default=None, compare=False)

    def is_settled(self, now: datetime) -> bool:
        """Whether nobody works on it any more."""
        return self.state not in WORKED_ON or self.until is None or is_over(self.until, now, LONGEST_MESSAGE)

    @property
    def has_ended(self) -> bool:
        """Whether it has ended, and no hand-over may have to be finished for it."""
        return self.state not in WORKED_ON and self.handover_reason is None


@dataclass(frozen=True, slots=True)
class ChatFilter:
    """Which chats to list; None does not filter. `conversation_ids` wins over owner and assistant."""

    owner_id: str | None = None
    assistant_id: str | None = None
    conversation_ids: Sequence[str] | None = None
    active: bool | None = None
    hidden_assistants: Sequence[str] = ()
    shared_assistants: Sequence[str] = ()
