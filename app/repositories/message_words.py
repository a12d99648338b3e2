"""The collection `message_words`: the words of chats, by which messages are found.

It is apart from `chats`, so that a message waits for no index of words; it is derived, and can be made anew.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo import ASCENDING, ReplaceOne
from pymongo.database import Database

from app.domain.chats import Chat
from app.domain.message_search import FoundChatIds, IndexingProgress
from app.domain.rows import Row
from app.repositories.chat_rows import from_row
from app.repositories.conversation_filters import next_look
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first

_WINDOW = timedelta(minutes=10)
CHATS = "chats"
"""The row of the collection `message_words_progress`."""
_COMPARED = 100


class MessageWordRepository:
    """One row for each chat that has words."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["message_words"]
        self._progress = database["message_words_progress"]
        self._chats = database["chats"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("words", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])

    def progress(self) -> IndexingProgress | None:
        """How far chats are indexed; None: nothing was ever."""
        row = self._progress.find_one({"_id": CHATS})
        if row is None:
            return None
        return IndexingProgress(row["until"], None if row["before"] is None else str(row["before"]))

    def advance(self, progress: IndexingProgress) -> None:
        """Remember how far chats are indexed."""
        before = ObjectId(progress.before) if progress.before else progress.before
        values = {"until": progress.until, "before": before}
        self._progress.update_one({"_id": CHATS}, {"$set": values}, upsert=True)

    def changed(self, since: datetime, now: datetime, most: int) -> tuple[list[Chat], datetime]:
        """Chats that changed since a moment, the first change first, at most `most`, and until when."""
        until = min(now, since + _WINDOW)
        span = {"changed": {"$gte": since, "$lte": until}}
        rows = list(self._chats.find(span).sort("changed", ASCENDING).limit(most))
        return [from_row(row) for row in rows], rows[-1]["changed"] if len(rows) == most else until

    def older(self, before: str | None, most: int) -> list[Chat]:
        """At most `most` chats before an id, newest first."""
        rows = newest_first(self._dialect, self._chats, [self._dialect.everything], before, most)
        return [from_row(row) for row in rows]

    def put(self, words: Mapping[str, Sequence[str]], chats: Sequence[Chat]) -> None:
        """Index chats by their words, in the place of those they had."""
        writes = [ReplaceOne({"_id": ObjectId(one.id)}, _row(one, words[one.id]), upsert=True) for one in chats]
        if writes:
            repeated(lambda: self._rows.bulk_write(writes, ordered=False))

    def search(
        self, assistant_ids: Sequence[str], words: Sequence[str], before: str | None, limit: int
    ) -> FoundChatIds:
        """Chats of these assistants that have all the words, newest first, as far as one request looks."""
        rarest = self._rarest(assistant_ids, words)
        streams = [{"assistant_id": ObjectId(one), "words": rarest} for one in assistant_ids]
        shown = {"words": 1} if words[1:] else {"_id": 1}
        found: list[str] = []
        left, size = self._dialect.most_searched, limit + 1
        looked_at = 0
        while left > 0:
            size = min(size, left)
            rows = newest_first(self._dialect, self._rows, streams, before, size, projection=shown)
            for row in rows:
                before = str(row["_id"])
                if not words[1:] or set(words) <= set(row["words"]):
                    found.append(before)
                    if len(found) == limit:
                        return FoundChatIds(found, before)
            if len(rows) < size:
                return FoundChatIds(found, None)
            looked_at, left = looked_at + size, left - size
            size = next_look(size, looked_at, len(found), limit)
        return FoundChatIds(found, before)

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete the words of a contact's chats before this id; returns how many rows."""
        wanted = {"conversation_id": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        return repeated(lambda: self._rows.delete_many(wanted)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _rarest(self, assistant_ids: Sequence[str], words: Sequence[str]) -> str:
        """The word that the fewest of the latest chats have."""
        if len(words) == 1:
            return words[0]

        def commonness(word: str) -> tuple[int, str]:
            """How many of the latest hundred chats with it there are, and since when these are."""
            streams = [{"assistant_id": ObjectId(one), "words": word} for one in assistant_ids]
            shown: Row = {"_id": 1}
            rows = newest_first(self._dialect, self._rows, streams, None, _COMPARED, projection=shown)
            return len(rows), str(rows[-1]["_id"]) if rows else ""

        return min(words, key=commonness)


def _row(chat: Chat, words: Sequence[str]) -> Row:
    return {
        "_id": ObjectId(chat.id),
        "assistant_id": ObjectId(chat.assistant_id),
        "conversation_id": ObjectId(chat.conversation_id),
        "words": list(words),
    }
