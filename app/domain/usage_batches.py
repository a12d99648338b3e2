"""Batches: what is added to the counters of usage together, and exactly once."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.usage import Tally, UsageKey


@dataclass(frozen=True, slots=True)
class Hold:
    """What may be spent on a message that is being answered: billionths of a real, until `until` at most."""

    chat_id: str
    amount: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """A hold in a budget, for a message that came at `created_at`."""

    budget_id: str
    hold: Hold
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MonthlyBudget:
    """What an assistant may spend in a month and has spent, in billionths of a real.

    `limit` is the assistant's setting as it was when a message came last. `holds` are for the messages that are
    being answered, and for those whose usage has not been counted yet. `announced`: the events that were emitted.
    """

    id: str
    assistant_id: str
    month: str
    limit: int
    spent: int
    holds: tuple[Hold, ...] = ()
    announced: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """So much was spent of a budget; the holds of these chats, `released` in all, end with that."""

    budget_id: str
    spent: int
    released: int = 0
    chat_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """One step of the counting, as it is written down before any of it is done.

    `number` grows from batch to batch; a counter or budget that has seen a number takes nothing of it again.
    `added` goes to what is counted, `removed` to what is counted of chats that are no more; `replaced` are new
    values of what is counted. `intervals` are those that are counted by it. `deleted` are chats to be deleted, and
    `unended` those to be deleted unless they have ended by then.
    """

    number: str
    added: dict[UsageKey, Tally] = field(default_factory=dict)
    removed: dict[UsageKey, Tally] = field(default_factory=dict)
    replaced: dict[UsageKey, Tally] = field(default_factory=dict)
    budgets: tuple[BudgetChange, ...] = ()
    opened: MonthlyBudget | None = None
    intervals: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogState:
    """How far the counting is: the number of the latest batch, and that batch unless all of it is done.

    Nothing is counted before `held_until`, but by who holds the log.
    """

    number: str
    open_batch: Batch | None = None
    held_until: datetime | None = None
