"""The collection `usage_log`: the one row that says how far the counting of usage is."""

from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.rows import Row
from app.domain.usage import Tally, UsageKey
from app.domain.usage_batches import Batch, BudgetChange, LogState
from app.repositories.budgets import budget_from_row, budget_row

_LOG = "log"
_FIRST = ObjectId(bytes(12))
_TALLIES = ("added", "removed", "replaced")
_IDS = ("intervals", "deleted", "unended")


class UsageLogRepository:
    """Batches come one after another: each is begun only where the one before is done."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["usage_log"]

    def state(self) -> LogState:
        """How far the counting is."""
        row = self._rows.find_one({"_id": _LOG})
        if row is None:
            return LogState(str(_FIRST))
        batch = row.get("batch")
        return LogState(str(row["number"]), _batch(row["number"], batch) if batch else None, row.get("held_until"))

    def begin(self, batch: Batch, after: LogState) -> bool:
        """Write a batch down that was made out of what was there in this state; False if the state is another."""
        return self._step(after, {"number": ObjectId(batch.number), "batch": _batch_row(batch), "held_until": None})

    def hold(self, number: str, until: datetime, after: LogState) -> bool:
        """Let nobody else count for a while, under a new number; False if the state is another."""
        return self._step(after, {"number": ObjectId(number), "batch": None, "held_until": until})

    def close(self, number: str) -> None:
        """All of a batch is done; repeating this does nothing."""
        self._rows.update_one({"_id": _LOG, "number": ObjectId(number)}, {"$set": {"batch": None}})

    def release(self, number: str) -> None:
        """Let others count again."""
        self._rows.update_one({"_id": _LOG, "number": ObjectId(number)}, {"$set": {"held_until": None}})

    def _step(self, after: LogState, values: Row) -> bool:
        if after.open_batch is not None:
            return False
        if after.number == str(_FIRST):
            try:
                self._rows.insert_one({"_id": _LOG, **values})
            except DuplicateKeyError:
                return False
            return True
        same = {"_id": _LOG, "number": ObjectId(after.number)}
        return self._rows.update_one(same, {"$set": values}).matched_count == 1


def _batch_row(batch: Batch) -> Row:
    row: Row = {name: [_tally_row(key, tally) for key, tally in getattr(batch, name).items()] for name in _TALLIES}
    row |= {name: [ObjectId(one) for one in getattr(batch, name)] for name in _IDS}
    row["budgets"] = [
        {
            "budget_id": ObjectId(one.budget_id),
            "spent": one.spent,
            "released": one.released,
            "chat_ids": [ObjectId(chat_id) for chat_id in one.chat_ids],
        }
        for one in batch.budgets
    ]
    row["opened"] = budget_row(batch.opened) if batch.opened else None
    return row


def _batch(number: ObjectId, row: Row) -> Batch:
    tallies: dict[str, Any] = {
        name: {_key(one): Tally(dict(one["numbers"])) for one in row[name]} for name in _TALLIES
    }
    ids: dict[str, Any] = {name: tuple(str(one) for one in row[name]) for name in _IDS}
    budgets = tuple(
        BudgetChange(
            str(one["budget_id"]), one["spent"], one["released"], tuple(str(chat_id) for chat_id in one["chat_ids"])
        )
        for one in row["budgets"]
    )
    opened = budget_from_row(row["opened"]) if row["opened"] else None
    return Batch(number=str(number), budgets=budgets, opened=opened, **tallies, **ids)


def _tally_row(key: UsageKey, tally: Tally) -> Row:
    """Numbers as pairs: names of answer times have a dot."""
    return {
        "assistant_id": ObjectId(key.assistant_id),
        "day": key.day,
        "model": key.model,
        "numbers": [[name, number] for name, number in tally.items()],
    }


def _key(row: Row) -> UsageKey:
    return UsageKey(str(row["assistant_id"]), row["day"], row["model"])
