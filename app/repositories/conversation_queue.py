"""The collection `conversations` as messages go through it: joined, looked at, left."""

from collections.abc import Sequence
from datetime import datetime

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.chats import Chat
from app.domain.conversations import Conversation
from app.domain.rows import Row
from app.repositories.chat_rows import from_row as chat_of
from app.repositories.conversation_rows import (
    LATEST_CHATS,
    from_row,
    name_row,
    new_row,
    reply_to_row,
    touched,
    window_row,
)
from app.repositories.mongo import confirmed_later


class ConversationQueueRepository:
    """One queue a conversation, in the conversation's row, with the ids of its latest chats."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["conversations"]
        self._queues = confirmed_later(self._rows)  # what counts is the end of a message, on its chat

    def join(self, chat: Chat, most: int) -> Conversation | None:
        """Append a message to its conversation's queue; the conversation, if it is made as this is its first one.

        Nothing happens if the queue has `most` entries, or a chat with a higher id came before: see `look`.
        """
        chat_id = ObjectId(chat.id)
        joinable = {"_id": ObjectId(chat.conversation_id), "latest_chat_id": {"$lt": chat_id}}
        entry = {"chat_id": chat_id, "until": chat.until}
        change = _appended(chat)
        change["$push"]["queue"] = entry
        change["$set"]["latest_chat_id"] = chat_id
        change["$inc"] = {"received": 1}
        try:
            joined = self._queues.update_one(
                {**joinable, f"queue.{most - 1}": {"$exists": False}}, change, upsert=True
            )
        except DuplicateKeyError:
            return None  # it exists, and is full or further on
        if joined.upserted_id is None:
            return None
        made = {**change["$setOnInsert"], **change["$set"], **change["$inc"], "_id": joined.upserted_id}
        return from_row({**made, "queue": [entry], "windows": window_row(chat)})

    def append(self, chat: Chat) -> None:
        """Add a chat that waits for no answer; repeating this does nothing."""
        chat_id = ObjectId(chat.id)
        unknown = {"_id": ObjectId(chat.conversation_id), "latest_chats": {"$ne": chat_id}}
        change = _appended(chat)
        change["$max"] = {**change.get("$max", {}), "latest_chat_id": chat_id}
        try:
            self._rows.update_one(unknown, change, upsert=True)
        except DuplicateKeyError:
            return  # it was added before

    def look(self, conversation_id: str, chats: int) -> tuple[Conversation, tuple[Chat, ...]] | None:
        """The conversation, and at most so many of its latest chats, oldest first; None if there is none."""
        found = self._rows.aggregate(
            [
                {"$match": {"_id": ObjectId(conversation_id)}},
                {"$set": {"latest_chats": {"$slice": ["$latest_chats", -chats]}}},
                {"$lookup": {"from": "chats", "localField": "latest_chats", "foreignField": "_id", "as": "chats"}},
            ]
        )
        row = next(iter(found), None)
        if row is None:
            return None
        said = [chat_of(one) for one in row["chats"]]
        return from_row(row), tuple(sorted(said, key=lambda chat: chat.id))

    def leave(self, conversation_id: str, chat_ids: Sequence[str]) -> None:
        """Take messages out of the queue."""
        left = {"chat_id": {"$in": [ObjectId(one) for one in chat_ids]}}
        self._queues.update_one({"_id": ObjectId(conversation_id)}, {"$pull": {"queue": left}})

    def leave_waiting(self, chat: Chat) -> None:
        """Take a message out of the queue that a person is to answer: the customer waits from now on.

        Unless a person took the conversation, or wrote, after the message came.
        """
        unseen = {
            "_id": ObjectId(chat.conversation_id),
            "active": False,
            "person_at": {"$not": {"$gte": chat.created_at}},
        }
        change = {
            "$pull": {"queue": {"chat_id": ObjectId(chat.id)}},
            "$min": {"waiting_since": chat.created_at},
            "$set": touched(),
        }
        if not self._queues.update_one(unseen, change).matched_count:
            self.leave(chat.conversation_id, [chat.id])

    def hand_over(self, chat: Chat, at: datetime) -> None:
        """Give the conversation to a person as the answer on `chat` says, and take the message out of the queue.

        Nothing happens if the message has left the queue: it has been done.
        """
        queued = {"_id": ObjectId(chat.conversation_id), "queue.chat_id": ObjectId(chat.id)}
        values = {
            "active": False,
            "person_at": at,
            "handover_reason": chat.handover_reason,
            "waiting_since": at,
            **touched(),
        }
        self._rows.update_one(
            queued, {"$set": values, "$inc": {"epoch": 1}, "$pull": {"queue": {"chat_id": ObjectId(chat.id)}}}
        )


def _appended(chat: Chat) -> Row:
    """The change by which a chat belongs to its conversation, which is made if need be."""
    named = {} if chat.by_person or chat.username is None else name_row(chat.username, chat.channel)
    windows = {f"windows.{channel_id}": at for channel_id, at in window_row(chat).items()}
    return {
        "$push": {"latest_chats": {"$each": [ObjectId(chat.id)], "$slice": -LATEST_CHATS}},
        "$set": named | reply_to_row(chat) | touched(),
        "$setOnInsert": {name: value for name, value in new_row(chat).items() if name not in named},
        **({"$max": windows} if windows else {}),
    }
