"""The collection `usage`: what messages were and cost, one row for each assistant, day and model."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.domain.ids import derived_id
from app.domain.rows import Row
from app.domain.usage import NUMBERS, TIMES, Tally, UsageKey
from app.domain.usage_batches import Batch
from app.repositories.failures import only_duplicates
from app.repositories.mongo import repeated

_COUNTED, _REMOVED, _BATCH = "counted", "removed", "batch"


class UsageRepository:
    """Counters. `counted` is all there was, `removed` the part of it whose chats are no more.

    A counter remembers the latest batch it has taken: what is added twice counts once.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["usage"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("day", ASCENDING)])
        self._rows.create_index([("day", ASCENDING)])

    def apply(self, batch: Batch) -> None:
        """Add a batch; repeating this does nothing."""
        number = ObjectId(batch.number)
        writes = [
            _write(key, number, {"$inc": {**_increments(_COUNTED, batch.added.get(key, Tally())), **removed}})
            for key in batch.added.keys() | batch.removed.keys()
            for removed in [_increments(_REMOVED, batch.removed.get(key, Tally()))]
        ]
        writes += [
            _write(key, number, {"$set": {_COUNTED: _nested(tally)}}) for key, tally in batch.replaced.items()
        ]
        if writes:
            repeated(lambda: self._made(writes))

    def between(
        self, first_day: str, last_day: str, assistant_ids: Collection[str] | None
    ) -> Iterator[tuple[UsageKey, Tally]]:
        """What was counted from the first to the last of these days, of these assistants (None: of all)."""
        days: Row = {"day": {"$gte": first_day, "$lte": last_day}}
        if assistant_ids is None:
            yield from self._read(days)
            return
        for assistant_id in assistant_ids:
            yield from self._read({"assistant_id": ObjectId(assistant_id), **days})

    def removed(self, assistant_id: str) -> dict[UsageKey, Tally]:
        """All counters of an assistant, with what they have of chats that are no more."""
        rows = self._rows.find({"assistant_id": ObjectId(assistant_id)})
        return {_key(row): _tally(row.get(_REMOVED, {})) for row in rows}

    def _read(self, wanted: Row) -> Iterator[tuple[UsageKey, Tally]]:
        shown = {"assistant_id": 1, "day": 1, "model": 1, _COUNTED: 1}
        return ((_key(row), _tally(row.get(_COUNTED, {}))) for row in self._rows.find(wanted, shown))

    def _made(self, writes: list[UpdateOne]) -> None:
        try:
            self._rows.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if not only_duplicates(error):  # those are counters that have taken the batch before
                raise


def _write(key: UsageKey, number: ObjectId, change: dict[str, Row]) -> UpdateOne:
    """A change of a counter that has not taken the batch yet; the counter is made if it is not there."""
    row_id = ObjectId(derived_id(key.assistant_id, key.day, *([key.model] if key.model is not None else [])))
    of_key = {"assistant_id": ObjectId(key.assistant_id), "day": key.day, "model": key.model}
    change = {**change, "$setOnInsert": of_key, "$set": {**change.get("$set", {}), _BATCH: number}}
    return UpdateOne(
        {"_id": row_id, _BATCH: {"$lt": number}}, {name: part for name, part in change.items() if part}, True
    )


def _increments(part: str, tally: Tally) -> Row:
    return {f"{part}.{name}": number for name, number in tally.items()}


def _nested(tally: Tally) -> Row:
    """A tally as a part of a row, where the answer times are an object of their own."""
    times = {name.removeprefix(TIMES): number for name, number in tally.items() if name.startswith(TIMES)}
    return {name: tally[name] for name in NUMBERS if tally[name]} | ({"times": times} if times else {})


def _tally(part: Mapping[str, Any]) -> Tally:
    times = {f"{TIMES}{bucket}": number for bucket, number in part.get("times", {}).items()}
    return Tally({name: part[name] for name in NUMBERS if name in part} | times)


def _key(row: Row) -> UsageKey:
    return UsageKey(str(row["assistant_id"]), row["day"], row["model"])
