"""The model of a message, asked only where the assistant's budget allows it."""

from collections.abc import Iterator

from app.domain.answers import Answer, Question
from app.domain.usage_batches import Reservation
from app.services.messages.message import MessageUnderWay
from app.services.ports.conversations import Answerer
from app.services.ports.usage import Reservations

# What is left of the time for a stand-in, should the model need all of it.
_RESERVE_SECONDS = 0.2


class BudgetedModel:
    """Reserves what an answer may cost, and settles what it did. Nothing of that happens without a budget."""

    def __init__(self, answerer: Answerer, budgets: Reservations) -> None:
        self._answerer = answerer
        self._budgets = budgets

    def answer(self, under_way: MessageUnderWay, question: Question) -> Answer:
        """The model's answer; raises `ModelError`, `BudgetExhaustedError`."""
        reservation = self._reserved(under_way, question)
        answer = self._answerer.answer(question, _time_for_model(under_way))
        return self._settled(reservation, answer)

    def stream(self, under_way: MessageUnderWay, question: Question) -> Iterator[str | Answer]:
        """The answer's text as it comes, then the answer; raises as `answer` does."""
        reservation = self._reserved(under_way, question)
        for item in self._answerer.stream(question, _time_for_model(under_way)):
            yield item if isinstance(item, str) else self._settled(reservation, item)

    def _reserved(self, under_way: MessageUnderWay, question: Question) -> Reservation | None:
        assistant = under_way.assistant
        if assistant.settings.monthly_budget_brl is None:
            return None
        return self._budgets.reserve(assistant, under_way.chat, question)

    def _settled(self, reservation: Reservation | None, answer: Answer) -> Answer:
        if reservation is not None:
            self._budgets.settle(reservation, answer)
        return answer


def _time_for_model(under_way: MessageUnderWay) -> float:
    return max(0.0, under_way.deadline.left() - _RESERVE_SECONDS)
