"""What counted usage means for the budgets of assistants."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from app.domain.ids import derived_id
from app.domain.prices import in_reais
from app.domain.usage import Calendar, CountableChat, Tally, UsageKey
from app.domain.usage_batches import Batch, BudgetChange, MonthlyBudget
from app.domain.webhooks import EventType
from app.services.ports.accounts import Assistants
from app.services.ports.usage import BudgetRows
from app.services.ports.webhooks import Events

_WARNING_SHARE = Decimal("0.8")
_CENT = Decimal("0.01")


class BudgetLedger:
    """Enters what was spent into the budgets, and says when one is used up."""

    def __init__(self, rows: BudgetRows, assistants: Assistants, events: Events, calendar: Calendar) -> None:
        self._rows = rows
        self._assistants = assistants
        self._events = events
        self._calendar = calendar

    def changes(self, costs: Iterable[tuple[CountableChat, int]]) -> tuple[BudgetChange, ...]:
        """What these chats, which cost so many billionths of a real, change of the budgets there are."""
        spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for chat, cost in costs:
            month = self._calendar.month(chat.created_at)
            spent[budget_id_of(chat.assistant_id, month)][chat.id] += cost
        budgets = self._rows.with_ids(list(spent)) if spent else []
        return tuple(_change(budget, spent[budget.id]) for budget in budgets)

    def month(self, moment: datetime) -> str:
        """The month whose budget is good for a message that came at a moment."""
        return self._calendar.month(moment)

    def budget_id(self, assistant_id: str, moment: datetime) -> str:
        """The id of the assistant's budget for that month, known before there is one."""
        return budget_id_of(assistant_id, self.month(moment))

    def corrections(self, assistant_id: str, tallies: Mapping[UsageKey, Tally]) -> tuple[BudgetChange, ...]:
        """What brings an assistant's budgets in line with its counters."""
        budgets = self._rows.of_assistant(assistant_id)
        spent = {budget.id: spent_in(budget.month, tallies) for budget in budgets}
        return tuple(BudgetChange(one.id, spent[one.id] - one.spent) for one in budgets)

    def apply(self, batch: Batch) -> None:
        """Enter a batch; repeating this does nothing."""
        if batch.budgets or batch.opened:
            self._rows.apply(batch)

    def announce(self, batch: Batch) -> None:
        """Say of the budgets in a batch, once each, that four fifths or all of one are spent."""
        changed = [change.budget_id for change in batch.budgets]
        for budget in self._rows.with_ids(changed) if changed else ():
            if budget.spent >= _WARNING_SHARE * budget.limit:
                self.say(budget, EventType.BUDGET_WARNING)
            if budget.spent >= budget.limit:
                self.say(budget, EventType.BUDGET_EXHAUSTED)

    def say(self, budget: MonthlyBudget, event_type: EventType) -> None:
        """Emit an event of a budget, once a month."""
        if event_type in budget.announced:
            return
        assistant = self._assistants.by_id(budget.assistant_id)
        if assistant is None:
            return
        data = {
            "assistant_id": budget.assistant_id,
            "month": budget.month,
            "monthly_budget_brl": str(in_reais(budget.limit).quantize(_CENT)),
            "spent_brl": str(in_reais(budget.spent).quantize(_CENT)),
        }
        self._events.emit(assistant, event_type, data, key=budget.id)
        self._rows.announced(budget.id, event_type)


def budget_id_of(assistant_id: str, month: str) -> str:
    """The id of an assistant's budget of a month, known before there is one."""
    return derived_id(assistant_id, month)


def spent_in(month: str, tallies: Mapping[UsageKey, Tally]) -> int:
    """What counters say was spent in a month, in billionths of a real."""
    return sum(tally["cost"] for key, tally in tallies.items() if key.day.startswith(month))


def _change(budget: MonthlyBudget, costs: dict[str, int]) -> BudgetChange:
    held = [hold for hold in budget.holds if hold.chat_id in costs]
    return BudgetChange(budget.id, sum(costs.values()), sum(hold.amount for hold in held), tuple(costs))
