"""The collection `budgets`: what an assistant has spent in a month, and what it may be spending now."""

from contextlib import suppress

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.rows import Row
from app.domain.usage_batches import Batch, Hold, MonthlyBudget
from app.repositories.mongo import repeated

# More than an assistant has threads; what is above waits until usage has been counted.
_MOST_HOLDS = 1000


class BudgetRepository:
    """One row for each assistant and month. `committed` is what was spent, and all that is held."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["budgets"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("month", ASCENDING)])

    def by_id(self, budget_id: str) -> MonthlyBudget | None:
        """The budget with this id."""
        row = self._rows.find_one({"_id": ObjectId(budget_id)})
        return budget_from_row(row) if row else None

    def with_ids(self, budget_ids: list[str]) -> list[MonthlyBudget]:
        """Those of these budgets that there are."""
        rows = self._rows.find({"_id": {"$in": [ObjectId(one) for one in budget_ids]}})
        return [budget_from_row(row) for row in rows]

    def of_assistant(self, assistant_id: str) -> list[MonthlyBudget]:
        """The budgets of an assistant."""
        return [budget_from_row(row) for row in self._rows.find({"assistant_id": ObjectId(assistant_id)})]

    def hold(self, budget_id: str, hold: Hold, limit: int) -> bool:
        """Hold an amount if anything is left of the limit; False if not, or there is no such budget."""
        room = {
            "_id": ObjectId(budget_id),
            "committed": {"$lt": limit},
            f"holds.{_MOST_HOLDS - 1}": {"$exists": False},
        }
        change = {"$inc": {"committed": hold.amount}, "$push": {"holds": _hold_row(hold)}, "$set": {"limit": limit}}
        return self._rows.update_one(room, change).matched_count == 1

    def hold_more(self, budget_id: str, chat_id: str, amount: int) -> None:
        """Hold so much more for a message; nothing happens if its hold has ended."""
        held = {"_id": ObjectId(budget_id), "holds.chat_id": ObjectId(chat_id)}
        self._rows.update_one(held, {"$inc": {"committed": amount, "holds.$.amount": amount}})

    def apply(self, batch: Batch) -> None:
        """Add what was spent, and end the holds that go with it; repeating this does nothing."""
        number = ObjectId(batch.number)
        if batch.opened is not None:
            with suppress(DuplicateKeyError):  # it was opened before
                self._rows.insert_one(budget_row(batch.opened) | {"batch": number})
        for change in batch.budgets:
            ended = {"chat_id": {"$in": [ObjectId(one) for one in change.chat_ids]}}
            amounts = {"spent": change.spent, "committed": change.spent - change.released}
            self._rows.update_one(
                {"_id": ObjectId(change.budget_id), "batch": {"$lt": number}},
                {"$inc": amounts, "$pull": {"holds": ended}, "$set": {"batch": number}},
            )

    def announced(self, budget_id: str, event_type: str) -> None:
        """An event of the budget was emitted."""
        self._rows.update_one({"_id": ObjectId(budget_id)}, {"$addToSet": {"announced": event_type}})

    def delete_before(self, assistant_id: str, month: str) -> None:
        """Delete an assistant's budgets of earlier months."""
        earlier = {"assistant_id": ObjectId(assistant_id), "month": {"$lt": month}}
        repeated(lambda: self._rows.delete_many(earlier))

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete all budgets of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def budget_row(budget: MonthlyBudget) -> Row:
    """The row of a budget."""
    return {
        "_id": ObjectId(budget.id),
        "assistant_id": ObjectId(budget.assistant_id),
        "month": budget.month,
        "limit": budget.limit,
        "spent": budget.spent,
        "committed": budget.spent + sum(hold.amount for hold in budget.holds),
        "holds": [_hold_row(hold) for hold in budget.holds],
    }


def budget_from_row(row: Row) -> MonthlyBudget:
    """The budget of a row."""
    holds = tuple(Hold(str(one["chat_id"]), one["amount"], one["until"]) for one in row["holds"])
    return MonthlyBudget(
        str(row["_id"]),
        str(row["assistant_id"]),
        row["month"],
        row["limit"],
        row["spent"],
        holds,
        frozenset(row.get("announced", ())),
    )


def _hold_row(hold: Hold) -> Row:
    return {"chat_id": ObjectId(hold.chat_id), "amount": hold.amount, "until": hold.until}
