"""Asks as a customer would, by the same search and model; nothing is stored but what it cost."""

import time
from datetime import timedelta

from app.domain.answers import Answer, Question
from app.domain.assistants import Assistant
from app.domain.conversations import Tokens
from app.domain.documents import Passage
from app.domain.errors import BudgetExhaustedError
from app.domain.ids import new_id
from app.domain.trials import Trial, TrialCall, TrialRequest
from app.services.handover_intent import wants_person
from app.services.messages import MessageRules
from app.services.ports import Clock
from app.services.ports.conversations import Answerer
from app.services.ports.knowledge import PassageSearch
from app.services.ports.usage import Reservations
from app.services.unanswered import is_unanswered
from app.services.usage.paid_calls import PaidCallCounting

_ASKED_FOR_PERSON = "O cliente pediu para falar com uma pessoa."
_MARGIN = timedelta(seconds=5)


class TrialAsking:
    """Asks; what a model costs is held by the assistant's budget, and counted as usage."""

    def __init__(
        self,
        knowledge: PassageSearch,
        answerer: Answerer,
        budgets: Reservations,
        counting: PaidCallCounting,
        clock: Clock,
        *,
        rules: MessageRules,
    ) -> None:
        self._knowledge = knowledge
        self._answerer = answerer
        self._budgets = budgets
        self._counting = counting
        self._clock = clock
        self._rules = rules

    def ask(self, assistant: Assistant, request: TrialRequest) -> Trial:
        """The answer a customer would get, within the time a customer's answer may take.

        Raises `ModelError`, `BudgetExhaustedError`, and `UnavailableError` if the knowledge cannot be searched.
        """
        began = time.monotonic()
        passages = self._knowledge.search(assistant.id, assistant.knowledge_version, request.message)
        question = self._question(assistant, request, passages)
        if wants_person(request.message):
            answer, cost = Answer("", Tokens(), None, handover_reason=_ASKED_FOR_PERSON), 0
            return Trial(question, answer, cost, time.monotonic() - began, unanswered=False)
        answer, paid = self._answered(assistant, question)
        return Trial(question, answer, paid, time.monotonic() - began, is_unanswered(answer))

    def _answered(self, assistant: Assistant, question: Question) -> tuple[Answer, int | None]:
        """The model's answer, and what it cost."""
        seconds, now = self._rules.timeout_seconds, self._clock()
        call = TrialCall(new_id(), now, now + timedelta(seconds=seconds) + _MARGIN)
        reservation = None
        if assistant.settings.monthly_budget_brl is not None:
            try:
                reservation = self._budgets.reserve(assistant, call, question)
            except BudgetExhaustedError:
                raise BudgetExhaustedError("The assistant's budget for this month is spent.") from None
        answer = self._answerer.answer(question, seconds)
        if reservation is not None:
            self._budgets.settle(reservation, answer)
        return answer, self._counting.count(assistant.id, call, answer)

    def _question(self, assistant: Assistant, request: TrialRequest, passages: tuple[Passage, ...]) -> Question:
        settings, own = assistant.settings, assistant.settings.model
        first = max(0, len(request.history) - self._rules.of(settings).history_turns)
        return Question(
            message=request.message,
            instructions=assistant.prompt if request.prompt is None else request.prompt,
            passages=passages,
            history=request.history[first:],
            model=request.model or (own if own in self._rules.models else None),
            temperature=settings.temperature if request.temperature is None else request.temperature,
        )
