"""A customer's message and its answer: the one straight line through the service."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace

from app.domain.answers import Answer, Question
from app.domain.assistants import Assistant, WhenExhausted, WhenUnavailable
from app.domain.chats import Chat, ChatState
from app.domain.conversations import Source, Tokens
from app.domain.documents import Passage
from app.domain.errors import BudgetExhaustedError, ModelError
from app.services.conversations import ConversationSwitch
from app.services.fair_share import FairShare
from app.services.handover_intent import wants_person
from app.services.messages.budgeted_model import BudgetedModel
from app.services.messages.completion import Completion
from app.services.messages.intake import Intake
from app.services.messages.message import IncomingMessage, MessageRules, MessageUnderWay, Reply
from app.services.messages.pictures import Pictures
from app.services.messages.queue import ConversationQueue
from app.services.ports.accounts import Assistants
from app.services.ports.conversations import Answerer
from app.services.ports.knowledge import PassageSearch
from app.services.unanswered import is_unanswered

_HANDOVER_MESSAGE = "Vou passar você para uma pessoa da nossa equipe. Só um momento, por favor."
_ASKED_FOR_PERSON = "O cliente pediu para falar com uma pessoa."
_BUDGET_EXHAUSTED = "O orçamento do mês deste assistente acabou."
# Whoever waited for longer reads anew what the assistant is told and knows.
_FRESH_SECONDS = 0.5

_log = logging.getLogger(__name__)


class MessageQueueing:
    """Brings a message to the point where it is to be answered."""

    def __init__(
        self,
        intake: Intake,
        conversations: ConversationSwitch,
        queue: ConversationQueue,
        completion: Completion,
        assistants: Assistants,
    ) -> None:
        self._intake = intake
        self._conversations = conversations
        self._queue = queue
        self._completion = completion
        self._assistants = assistants

    def take(self, assistant: Assistant, message: IncomingMessage, rules: MessageRules) -> MessageUnderWay | Reply:
        """The message when it is its turn; or its reply, if it has one already or gets none of its own.

        Raises what `Intake.receive` raises, `ChatInactiveError` when a person is answering, and
        `ModelTimeoutError` when the messages before it took all its time.
        """
        received = self._intake.receive(assistant, message, rules)
        if isinstance(received, Reply):
            return received
        try:
            return self._turn_of(received, message)
        except Exception as error:
            self._completion.failed(received.chat, error)
            raise

    def _turn_of(self, under_way: MessageUnderWay, message: IncomingMessage) -> MessageUnderWay | Reply:
        began = time.monotonic()
        under_way = self._opened(under_way, message)
        if under_way.chat.state is ChatState.GATHERING:
            gathered = self._queue.gather(under_way)
            if isinstance(gathered, Chat):
                return Reply(gathered)
            under_way = gathered
        under_way = self._queue.wait(under_way)
        self._check_assistant_answers(under_way)
        return under_way if time.monotonic() - began < _FRESH_SECONDS else self._refreshed(under_way)

    def _opened(self, under_way: MessageUnderWay, message: IncomingMessage) -> MessageUnderWay:
        """The message in a conversation that the assistant answers."""
        assistant, hours = under_way.assistant, under_way.rules.auto_reactivate_hours
        conversation = self._conversations.reactivated(assistant, under_way.conversation, under_way.chat.id, hours)
        if message.deactivate and conversation.active:
            self._conversations.switch(
                assistant,
                conversation,
                active=False,
                waiting_since=under_way.chat.created_at,
                reason=message.reason,
            )
            conversation = replace(conversation, active=False)
        elif message.deactivate:
            self._conversations.void_answers(conversation)
        under_way = replace(under_way, conversation=conversation, epoch=conversation.epoch)
        self._check_assistant_answers(under_way)
        return under_way

    def _check_assistant_answers(self, under_way: MessageUnderWay) -> None:
        if under_way.is_for_person:
            raise self._completion.left_to_person(under_way.chat)

    def _refreshed(self, under_way: MessageUnderWay) -> MessageUnderWay:
        assistant = self._assistants.by_id(under_way.assistant.id)
        return replace(under_way, assistant=assistant or under_way.assistant)


class Responder:
    """Asks the model, or the stand-in for it."""

    def __init__(
        self, knowledge: PassageSearch, model: BudgetedModel, stand_in: Answerer, pictures: Pictures
    ) -> None:
        self._knowledge = knowledge
        self._model = model
        self._stand_in = stand_in
        self._pictures = pictures

    def answer(self, under_way: MessageUnderWay) -> Answer:
        """The answer; raises `ModelError`, and `UnavailableError` if the knowledge cannot be searched."""
        if wants_person(under_way.text):
            return _person_asked_for()
        question = self._question(under_way)
        try:
            return self._model.answer(under_way, question)
        except BudgetExhaustedError as error:
            return self._answer_without_budget(under_way, question, error)
        except ModelError as error:
            return self._answer_instead(under_way, question, error)

    def stream(self, under_way: MessageUnderWay) -> Iterator[str | Answer]:
        """The answer's text as it comes, then the answer; raises as `answer` does."""
        if wants_person(under_way.text):
            yield _person_asked_for()
            return
        question, begun = self._question(under_way), False
        try:
            for item in self._model.stream(under_way, question):
                begun = True
                yield item
        except BudgetExhaustedError as error:
            yield self._answer_without_budget(under_way, question, error)
        except ModelError as error:
            if begun:
                raise
            yield self._answer_instead(under_way, question, error)

    def _question(self, under_way: MessageUnderWay) -> Question:
        assistant = under_way.assistant
        passages = self._knowledge.search(assistant.id, assistant.knowledge_version, under_way.searched_text)
        return under_way.question(passages, self._pictures.of(under_way.burst))

    def _answer_without_budget(
        self, under_way: MessageUnderWay, question: Question, error: BudgetExhaustedError
    ) -> Answer:
        """What the assistant's settings say for when its budget is spent; raises `error` if they say nothing."""
        when_exhausted = under_way.assistant.settings.when_exhausted
        if when_exhausted is WhenExhausted.MESSAGE:
            return Answer("", Tokens(), None, handover_reason=_BUDGET_EXHAUSTED)
        if when_exhausted is WhenExhausted.EXTRACTIVE:
            return replace(self._stand_in.answer(question, under_way.deadline.left()), degraded=True)
        raise error

    def _answer_instead(self, under_way: MessageUnderWay, question: Question, error: ModelError) -> Answer:
        """What the assistant's settings say for the time without a model; raises `error` if they say nothing."""
        settings = under_way.assistant.settings
        _log.warning("assistant %s: no model answered (%s)", under_way.assistant.id, error.code)
        if settings.when_unavailable is WhenUnavailable.EXTRACTIVE:
            return replace(self._stand_in.answer(question, under_way.deadline.left()), degraded=True)
        if settings.when_unavailable is WhenUnavailable.MESSAGE and settings.unavailable_message:
            return Answer(settings.unavailable_message, Tokens(), None, degraded=True)
        raise error


class MessageService:
    """Answers customers' messages."""

    def __init__(
        self,
        queueing: MessageQueueing,
        responder: Responder,
        completion: Completion,
        share: FairShare,
        rules: MessageRules,
    ) -> None:
        self._queueing = queueing
        self._responder = responder
        self._completion = completion
        self._share = share
        self._rules = rules

    def gathers(self, assistant: Assistant) -> bool:
        """Whether messages of this assistant that come shortly after each other get one answer."""
        return self._rules.of(assistant.settings).quiet_seconds > 0

    def answer(self, assistant: Assistant, message: IncomingMessage) -> Reply:
        """The stored chat with its answer.

        Raises `InvalidError` when it is too long or its key belongs to another message, `BusyError`; and, the
        message being stored all the same, `ChatInactiveError` when a person is answering, `InProgressError` when
        an earlier copy of it takes too long, `ModelError` when the model gave no answer.
        """
        with self._share.held(assistant.id, message.conversation_id(assistant.id)):
            rules = self._rules.of(assistant.settings).for_message(message)
            taken = self._queueing.take(assistant, message, rules)
            return taken if isinstance(taken, Reply) else self._answered(taken)

    def stream(self, assistant: Assistant, message: IncomingMessage) -> Reply | Iterator[str | Reply]:
        """What `answer` returns, if there is nothing to wait for; else the answer's text as it comes, then that.

        Raises as `answer` does: at the call until it is this message's turn, and then from the iterator, which
        has to be exhausted even if nobody listens any more.
        """
        conversation_id = message.conversation_id(assistant.id)
        self._share.take(assistant.id, conversation_id)
        streams = False
        try:
            taken = self._queueing.take(assistant, message, self._rules.of(assistant.settings))
            streams = not isinstance(taken, Reply)
        finally:
            if not streams:
                self._share.give_back(assistant.id, conversation_id)
        return taken if isinstance(taken, Reply) else self._pieces(taken)

    def _answered(self, under_way: MessageUnderWay) -> Reply:
        try:
            return Reply(self._commit(under_way, self._responder.answer(under_way)))
        except Exception as error:
            self._completion.failed(under_way.chat, error)
            raise

    def _pieces(self, under_way: MessageUnderWay) -> Iterator[str | Reply]:
        handed_out = False
        try:
            for item in self._responder.stream(under_way):
                if isinstance(item, str):
                    handed_out = True
                    yield item
                    continue
                chat = self._commit(under_way, item)
                if not handed_out:
                    yield chat.response
                yield Reply(chat)
        except Exception as error:
            self._completion.failed(under_way.chat, error)
            raise
        finally:
            self._share.give_back(under_way.assistant.id, under_way.chat.conversation_id)

    def _commit(self, under_way: MessageUnderWay, answer: Answer) -> Chat:
        text = answer.text
        if answer.handover_reason is not None:
            text = under_way.assistant.settings.handover_message or _HANDOVER_MESSAGE
        chat = replace(
            under_way.chat,
            response=text,
            tokens=answer.tokens,
            model=answer.model,
            degraded=answer.degraded,
            cut=answer.cut,
            handover_reason=answer.handover_reason,
            sources=_sources(answer.passages),
            unanswered=is_unanswered(answer),
        )
        return self._completion.answered(chat, under_way.epoch)


def _person_asked_for() -> Answer:
    return Answer("", Tokens(), None, handover_reason=_ASKED_FOR_PERSON)


def _sources(passages: tuple[Passage, ...]) -> tuple[Source, ...]:
    """Each document once, with its best score; passages come best first."""
    best: dict[str, Source] = {}
    for passage in passages:
        score = round(min(max(passage.score, 0.0), 1.0), 4)
        best.setdefault(passage.document_id, Source(passage.document_id, passage.filename, score))
    return tuple(best.values())
