"""The collection `unanswered_questions`, and the chats that are still to be put into it."""

from datetime import datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.prompts import Author
from app.domain.rows import Row
from app.domain.unanswered import GroupState, UnansweredGroup, UnansweredQuestion
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first
from app.repositories.prompt_versions import author_of

_ASKED = dict.fromkeys(("assistant_id", "conversation_id", "message", "createdAt"), 1)


class UnansweredRepository:
    """Groups of questions. The writes of grouping may be made again."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["unanswered_questions"]
        self._chats = database["chats"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("state", ASCENDING), ("last_chat_id", ASCENDING)])
        self._rows.create_index([("examples.conversation_id", ASCENDING)])
        self._rows.create_index([("origin", ASCENDING)])
        self._chats.create_index([("ungrouped", ASCENDING)], sparse=True)

    def ungrouped(self, limit: int) -> list[UnansweredQuestion]:
        """At most so many questions that are in no group yet."""
        return [_question_of_chat(row) for row in self._chats.find({"ungrouped": True}, _ASKED).limit(limit)]

    def grouped(self, chat_id: str) -> None:
        """The question of a chat is in its group."""
        self._chats.update_one({"_id": ObjectId(chat_id)}, {"$unset": {"ungrouped": ""}})

    def page(self, assistant_id: str, state: GroupState, before: str | None, limit: int) -> list[UnansweredGroup]:
        """An assistant's groups in a state, those asked last first."""
        wanted = {"assistant_id": ObjectId(assistant_id), "state": state}
        rows = newest_first(self._dialect, self._rows, [wanted], before, limit, key="last_chat_id")
        return [_from_row(row) for row in rows]

    def by_id(self, group_id: str) -> UnansweredGroup | None:
        """The group with this id."""
        row = self._rows.find_one({"_id": ObjectId(group_id)})
        return _from_row(row) if row else None

    def add(self, group: UnansweredGroup) -> None:
        """Store a new group; nothing if it is there."""
        try:
            self._rows.insert_one(_to_row(group))
        except DuplicateKeyError:
            return

    def replace(self, group: UnansweredGroup, if_count: int) -> bool:
        """Store what has become of a group; False if another question came to it meanwhile."""
        same = {"_id": ObjectId(group.id), "count": if_count}
        return self._rows.replace_one(same, _to_row(group)).matched_count == 1

    def mark(self, group_id: str, at: datetime | None, by: Author | None) -> None:
        """Mark a group as done, or (None) as open."""
        values = {
            "state": GroupState.OPEN if at is None else GroupState.DONE,
            "done_at": at,
            "author": {"id": ObjectId(by.id), "name": by.name} if by else None,
        }
        self._rows.update_one({"_id": ObjectId(group_id)}, {"$set": values})

    def keep_newest(self, assistant_id: str, most: int) -> None:
        """Delete all groups of an assistant but those asked last."""
        found = self._rows.find({"assistant_id": ObjectId(assistant_id)}, {"last_chat_id": 1})
        newest = sorted(found, key=lambda row: row["last_chat_id"], reverse=True)
        for row in newest[most:]:
            self._rows.delete_one({"_id": row["_id"]})

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Take a conversation's questions out of their groups, of chats older than the id; returns how many."""
        erased = 0
        for row in self._of_conversation(ObjectId(conversation_id)):
            kept = [
                one
                for one in row["examples"]
                if str(one["conversation_id"]) != conversation_id or str(one["chat_id"]) >= before
            ]
            erased += len(row["examples"]) - len(kept)
            if not kept:
                self._rows.delete_one({"_id": row["_id"]})
                continue
            values: Row = {"examples": kept}
            if str(row["origin"]) == conversation_id:
                values |= {"vector": b"", "origin": None}
            self._rows.update_one({"_id": row["_id"]}, {"$set": values})
        return erased

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Delete all groups of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _of_conversation(self, conversation_id: ObjectId) -> list[Row]:
        """The groups that have anything of a conversation."""
        found: dict[ObjectId, Row] = {}
        for field in ("examples.conversation_id", "origin"):
            found |= {row["_id"]: row for row in self._rows.find({field: conversation_id})}
        return list(found.values())


def _question_of_chat(row: Row) -> UnansweredQuestion:
    ids = (str(row["assistant_id"]), str(row["_id"]), str(row["conversation_id"]))
    return UnansweredQuestion(*ids, row["message"], row["createdAt"])


def _to_row(group: UnansweredGroup) -> Row:
    done_by = group.done_by
    return {
        "_id": ObjectId(group.id),
        "assistant_id": ObjectId(group.assistant_id),
        "state": group.state,
        "model": group.model,
        "vector": group.vector,
        "origin": ObjectId(group.origin) if group.origin else None,
        "count": group.count,
        "examples": [
            {
                "chat_id": ObjectId(one.chat_id),
                "conversation_id": ObjectId(one.conversation_id),
                "question": one.question,
                "at": one.at,
            }
            for one in group.examples
        ],
        "first_at": group.first_at,
        "last_at": group.last_at,
        "last_chat_id": ObjectId(group.last_chat_id),
        "done_at": group.done_at,
        "author": {"id": ObjectId(done_by.id), "name": done_by.name} if done_by else None,
    }


def _from_row(row: Row) -> UnansweredGroup:
    assistant_id = str(row["assistant_id"])
    return UnansweredGroup(
        id=str(row["_id"]),
        assistant_id=assistant_id,
        model=row["model"],
        vector=bytes(row["vector"]),
        origin=str(row["origin"]) if row["origin"] else "",
        count=row["count"],
        examples=tuple(
            UnansweredQuestion(
                assistant_id, str(one["chat_id"]), str(one["conversation_id"]), one["question"], one["at"]
            )
            for one in row["examples"]
        ),
        first_at=row["first_at"],
        last_at=row["last_at"],
        last_chat_id=str(row["last_chat_id"]),
        done_at=row["done_at"],
        done_by=author_of(row),
    )
