"""Counts what calls of models cost that are no messages of customers, and of which no chats are kept."""

from app.domain.answers import Answer
from app.domain.chats import ChatState
from app.domain.ids import new_id
from app.domain.usage import Calendar, CountableChat, Tally, UsageKey
from app.domain.usage_batches import Batch, LogState
from app.services.ports.usage import PaidCall
from app.services.prices import PriceBook
from app.services.usage.batch_log import BatchLog
from app.services.usage.budget_ledger import BudgetLedger


class PaidCallCounting:
    """Adds trials and transcriptions to the counters, as usage of chats that are no more: a rebuild keeps them."""

    def __init__(self, log: BatchLog, prices: PriceBook, ledger: BudgetLedger, calendar: Calendar) -> None:
        self._log = log
        self._prices = prices
        self._ledger = ledger
        self._calendar = calendar

    def count(self, assistant_id: str, call: PaidCall, answer: Answer, *, is_trial: bool = True) -> int | None:
        """Count an answer; what it cost in billionths of a real (None: not known).

        Raises `UnavailableError` while usage is rebuilt for long.
        """
        tokens = answer.tokens
        cost = self._prices.history().cost(answer.model, tokens, call.created_at)
        key = UsageKey(assistant_id, self._calendar.day(call.created_at), answer.model)
        spent = {"tokens_in": tokens.input, "tokens_out": tokens.output, "tokens_cached": tokens.cached}
        numbers = {"tests": int(is_trial), **spent, "cost": cost or 0, "unpriced": int(cost is None)}
        tally = {key: Tally({name: number for name, number in numbers.items() if number})}
        paid = CountableChat(call.id, assistant_id, call.created_at, ChatState.ANSWERED)

        def counted(state: LogState) -> Batch:
            budgets = self._ledger.changes([(paid, cost or 0)])
            return Batch(new_id(after=state.number), added=tally, removed=tally, budgets=budgets)

        self._log.run(counted)
        return cost
