"""The collection `chats`: one row is one message and its answer, as dashboards read them."""

from datetime import timedelta

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from app.domain.answers import Turn
from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import Conversation
from app.domain.ids import first_id_at
from app.repositories.chat_rows import from_row
from app.repositories.dialect import Dialect
from app.repositories.mongo import Row
from app.repositories.pages import newest_first
from app.repositories.shared_rows import scope_of

# Two first messages at once: the second may have made the conversation.
_SAME_MOMENT = timedelta(minutes=1)
_MOST_RECENT = 500


class ChatRepository:
    """Chats. `active` repeats what their conversation says, so that lists need one index."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["chats"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions here and in `MessageRepository` need."""
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("owner_id", ASCENDING), ("active", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("active", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("active", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("keys", ASCENDING)], unique=True, sparse=True)

    def by_id(self, chat_id: str) -> Chat | None:
        """The chat with this id."""
        row = self._rows.find_one({"_id": ObjectId(chat_id)})
        return from_row(row) if row else None

    def page(self, wanted: ChatFilter, before: str | None, limit: int) -> list[Chat]:
        """The chats that fit the filter, newest first."""
        return [from_row(row) for row in newest_first(self._dialect, self._rows, _streams(wanted), before, limit)]

    def since(self, conversation_id: str, oldest: str) -> list[Chat]:
        """The chats of a conversation from the id `oldest` on, oldest first; of very many, the last 500."""
        recent = {"conversation_id": ObjectId(conversation_id), "_id": {"$gte": ObjectId(oldest)}}
        rows = self._rows.find(recent).sort("_id", DESCENDING).limit(_MOST_RECENT)
        return [from_row(row) for row in rows][::-1]

    def history(self, conversation: Conversation, before: str, limit: int) -> tuple[Turn, ...]:
        """The last `limit` turns the model may see that came before the chat `before`, oldest first."""
        rows = newest_first(
            self._dialect,
            self._rows,
            [{"conversation_id": ObjectId(conversation.id)}],
            before,
            limit,
            since=conversation.history_from or first_id_at(conversation.created_at - _SAME_MOMENT),
            projection={"message": 1, "response": 1},
        )
        return tuple(Turn(row["message"], row["response"]) for row in reversed(rows))

    def mark(self, conversation: Conversation) -> None:
        """Tell all chats of a conversation who answers, unless a later switch has told them already."""
        stale = {"conversation_id": ObjectId(conversation.id), "epoch": {"$lt": conversation.epoch}}
        self._rows.update_many(stale, {"$set": {"active": conversation.active, "epoch": conversation.epoch}})

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Follow an assistant to its new owner."""
        self._rows.update_many({"assistant_id": ObjectId(assistant_id)}, {"$set": {"owner_id": ObjectId(owner_id)}})

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything this assistant was ever asked."""
        self._rows.delete_many({"assistant_id": ObjectId(assistant_id)})

    def delete_of_conversation(self, conversation_id: str, before: str) -> None:
        """Everything said in a conversation before the id `before`."""
        said = {"conversation_id": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        self._rows.delete_many(said)


def _streams(wanted: ChatFilter) -> list[Row]:
    if wanted.conversation_ids is not None:
        active: Row = {} if wanted.active is None else {"active": wanted.active}
        return [{"conversation_id": ObjectId(one), **active} for one in wanted.conversation_ids]
    states = (True, False) if wanted.active is None else (wanted.active,)
    scope = scope_of(wanted.owner_id, wanted.assistant_id, wanted.hidden_assistants)
    return [{**scope, "active": state} for state in states]
