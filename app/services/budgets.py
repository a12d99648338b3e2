"""What an assistant may spend in a month: held before a model is asked, and settled when the answer is counted."""

import logging
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.answers import Answer, Question
from app.domain.assistants import Assistant
from app.domain.conversations import Tokens
from app.domain.errors import BudgetExhaustedError
from app.domain.ids import new_id
from app.domain.prices import nano_reais
from app.domain.usage_batches import Batch, BudgetChange, Hold, LogState, MonthlyBudget, Reservation
from app.domain.webhooks import EventType
from app.services.ports import Clock
from app.services.ports.usage import BudgetRows, CountableChats, PaidCall, TokenEstimate, UsageCounters
from app.services.prices import PriceBook
from app.services.usage.batch_log import BatchLog
from app.services.usage.budget_ledger import BudgetLedger, budget_id_of, spent_in
from app.services.usage.counting import UsageCounting

# Any number does to see whether there is a price.
_SOME_TOKENS = Tokens(1000, 1000)

# A process whose clock is slow may still be about to settle.
_MARGIN = timedelta(seconds=30)

# In seconds, between the looks whether calls under way have left room.
_PAUSES = (0, 0.1, 0.2, 0.4, 0.8, 1.5)

_log = logging.getLogger(__name__)


class AnswerCosts:
    """What an answer may cost at the most; `models` are those that may give it where the assistant names none.

    `beside` are those that every assistant pays for besides, such as one that transcribes.
    """

    def __init__(
        self,
        prices: PriceBook,
        estimate: TokenEstimate,
        models: tuple[str, ...],
        clock: Clock,
        *,
        beside: tuple[str, ...] = (),
    ) -> None:
        self._prices = prices
        self._estimate = estimate
        self._models = models
        self._clock = clock
        self._beside = beside

    def unpriced(self, model: str | None) -> list[str]:
        """The models without a price among those that an assistant which names this one may have to pay for."""
        models = (*self._asked(model), *self._beside)
        return [one for one in models if self.of_tokens(one, _SOME_TOKENS) is None]

    def of_tokens(self, model: str, tokens: Tokens) -> int | None:
        """What so many tokens of a model cost now; None: not known."""
        prices = self._prices.history().current
        return prices.cost(model, tokens, self._clock()) if prices else None

    def most(self, question: Question) -> int | None:
        """The cost by the dearest model in billionths of a real, 0 where no model is asked; None: not known."""
        models = self._asked(question.model)
        if not models:
            return 0
        tokens = self._estimate(question)
        costs = [self.of_tokens(one, tokens) for one in models]
        known = [cost for cost in costs if cost is not None]
        return max(known) if len(known) == len(models) else None

    def of(self, answer: Answer, at: datetime) -> int | None:
        """What an answer to a message of that moment did cost; None: not known."""
        return self._prices.history().cost(answer.model, answer.tokens, at)

    def _asked(self, model: str | None) -> tuple[str, ...]:
        """An assistant's own model takes the place of the service's first."""
        return self._models if model is None or not self._models else (model, *self._models[1:])


class BudgetBooks:
    """Opens the budget of a month, and ends holds whose messages are dead; each step is a batch of the counting."""

    def __init__(
        self,
        rows: BudgetRows,
        batches: BatchLog,
        counters: UsageCounters,
        chats: CountableChats,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._batches = batches
        self._counters = counters
        self._chats = chats
        self._clock = clock

    def open(self, assistant: Assistant, month: str, limit: int) -> None:
        """Make the budget of a month if there is none; what was spent in the month before counts."""
        budget_id = budget_id_of(assistant.id, month)

        def opened(state: LogState) -> Batch | None:
            if self._rows.by_id(budget_id) is not None:
                return None
            counted = self._counters.between(f"{month}-01", f"{month}-31", [assistant.id])
            spent = spent_in(month, dict(counted))
            budget = MonthlyBudget(budget_id, assistant.id, month, limit, spent)
            return Batch(new_id(after=state.number), opened=budget)

        if self._batches.run(opened):
            self._rows.delete_before(assistant.id, f"{int(month[:4]) - 1}{month[4:]}")

    def end_dead_holds(self, budget_id: str) -> None:
        """End the holds of messages that nobody answers any more; that of an ended one ends when it is counted."""

        def without_dead(state: LogState) -> Batch | None:
            budget, late = self._rows.by_id(budget_id), self._clock() - _MARGIN
            dead = [hold for hold in budget.holds if hold.until <= late] if budget else []
            chats = self._chats.with_ids([hold.chat_id for hold in dead]) if dead else []
            ended = {chat.id for chat in chats if chat.has_ended}
            dead = [hold for hold in dead if hold.chat_id not in ended]
            if not dead:
                return None
            released = sum(hold.amount for hold in dead)
            change = BudgetChange(budget_id, 0, released, tuple(hold.chat_id for hold in dead))
            return Batch(new_id(after=state.number), budgets=(change,))

        self._batches.run(without_dead)


class Budgets:
    """Lets a model be asked as long as something is left of the month's budget.

    An answer holds what it may cost at the most until it is counted, so that a budget is overspent by no more than
    the calls under way cost beyond their estimates.
    """

    def __init__(
        self,
        rows: BudgetRows,
        books: BudgetBooks,
        counting: UsageCounting,
        costs: AnswerCosts,
        ledger: BudgetLedger,
    ) -> None:
        self._rows = rows
        self._books = books
        self._counting = counting
        self._costs = costs
        self._ledger = ledger
        self._one_at_a_time = threading.Lock()

    def reserve(self, assistant: Assistant, chat: PaidCall, question: Question) -> Reservation:
        """Hold what the answer to a chat may cost; raises `BudgetExhaustedError` if the month's budget is spent.

        Where what is left is held by other calls that are under way, they get three seconds to cost less than that.
        Without a price for each model that may answer, nothing may be spent: the budget could not be kept.
        """
        return self._held(assistant, chat, self._costs.most(question))

    def reserve_tokens(self, assistant: Assistant, call: PaidCall, model: str, most: Tokens) -> Reservation:
        """The same, for a call that takes so many tokens of a model at the most."""
        return self._held(assistant, call, self._costs.of_tokens(model, most))

    def _held(self, assistant: Assistant, chat: PaidCall, amount: int | None) -> Reservation:
        setting = assistant.settings.monthly_budget_brl
        if setting is None or amount is None or chat.until is None:
            _log.warning("assistant %s has a budget, but a model that may answer has no price", assistant.id)
            raise BudgetExhaustedError
        budget_id, limit = self._ledger.budget_id(assistant.id, chat.created_at), nano_reais(setting)
        reservation = Reservation(budget_id, Hold(chat.id, amount, chat.until), chat.created_at)
        for pause in _PAUSES:
            time.sleep(pause)
            if self._rows.hold(budget_id, reservation.hold, limit):
                return reservation
            if self._is_spent(assistant, chat, budget_id, limit):
                break
            if self._rows.hold(budget_id, reservation.hold, limit):
                return reservation
        raise BudgetExhaustedError

    def settle(self, reservation: Reservation, answer: Answer) -> None:
        """Hold what an answer did cost if that is more than was reserved; what is less is released by the counting.

        To be done before the answer is committed: from then on the counting may end the hold.
        """
        cost = self._costs.of(answer, reservation.created_at) or 0
        if cost > reservation.hold.amount:
            self._rows.hold_more(reservation.budget_id, reservation.hold.chat_id, cost - reservation.hold.amount)

    def _is_spent(self, assistant: Assistant, chat: PaidCall, budget_id: str, limit: int) -> bool:
        """Whether the budget is spent; otherwise room is made in it, as far as not all is held by real calls."""
        with self._one_at_a_time:  # as what one counts is counted for all
            budget = self._rows.by_id(budget_id)
            if budget is not None and budget.spent >= limit:
                self._ledger.say(replace(budget, limit=limit), EventType.BUDGET_EXHAUSTED)
                return True
            self._counting.count()
            if budget is None:
                self._books.open(assistant, self._ledger.month(chat.created_at), limit)
            else:
                self._books.end_dead_holds(budget.id)
        return False
