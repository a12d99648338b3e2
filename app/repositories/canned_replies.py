"""The collection `canned_replies`: texts that operators write often."""

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.canned_replies import CannedReply
from app.domain.folding import fold
from app.domain.rows import Row
from app.repositories.mongo import repeated


class CannedReplyRepository:
    """Canned replies; of two shortcuts that differ in case and accents only, an assistant has one."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["canned_replies"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("folded", ASCENDING)], unique=True)

    def add(self, reply: CannedReply) -> bool:
        """Store a new one; False if there is one of this shortcut."""
        row = {
            "_id": ObjectId(reply.id),
            "assistant_id": ObjectId(reply.assistant_id),
            "shortcut": reply.shortcut,
            "folded": fold(reply.shortcut),
            "text": reply.text,
            "createdAt": reply.created_at,
        }
        try:
            self._rows.insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, reply_id: str) -> CannedReply | None:
        """The one with this id."""
        row = self._rows.find_one({"_id": ObjectId(reply_id)})
        return reply_of(row) if row else None

    def of_assistant(self, assistant_id: str) -> list[CannedReply]:
        """All of an assistant, by shortcut."""
        rows = self._rows.find({"assistant_id": ObjectId(assistant_id)})
        return [reply_of(row) for row in sorted(rows, key=lambda row: str(row["folded"]))]

    def change(self, reply: CannedReply) -> bool:
        """Give it another shortcut and text; False if there is another one of this shortcut."""
        values = {"shortcut": reply.shortcut, "folded": fold(reply.shortcut), "text": reply.text}
        try:
            self._rows.update_one({"_id": ObjectId(reply.id)}, {"$set": values})
        except DuplicateKeyError:
            return False
        return True

    def delete(self, reply_id: str) -> bool:
        """Delete it; False if that was done before."""
        return self._rows.delete_one({"_id": ObjectId(reply_id)}).deleted_count == 1

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def reply_of(row: Row) -> CannedReply:
    """The canned reply of a row."""
    return CannedReply(str(row["_id"]), str(row["assistant_id"]), row["shortcut"], row["text"], row["createdAt"])
