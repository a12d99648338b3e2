"""Rows that name one another, read so that all that is named is there, while others write.

A snapshot would be simpler, but MongoDB keeps one for five minutes, which is less than an export may take. So
what belongs together is read, then looked at once more, and read again if it has changed in between.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bson import ObjectId
from pymongo.database import Database

from app.archive.batch import Batch
from app.archive.format import ArchiveError
from app.archive.media_names import media_of
from app.domain.rows import Row

_LIVE = "live"
_DOCUMENTS_PREFIX = "documents/"
_LOOKS = 200
# What is wrong and does not change was wrong before, as where somebody deleted a file by hand.
_LOOKS_UNCHANGED = 3
_PAUSE_SECONDS = 0.1
_CHUNKS_AT_ONCE = 200


class DocumentSource:
    """A document with the editions and chunks that are searched, and its file.

    A replaced document gets its new file, then its row, then new chunks, an edition and again its row; only then
    do the old ones go. So one of two looks finds all of it.
    """

    def __init__(self, database: Database[Row], documents_dir: Path) -> None:
        self._documents = database["documents"]
        self._editions = database["editions"]
        self._chunks = database["chunks"]
        self._root = documents_dir

    def read_into(self, batch: Batch, document_id: ObjectId) -> None:
        """Fill an empty batch; it stays empty if the document is deleted. Raises `ArchiveError`."""
        unchanged = 0
        for _ in range(_LOOKS):
            batch.clear()
            row = self._live(document_id)
            if row is None:
                return
            is_whole = self._add(batch, row)
            now = self._live(document_id)
            unchanged = unchanged + 1 if now is not None and _version(now) == _version(row) else 0
            if unchanged and (is_whole or unchanged == _LOOKS_UNCHANGED):
                batch.add_row("documents", row)
                return
            time.sleep(_PAUSE_SECONDS)
        raise ArchiveError(f"The document {document_id} changes all the time: export when there is less to do.")

    def _live(self, document_id: ObjectId) -> Row | None:
        return self._documents.find_one({"_id": document_id, "state": _LIVE})

    def _add(self, batch: Batch, row: Row) -> bool:
        """Add what the row names; whether all of it was there."""
        is_whole = self._add_file(batch, row)
        for model in row["indexed_models"]:
            is_whole = self._add_edition(batch, row, model) and is_whole
        return is_whole

    def _add_edition(self, batch: Batch, row: Row, model: str) -> bool:
        edition = self._editions.find_one(
            {"document_id": row["_id"], "revision": row["indexed_revision"], "model": model}
        )
        if edition is None:
            return False
        ids: list[ObjectId] = list(dict.fromkeys(edition["chunk_ids"]))
        found = 0
        for start in range(0, len(ids), _CHUNKS_AT_ONCE):
            for chunk in self._chunks.find({"_id": {"$in": ids[start : start + _CHUNKS_AT_ONCE]}}):
                batch.add_row("chunks", chunk)
                found += 1
        batch.add_row("editions", edition)
        return found == len(ids)

    def _add_file(self, batch: Batch, row: Row) -> bool:
        """The file as the row describes it, in its place or still on its way there; else the one that is there."""
        place = str(row["filepath"]).removeprefix(_DOCUMENTS_PREFIX)
        staged = f"{row['assistant_id']}/.staged/{row['revision']}"
        if any(batch.add_file(path, self._root / path, row["sha256"]) for path in (place, staged)):
            return True
        batch.add_file(place, self._root / place)
        return False


class ConversationSource:
    """Conversations with their chats."""

    def __init__(self, database: Database[Row]) -> None:
        self._conversations = database["conversations"]
        self._chats = database["chats"]
        self.media: list[str] = []

    def read_into(self, batch: Batch, assistant_id: ObjectId, conversation_ids: Sequence[ObjectId]) -> None:
        """Fill an empty batch with those that are still there; raises `ArchiveError`.

        `media` has the paths of their files then.
        """
        for _ in range(_LOOKS):
            batch.clear()
            wanted = {"_id": {"$in": conversation_ids}, "assistant_id": assistant_id}
            found = list(self._conversations.find(wanted))
            conversation_ids = [row["_id"] for row in found]
            said = {"conversation_id": {"$in": conversation_ids}, "assistant_id": assistant_id}
            merged_into: set[Any] = set()
            self.media = []
            for chat in self._chats.find(said):
                batch.add_row("chats", chat)
                self.media += media_of(chat)
                merged_into.add(chat.get("merged_into"))
            if self._are_there(assistant_id, conversation_ids, merged_into - {None}):
                for row in found:
                    batch.add_row("conversations", row)
                return
        raise ArchiveError("Conversations are deleted all the time: export when there is less to do.")

    def _are_there(self, assistant_id: ObjectId, conversation_ids: Sequence[ObjectId], chat_ids: set[Any]) -> bool:
        """Whether none of these was deleted meanwhile."""
        mine = {"assistant_id": assistant_id}
        conversations = self._conversations.find({"_id": {"$in": conversation_ids}, **mine}, {"_id": 1})
        chats = self._chats.find({"_id": {"$in": list(chat_ids)}, **mine}, {"_id": 1})
        return len(list(conversations)) == len(conversation_ids) and len(list(chats)) == len(chat_ids)


def _version(document: Row) -> tuple[Any, ...]:
    return tuple(document.get(name) for name in ("revision", "sha256", "indexed_revision", "indexed_models"))
