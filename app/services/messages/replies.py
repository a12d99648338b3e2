"""From a message whose turn it is to its reply, committed or dropped."""

import logging
from collections.abc import Iterator
from dataclasses import replace

from app.domain.answers import Answer, Question
from app.domain.assistants import WhenUnavailable
from app.domain.chats import Chat
from app.domain.conversations import Source, Tokens
from app.domain.documents import Passage
from app.domain.errors import ModelError
from app.services.conversations import ConversationKeeper
from app.services.handover_intent import wants_person
from app.services.messages.exchange import Reply
from app.services.messages.outcomes import Outcomes
from app.services.messages.questions import Questions, text_of
from app.services.messages.turns import Turn
from app.services.ports.conversations import Answerer

_HANDOVER_MESSAGE = "Vou passar você para uma pessoa da nossa equipe. Só um momento, por favor."
_WISH = "O cliente pediu para falar com uma pessoa."
# What is left of the time for a stand-in, should the model need all of it.
_RESERVE_SECONDS = 0.2

_log = logging.getLogger(__name__)


class Replies:
    """Asks the model, or who stands in for it, and commits what it says."""

    def __init__(
        self,
        questions: Questions,
        answerer: Answerer,
        stand_in: Answerer,
        conversations: ConversationKeeper,
        outcomes: Outcomes,
    ) -> None:
        self._questions = questions
        self._answerer = answerer
        self._stand_in = stand_in
        self._conversations = conversations
        self._outcomes = outcomes

    def whole(self, turn: Turn) -> Reply:
        """The reply. Raises `ModelError`, and `ChatInactiveError` when a person took over meanwhile."""
        try:
            return Reply(self._commit(turn, self._answer(turn)))
        except Exception as error:
            self._outcomes.failed(turn.chat, error)
            raise

    def pieces(self, turn: Turn) -> Iterator[str | Reply]:
        """The reply's text as it comes, then the reply; raises as `whole` does."""
        try:
            yield from self._pieces(turn)
        except Exception as error:
            self._outcomes.failed(turn.chat, error)
            raise

    def _answer(self, turn: Turn) -> Answer:
        if wants_person(text_of(turn)):
            return _wish_granted()
        question = self._questions.of(turn)
        try:
            return self._answerer.answer(question, _time_for_model(turn))
        except ModelError as error:
            return self._answer_instead(turn, question, error)

    def _pieces(self, turn: Turn) -> Iterator[str | Reply]:
        handed_out = False
        for item in self._as_it_comes(turn):
            if isinstance(item, str):
                handed_out = True
                yield item
                continue
            chat = self._commit(turn, item)
            if not handed_out:
                yield chat.response
            yield Reply(chat)

    def _as_it_comes(self, turn: Turn) -> Iterator[str | Answer]:
        if wants_person(text_of(turn)):
            yield _wish_granted()
            return
        question, begun = self._questions.of(turn), False
        try:
            for item in self._answerer.stream(question, _time_for_model(turn)):
                begun = True
                yield item
        except ModelError as error:
            if begun:
                raise
            yield self._answer_instead(turn, question, error)

    def _answer_instead(self, turn: Turn, question: Question, error: ModelError) -> Answer:
        """What the assistant's settings say for the time without a model; raises `error` if they say nothing."""
        settings = turn.assistant.settings
        _log.warning("assistant %s: no model answered (%s)", turn.assistant.id, error.code)
        if settings.when_unavailable is WhenUnavailable.EXTRACTIVE:
            return replace(self._stand_in.answer(question, turn.limit.left()), degraded=True)
        if settings.when_unavailable is WhenUnavailable.MESSAGE and settings.unavailable_message:
            return Answer(settings.unavailable_message, Tokens(), None, degraded=True)
        raise error

    def _commit(self, turn: Turn, answer: Answer) -> Chat:
        chat = _with_answer(turn.chat, answer)
        if answer.handover_reason is None:
            return self._outcomes.answered(chat, turn.conversation.epoch)
        text = turn.assistant.settings.handover_message or _HANDOVER_MESSAGE
        # First of all the assistant is silent; should this process die here, nobody was promised anything.
        epoch = self._conversations.hand_over(turn.conversation, answer.handover_reason)
        if epoch is None:
            raise self._outcomes.discarded(chat)
        chat = replace(chat, response=text, handover_reason=answer.handover_reason, active=False)
        return self._outcomes.answered(chat, epoch)


def _time_for_model(turn: Turn) -> float:
    return max(0.0, turn.limit.left() - _RESERVE_SECONDS)


def _wish_granted() -> Answer:
    return Answer("", Tokens(), None, handover_reason=_WISH)


def _with_answer(chat: Chat, answer: Answer) -> Chat:
    return replace(
        chat,
        response=answer.text,
        tokens=answer.tokens,
        model=answer.model,
        degraded=answer.degraded,
        cut=answer.cut,
        sources=_sources(answer.passages),
    )


def _sources(passages: tuple[Passage, ...]) -> tuple[Source, ...]:
    """Each document once, with its best score; passages come best first."""
    best: dict[str, Source] = {}
    for passage in passages:
        score = round(min(max(passage.score, 0.0), 1.0), 4)
        best.setdefault(passage.document_id, Source(passage.document_id, passage.filename, score))
    return tuple(best.values())
