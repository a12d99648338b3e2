"""What a gateway delivers, what it gets, and what holds for the messages of an assistant."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from app.domain.answers import Image, Question
from app.domain.answers import Turn as EarlierTurn
from app.domain.assistants import Assistant, AssistantSettings
from app.domain.chats import Chat
from app.domain.conversations import Channel, Conversation, QueueEntry, conversation_id_of
from app.domain.deadline import Deadline
from app.domain.documents import Passage
from app.domain.ids import derived_id
from app.domain.media import Media, without_marks

# An answer that comes at the last moment is still to be committed.
_COMMIT_MARGIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A customer's message; `deactivate` hands the conversation to a person, for a `reason` that they are shown.

    `message_id` and `idempotency_key` are ids of the gateway: a message with one of them is answered once.
    `channel_id`: the channel of the assistant that it came by, if it did, `reply_to`: the customer's id there,
    `window_closes_at`: until when that channel takes answers to it, `media`: the files that came with it.
    `quiet_seconds`: how long it is held back at least, in case the customer sends more.
    """

    channel: Channel
    text: str
    username: str | None = None
    deactivate: bool = False
    reason: str | None = None
    message_id: str | None = None
    idempotency_key: str | None = None
    channel_id: str | None = None
    reply_to: str | None = None
    window_closes_at: datetime | None = None
    media: tuple[Media, ...] = ()
    quiet_seconds: float = 0

    def conversation_id(self, assistant_id: str) -> str:
        """The conversation of this message with an assistant."""
        return conversation_id_of(assistant_id, self.channel)

    def keys(self, assistant_id: str) -> tuple[str, ...]:
        """The idempotency keys of this message to an assistant."""
        return idempotency_keys(assistant_id, self.message_id, self.idempotency_key)

    def fingerprint(self) -> str:
        """Equal for equal messages only; the customer's name, which gateways look up, does not count."""
        channel = self.channel
        if self.channel_id:  # whose id of a message is the provider's, and means one only
            return derived_id(channel.id, channel.message_service, self.message_id or "")
        return derived_id(
            channel.id, channel.message_service, self.text, str(self.deactivate), self.message_id or ""
        )


def idempotency_keys(assistant_id: str, message_id: str | None, idempotency_key: str | None) -> tuple[str, ...]:
    """What all copies of one message to an assistant share; () if the gateway gave it no id."""
    given = (("message_id", message_id), ("idempotency_key", idempotency_key))
    return tuple(derived_id(assistant_id, kind, value) for kind, value in given if value)


@dataclass(frozen=True, slots=True)
class Reply:
    """A chat with its answer; `replayed` if it was answered when it was sent before."""

    chat: Chat
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class MessageRules:
    """How long a message may be and its answer may take, how many earlier turns the model sees,
    how long to wait for more messages (0: not at all) and at most, after how many hours without a word
    from a person the assistant answers again (0: never), how many messages of a conversation may wait,
    and which models an assistant may choose.
    """

    characters: int
    timeout_seconds: float
    history_turns: int
    burst_quiet_seconds: float = 0
    burst_max_seconds: float = 20
    auto_reactivate_hours: float = 0
    queue_length: int = 20
    models: frozenset[str] = frozenset()

    def of(self, settings: AssistantSettings) -> "MessageRules":
        """These rules, with what an assistant has of its own."""
        names = ("history_turns", "burst_quiet_seconds", "auto_reactivate_hours")
        own = {name: getattr(settings, name) for name in names}
        return replace(self, **{name: value for name, value in own.items() if value is not None})

    def for_message(self, message: IncomingMessage) -> "MessageRules":
        """These rules, with what a message asks for."""
        longer = max(self.burst_quiet_seconds, message.quiet_seconds)
        return replace(self, burst_quiet_seconds=longer) if message.quiet_seconds else self

    @property
    def quiet_seconds(self) -> float:
        """How long a message is held back at first, in case the customer writes more."""
        return min(self.burst_quiet_seconds, self.burst_max_seconds)

    @property
    def lease(self) -> timedelta:
        """How long a message may be under way; after that, whoever answers it counts as dead."""
        return timedelta(seconds=self.timeout_seconds + self.quiet_seconds) + _COMMIT_MARGIN


@dataclass(frozen=True, slots=True)
class MessageUnderWay:
    """A stored message in its conversation's queue.

    `conversation` and `earlier`, the chats before it (oldest first, those the model may be shown), are as they were
    when they were last read. `epoch` is the conversation's when the message joined: an answer is void once the
    conversation has another one.
    """

    assistant: Assistant
    chat: Chat
    conversation: Conversation
    earlier: tuple[Chat, ...]
    epoch: int
    rules: MessageRules
    deadline: Deadline

    @property
    def is_for_person(self) -> bool:
        """Whether a person answers, or took the conversation over since the message joined."""
        return not self.conversation.active or self.conversation.epoch != self.epoch

    @property
    def ahead(self) -> tuple[QueueEntry, ...]:
        """The queue's entries before it that it has to wait for."""
        ended = set(self.ended)
        before = takewhile(lambda entry: entry.chat_id != self.chat.id, self.conversation.queue)
        return tuple(entry for entry in before if entry.chat_id not in ended)

    @property
    def ended(self) -> list[str]:
        """The ids of the messages that have ended, and may still be in the queue."""
        queued = {entry.chat_id for entry in self.conversation.queue}
        return [chat.id for chat in self.earlier if chat.has_ended and chat.id in queued]

    @property
    def burst(self) -> list[Chat]:
        """The messages its answer is for, oldest first: those merged into it, directly or not, and itself."""
        burst = [self.chat]
        for chat in reversed(self.earlier):
            if chat.merged_into in {one.id for one in burst}:
                burst.insert(0, chat)
        return burst

    @property
    def text(self) -> str:
        """What the customer wrote, in one or several messages."""
        return "\n".join(chat.message for chat in self.burst)

    @property
    def searched_text(self) -> str:
        """What its passages are looked for by."""
        return "\n".join(without_marks(chat.message) if chat.media else chat.message for chat in self.burst)

    def question(self, passages: tuple[Passage, ...], images: tuple[Image, ...] = ()) -> Question:
        """What a model is asked: the message, what may answer it, and what was said before."""
        settings = self.assistant.settings
        return Question(
            message=self.text,
            instructions=self.assistant.prompt,
            passages=passages,
            history=self._history(),
            username=self.chat.username,
            # One that may not be chosen any more gives way to the service's.
            model=settings.model if settings.model in self.rules.models else None,
            temperature=settings.temperature,
            images=images,
        )

    def _history(self) -> tuple[EarlierTurn, ...]:
        burst, first = {chat.id for chat in self.burst}, self.conversation.history_from or ""
        said = [chat for chat in self.earlier if chat.id not in burst and chat.id >= first]
        last = said[max(0, len(said) - self.rules.history_turns) :]
        return tuple(EarlierTurn(chat.message, chat.response) for chat in last)
