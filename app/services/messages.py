"""A customer's message and its answer: the one straight line through the service."""

from dataclasses import dataclass, replace

from app.domain.answers import Answer, Question
from app.domain.assistants import Assistant
from app.domain.conversations import Channel, Chat, Conversation, Source, conversation_id_of
from app.domain.documents import Passage
from app.domain.errors import ChatInactiveError, InvalidError
from app.domain.ids import new_id
from app.services.conversations import ConversationKeeper
from app.services.ports import Answerer, Chats, Clock, Knowledge


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """What a gateway delivers; `deactivate` hands the conversation to a person."""

    channel: Channel
    text: str
    username: str | None = None
    deactivate: bool = False


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """How long a message may be, and how many earlier turns the model sees."""

    characters: int
    history_turns: int


class MessageService:
    """Stores a message, finds what answers it, asks the model, stores the answer."""

    def __init__(
        self,
        conversations: ConversationKeeper,
        chats: Chats,
        knowledge: Knowledge,
        answerer: Answerer,
        *,
        clock: Clock,
        limits: MessageLimits,
    ) -> None:
        self._conversations = conversations
        self._chats = chats
        self._knowledge = knowledge
        self._answerer = answerer
        self._clock = clock
        self._limits = limits

    def answer(self, assistant: Assistant, message: IncomingMessage) -> Chat:
        """The stored chat with its answer.

        Raises `InvalidError` when it is too long; and, the message being stored all the same,
        `ChatInactiveError` when a person is answering, `ModelError` when the model gave no answer.
        """
        self._check_length(message)
        chat = self._store(assistant, message)
        conversation = self._conversations.open(chat)
        chat = replace(chat, username=chat.username or conversation.username)
        if message.deactivate and conversation.active:
            self._conversations.switch(conversation, active=False)
            raise ChatInactiveError
        if not conversation.active:
            self._chats.leave_to_person(chat, conversation.epoch)
            raise ChatInactiveError
        answer = self._answerer.answer(self._question(assistant, conversation, chat))
        return self._commit(_with_answer(chat, answer))

    def _check_length(self, message: IncomingMessage) -> None:
        if len(message.text) > self._limits.characters:
            problem = f"Has more than {self._limits.characters:,} characters."
            raise InvalidError("The message is too long.", {"message": [problem]})

    def _store(self, assistant: Assistant, message: IncomingMessage) -> Chat:
        chat = Chat(
            id=new_id(),
            assistant_id=assistant.id,
            owner_id=assistant.owner_id,
            conversation_id=conversation_id_of(assistant.id, message.channel),
            channel=message.channel,
            username=message.username,
            active=True,
            message=message.text,
            created_at=self._clock(),
        )
        self._chats.add(chat)
        return chat

    def _question(self, assistant: Assistant, conversation: Conversation, chat: Chat) -> Question:
        return Question(
            message=chat.message,
            instructions=assistant.prompt,
            passages=self._knowledge.search(assistant.id, assistant.knowledge_version, chat.message),
            history=self._chats.history(conversation, chat.id, self._limits.history_turns),
            username=chat.username,
        )

    def _commit(self, chat: Chat) -> Chat:
        """Put the answer on the chat, unless a person has taken over since the message came."""
        if not self._chats.answer(chat):
            self._chats.discard_answer(chat)
            raise ChatInactiveError
        return chat


def _with_answer(chat: Chat, answer: Answer) -> Chat:
    return replace(
        chat,
        response=answer.text,
        tokens=answer.tokens,
        model=answer.model,
        sources=_sources(answer.passages),
    )


def _sources(passages: tuple[Passage, ...]) -> tuple[Source, ...]:
    """Each document once, with its best score; passages come best first."""
    best: dict[str, Source] = {}
    for passage in passages:
        score = round(min(max(passage.score, 0.0), 1.0), 4)
        best.setdefault(passage.document_id, Source(passage.document_id, passage.filename, score))
    return tuple(best.values())
