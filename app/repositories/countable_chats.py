"""The collection `chats` as usage is counted from it; see `usage_intervals` for what is counted."""

from collections.abc import Iterable, Iterator, Sequence

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.chats import WORKED_ON, ChatState
from app.domain.rows import Row
from app.domain.usage import CountableChat
from app.domain.usage_batches import Batch
from app.repositories.chat_rows import tokens_of
from app.repositories.mongo import repeated

_SHOWN = dict.fromkeys(
    (
        *("assistant_id", "createdAt", "state", "model", "tokens", "degraded", "handover_reason"),
        *("took_ms", "by_person", "interval", "discard_interval", "unanswered"),
    ),
    1,
)
# Of many ids in one condition, the embedded database looks at each for each row.
_IDS_AT_ONCE = 50


class CountableChatRepository:
    """Chats that are to be counted, and what happens to them then; each write may be made again."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["chats"]

    def of_interval(self, interval_id: str) -> list[CountableChat]:
        """The chats of which anything came about in an interval."""
        interval = ObjectId(interval_id)
        found: dict[ObjectId, Row] = {}
        for field in ("interval", "discard_interval"):
            found |= {row["_id"]: row for row in self._rows.find({field: interval}, _SHOWN)}
        return [_from_row(row) for row in found.values()]

    def with_ids(self, chat_ids: Sequence[str]) -> list[CountableChat]:
        """Those of these chats that there are."""
        ids = [ObjectId(one) for one in chat_ids]
        return [_from_row(row) for row in self._rows.find({"_id": {"$in": ids}}, _SHOWN)]

    def of_conversation(self, conversation_id: str, before: str, limit: int) -> list[CountableChat]:
        """At most so many chats of a conversation that are older than the id `before`, ended or not."""
        said = {"conversation_id": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        return [_from_row(row) for row in self._rows.find(said, _SHOWN).limit(limit)]

    def of_assistant(self, assistant_id: str) -> Iterator[CountableChat]:
        """All chats of an assistant, oldest first."""
        rows = self._rows.find({"assistant_id": ObjectId(assistant_id)}, _SHOWN).sort("_id", ASCENDING)
        return (_from_row(row) for row in rows)

    def apply(self, batch: Batch) -> None:
        """Delete the chats that a batch says, now that they are counted."""
        for ids in _parts(batch.deleted):
            self._delete({"_id": {"$in": ids}})
        for ids in _parts(batch.unended):
            self._delete({"_id": {"$in": ids}, "state": {"$in": sorted(WORKED_ON)}})

    def _delete(self, wanted: Row) -> None:
        repeated(lambda: self._rows.delete_many(wanted))


def _parts(chat_ids: Sequence[str]) -> Iterable[list[ObjectId]]:
    ids = [ObjectId(one) for one in chat_ids]
    return (ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE))


def _from_row(row: Row) -> CountableChat:
    interval, discard_interval = row.get("interval"), row.get("discard_interval")
    return CountableChat(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        created_at=row["createdAt"],
        state=ChatState(row["state"]),
        model=row.get("model"),
        tokens=tokens_of(row),
        degraded=row.get("degraded", False),
        handed_over=row.get("handover_reason") is not None,
        took_ms=row.get("took_ms"),
        by_person=row.get("by_person", False),
        unanswered="unanswered" in row,
        interval=str(interval) if interval else None,
        discard_interval=str(discard_interval) if discard_interval else None,
    )
