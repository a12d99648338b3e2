"""The collection `chats` as usage is counted from it; see `Uncounted`."""

from collections.abc import Iterable, Iterator, Sequence

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.chats import WORKED_ON, ChatState
from app.domain.rows import Row
from app.domain.usage import CountableChat
from app.domain.usage_batches import Batch
from app.repositories.chat_rows import Uncounted, tokens_of
from app.repositories.mongo import repeated

_SHOWN = dict.fromkeys(
    (
        *("assistant_id", "createdAt", "state", "model", "tokens", "degraded", "handover_reason"),
        *("discarded_response", "took_ms", "by_person", "uncounted"),
    ),
    1,
)
_UNCOUNTED = {"uncounted": {"$gt": 0}}
# Of many ids in one condition, the embedded database looks at each for each row.
_IDS_AT_ONCE = 50


class CountableChatRepository:
    """Chats that are to be counted, and what happens to them then; each write may be made again."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["chats"]

    def any_uncounted(self) -> bool:
        """Whether there is anything to count."""
        return self._rows.find_one(_UNCOUNTED, {"_id": 1}) is not None

    def uncounted(self, limit: int) -> list[CountableChat]:
        """At most so many chats with something uncounted."""
        return [_from_row(row) for row in self._rows.find(_UNCOUNTED, _SHOWN).limit(limit)]

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

    def settle(self, batch: Batch) -> None:
        """Do with the chats of a batch what it says, now that they are counted."""
        both = set(batch.ended) & set(batch.discarded)
        self._counted([*both], Uncounted.END | Uncounted.DISCARDED)
        self._counted([one for one in batch.ended if one not in both], Uncounted.END)
        self._counted([one for one in batch.discarded if one not in both], Uncounted.DISCARDED)
        for ids in _parts(batch.deleted):
            self._delete({"_id": {"$in": ids}})
        for ids in _parts(batch.unended):
            self._delete({"_id": {"$in": ids}, "state": {"$in": sorted(WORKED_ON)}})

    def _counted(self, chat_ids: Sequence[str], what: Uncounted) -> None:
        """This of the chats is counted. What came after that was read is not."""
        for ids in _parts(chat_ids):
            found = self._update({"_id": {"$in": ids}, "uncounted": what}, {"$unset": {"uncounted": ""}})
            if what is Uncounted.END and found < len(ids):
                late = {"_id": {"$in": ids}, "uncounted": Uncounted.END | Uncounted.DISCARDED}
                self._update(late, {"$set": {"uncounted": Uncounted.DISCARDED}})

    def _update(self, wanted: Row, change: Row) -> int:
        return repeated(lambda: self._rows.update_many(wanted, change).matched_count)

    def _delete(self, wanted: Row) -> None:
        repeated(lambda: self._rows.delete_many(wanted))


def _parts(chat_ids: Sequence[str]) -> Iterable[list[ObjectId]]:
    ids = [ObjectId(one) for one in chat_ids]
    return (ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE))


def _from_row(row: Row) -> CountableChat:
    uncounted = Uncounted(row.get("uncounted", 0))
    return CountableChat(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        created_at=row["createdAt"],
        state=ChatState(row["state"]),
        model=row.get("model"),
        tokens=tokens_of(row),
        degraded=row.get("degraded", False),
        handed_over=row.get("handover_reason") is not None,
        has_discarded="discarded_response" in row,
        took_ms=row.get("took_ms"),
        by_person=row.get("by_person", False),
        counts_end=bool(uncounted & Uncounted.END),
        counts_discarded=bool(uncounted & Uncounted.DISCARDED),
    )
