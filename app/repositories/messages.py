"""The collection `chats` as a message goes through it: stored once, placed, answered or left."""

from collections.abc import Collection
from datetime import datetime

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.chats import UNSWITCHED, WORKED_ON, Chat, ChatState
from app.domain.ids import first_id_at
from app.repositories.chat_rows import answer_row, from_row, to_row
from app.repositories.mongo import Row


class MessageRepository:
    """Each method is one write whose condition says what must still hold; False means that it did not."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["chats"]

    def add(self, chat: Chat) -> bool:
        """Store a message, before anybody tries to answer it; False if one of its keys is taken."""
        try:
            self._rows.insert_one(to_row(chat))
        except DuplicateKeyError:
            return False
        return True

    def with_key(self, keys: Collection[str]) -> Chat | None:
        """The chat that was stored under one of these keys."""
        row = self._rows.find_one({"keys": {"$in": [ObjectId(key) for key in keys]}})
        return from_row(row) if row else None

    def forget_keys(self, chat_id: str) -> None:
        """Make the keys of a chat free for another."""
        self._rows.update_one({"_id": ObjectId(chat_id)}, {"$unset": {"keys": "", "fingerprint": ""}})

    def remove(self, chat: Chat) -> bool:
        """Take a chat away, if nobody changed its state since it was read."""
        same = {"_id": ObjectId(chat.id), "state": chat.state, "until": chat.until}
        return self._rows.delete_one(same).deleted_count == 1

    def begin(self, chat_id: str, until: datetime) -> bool:
        """Go from gathering to answering, which lasts until `until`; False if it was merged meanwhile."""
        return self._leave_gathering(chat_id, {"state": ChatState.ANSWERING, "until": until})

    def merge(self, chat_id: str, into: str) -> bool:
        """Let the answer of the chat `into` stand for a chat that is still gathering, too."""
        return self._leave_gathering(chat_id, {"state": ChatState.MERGED, "merged_into": ObjectId(into)})

    def inherit(self, conversation_id: str, old_chat_id: str, new_chat_id: str) -> None:
        """What was merged into one chat of a conversation is merged into another from now on."""
        merged = {"conversation_id": ObjectId(conversation_id), "merged_into": ObjectId(old_chat_id)}
        self._rows.update_many(merged, {"$set": {"merged_into": ObjectId(new_chat_id)}})

    def answer(self, chat: Chat, epoch: int) -> bool:
        """Put the answer on a chat; False, and nothing is put, if a switch has given it a later epoch."""
        unswitched = {"_id": ObjectId(chat.id), "epoch": {"$lte": epoch}}
        answered = _end_row(chat, ChatState.ANSWERED) | answer_row(chat)
        return self._rows.update_one(unswitched, {"$set": answered}).matched_count == 1

    def leave_to_person(self, chat: Chat, epoch: int) -> None:
        """A chat that came while a person answers; a switch after that `epoch` has told it better already."""
        left = _end_row(chat, ChatState.LEFT)
        unswitched = {"_id": ObjectId(chat.id), "epoch": UNSWITCHED}
        if not self._rows.update_one(unswitched, {"$set": left | {"active": False, "epoch": epoch}}).matched_count:
            self._set(chat.id, left)

    def discard_answer(self, chat: Chat) -> bool:
        """Keep an answer nobody gets for the record, with its tokens; False if the chat is gone."""
        kept = _end_row(chat, ChatState.LEFT) | answer_row(chat)
        kept["discarded_response"] = kept.pop("response")
        return self._set(chat.id, kept)

    def fail(self, chat: Chat, error: str) -> None:
        """Nothing could answer it; what has come to another end before keeps that."""
        unended = {"_id": ObjectId(chat.id), "state": {"$in": sorted(WORKED_ON)}}
        self._rows.update_one(unended, {"$set": _end_row(chat, ChatState.FAILED) | {"error": error}})

    def release_interrupted(self, since: datetime, error: str) -> None:
        """Nobody works on any message of this time any more: their processes are dead."""
        for active in (True, False):
            rows = {
                "active": active,
                "_id": {"$gte": ObjectId(first_id_at(since))},
                "state": {"$in": sorted(WORKED_ON)},
            }
            self._rows.update_many(rows, {"$set": {"state": ChatState.FAILED, "until": None, "error": error}})

    def _leave_gathering(self, chat_id: str, values: Row) -> bool:
        gathering = {"_id": ObjectId(chat_id), "state": ChatState.GATHERING}
        return self._rows.update_one(gathering, {"$set": values}).matched_count == 1

    def _set(self, chat_id: str, values: Row) -> bool:
        return self._rows.update_one({"_id": ObjectId(chat_id)}, {"$set": values}).matched_count == 1


def _end_row(chat: Chat, state: ChatState) -> Row:
    return {"state": state, "until": None, "username": chat.username}
