"""The collection `conversation_names`: by which parts of their names and numbers conversations are found.

Parts are of three letters (Zobel and Dart, "Finding approximate matches in large lexicons", 1995), so that any part
of a name is found. It is apart from `conversations`, whose rows change with each message; it is derived.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bson import ObjectId
from pymongo import ASCENDING, ReplaceOne, UpdateOne
from pymongo.database import Database

from app.domain.rows import Row
from app.repositories.message_words import CHATS
from app.repositories.mongo import repeated

_LETTERS = 3
_MOST_PARTS_COUNTED = 8
# A part is rare enough to be looked up without comparing it with others.
_FEW = 20
# What is counted of a part: ids below one, which are one in so many, until there are eight.
_SAMPLES = (("001", 4096), ("04", 64))
_SAMPLE = 8
MOST_FOUND = 1_000
"""A part that more conversations of an assistant have is too common to be looked up."""


class ConversationNameRepository:
    """One row for each conversation."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["conversation_names"]
        self._progress = database["message_words_progress"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("parts", ASCENDING), ("_id", ASCENDING)])

    def put(self, names: Mapping[str, tuple[str, str]], *, replacing: bool) -> None:
        """Index conversations, each with its assistant and its text; or only those that are not indexed."""
        writes: list[ReplaceOne[Row] | UpdateOne] = []
        for conversation_id, (assistant_id, text) in names.items():
            row = {"assistant_id": ObjectId(assistant_id), "text": text, "parts": parts_of(text)}
            one = {"_id": ObjectId(conversation_id)}
            if replacing:
                writes.append(ReplaceOne(one, row, upsert=True))
            else:
                writes.append(UpdateOne(one, {"$setOnInsert": row}, upsert=True))
        if writes:
            repeated(lambda: self._rows.bulk_write(writes, ordered=False))

    def find(self, assistant_ids: Sequence[str], needle: str) -> list[str] | None:
        """The ids of the conversations of these assistants in whose text `needle` is.

        None where that is too common.
        """
        found: list[str] = []
        for assistant_id in assistant_ids:
            wanted = self._rarest(assistant_id, needle)
            if wanted is None:
                return None
            rows = self._rows.find(wanted, {"text": 1})
            found += [str(row["_id"]) for row in rows if needle in row["text"]]
        return found

    def indexed_until(self) -> datetime | None:
        """Until when all chats are indexed that ended; None: not all older ones are."""
        row = self._progress.find_one({"_id": CHATS})
        return row["until"] if row is not None and row["before"] is None else None

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete the name of a conversation; returns how many rows."""
        return self._rows.delete_one({"_id": ObjectId(conversation_id)}).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _rarest(self, assistant_id: str, needle: str) -> Row | None:
        """What asks for the part of `needle` that the fewest conversations have; None if all are common."""
        fewest, rarest = MOST_FOUND, None
        for part in parts_of(needle)[:_MOST_PARTS_COUNTED]:
            asked: Row = {"assistant_id": ObjectId(assistant_id), "parts": part}
            count = self._about(asked)
            if count < fewest:
                fewest, rarest = count, asked
            if count <= _FEW:
                break
        return rarest

    def _about(self, asked: Row) -> int:
        """About how many rows there are: ids are hashes, so that those below one are a sample."""
        for below, share in _SAMPLES:
            found = self._rows.count_documents({**asked, "_id": {"$lt": ObjectId(below + "0" * (24 - len(below)))}})
            if found >= _SAMPLE:
                return found * share
        return self._rows.count_documents(asked)


def parts_of(text: str) -> list[str]:
    """All parts of a text, each once."""
    return list(dict.fromkeys(text[start : start + _LETTERS] for start in range(len(text) - _LETTERS + 1)))
