"""The collection `chats`: one row is one message and its answer, as dashboards read them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.chats import Chat, ChatFilter
from app.domain.conversations import ConversationFilter
from app.domain.ids import first_id_at
from app.domain.overviews import LastMessage
from app.domain.rows import Row
from app.repositories.chat_rows import LAST_MESSAGE, from_row, last_message_of
from app.repositories.conversations import ConversationRepository
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first
from app.repositories.shared_rows import scopes_of

_MANY_CONVERSATIONS = 100
_LARGEST_BATCH = 2000


class ChatRepository:
    """Chats. Whether the assistant answers is told by their conversations, and read with them."""

    def __init__(self, database: Database[Row], conversations: ConversationRepository, dialect: Dialect) -> None:
        self._rows = database["chats"]
        self._conversations = conversations
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions here and in `MessageRepository` need."""
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("owner_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("handing_over", ASCENDING)], sparse=True)
        self._rows.create_index([("interval", ASCENDING)], sparse=True)
        self._rows.create_index([("discard_interval", ASCENDING)], sparse=True)
        self._rows.create_index([("announce", ASCENDING)], sparse=True)
        self._rows.create_index([("changed", ASCENDING)], sparse=True)
        # With the shard key in front, as unique indexes need it (MongoDB's manual, "Unique Indexes on Sharded
        # Collections").
        self._rows.create_index(
            [("assistant_id", ASCENDING), ("keys", ASCENDING)],
            unique=True,
            partialFilterExpression={"keys": {"$exists": True}},
        )
        if self._dialect.everything:
            self._rows.create_index([*((name, ASCENDING) for name in self._dialect.everything), ("_id", ASCENDING)])

    def by_id(self, chat_id: str) -> Chat | None:
        """The chat with this id."""
        row = self._rows.find_one({"_id": ObjectId(chat_id)})
        return self._shown([row])[0] if row else None

    def last_messages(self, chat_ids: Collection[str]) -> dict[str, LastMessage]:
        """What was said last in the conversations that these are the latest chats of, by chat."""
        wanted = {"_id": {"$in": [ObjectId(one) for one in chat_ids]}}
        return {str(row["_id"]): last_message_of(row) for row in self._rows.find(wanted, LAST_MESSAGE)}

    def after(self, conversation_id: str, chat_id: str, limit: int) -> list[Chat]:
        """The chats of a conversation that came next after one, oldest first."""
        later = {"conversation_id": ObjectId(conversation_id), "_id": {"$gt": ObjectId(chat_id)}}
        return self._shown(list(self._rows.find(later).sort("_id", ASCENDING).limit(limit)))

    def changed(self, conversation_id: str, chat_ids: Collection[str], since: datetime, limit: int) -> list[Chat]:
        """Those of these chats that are of a conversation, and all that came since a moment; newest first."""
        mine = {"conversation_id": ObjectId(conversation_id)}
        new = self._rows.find({**mine, "_id": {"$gte": ObjectId(first_id_at(since))}}).limit(limit)
        found = {row["_id"]: row for row in new}
        ids = [ObjectId(one) for one in chat_ids]
        if ids:
            found |= {row["_id"]: row for row in self._rows.find({"_id": {"$in": ids}, **mine})}
        return self._shown([found[one] for one in sorted(found, reverse=True)[:limit]])

    def count_received(self, conversation_id: str, after: str, most: int) -> int:
        """How many messages of the customer came after a chat; `most` means that many or more."""
        later = {"conversation_id": ObjectId(conversation_id), "_id": {"$gt": ObjectId(after)}}
        rows = self._rows.find(later, {"by_person": 1}).limit(most)
        return sum(not row.get("by_person") for row in rows)

    def page(self, wanted: ChatFilter, before: str | None, limit: int) -> list[Chat]:
        """The chats that fit the filter, newest first."""
        if wanted.active is None:
            return self._shown(self._newest(self._streams(wanted), before, limit))
        if wanted.conversation_ids is not None:
            inactive = self._conversations.inactive_among(wanted.conversation_ids)
            ids = [one for one in wanted.conversation_ids if (one not in inactive) == wanted.active]
            return self._shown(self._newest(_of_conversations(ids), before, limit))
        return self._shown(self._in_state(wanted, before, limit))

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Follow an assistant to its new owner."""
        theirs, change = {"assistant_id": ObjectId(assistant_id)}, {"$set": {"owner_id": ObjectId(owner_id)}}
        repeated(lambda: self._rows.update_many(theirs, change))

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything this assistant was ever asked."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _newest(
        self, streams: list[Row], before: str | None, limit: int, projection: Row | None = None
    ) -> list[Row]:
        asked = [stream or self._dialect.everything for stream in streams]
        return newest_first(self._dialect, self._rows, asked, before, limit, projection=projection)

    def _in_state(self, wanted: ChatFilter, before: str | None, limit: int) -> list[Row]:
        """The chats of the conversations in a state.

        A page is filled from the conversations whose latest chat is on it or on an earlier page. Where very many
        have been on earlier pages, all chats are gone through instead.
        """
        state = ConversationFilter(
            wanted.owner_id,
            wanted.assistant_id,
            wanted.active,
            hidden_assistants=wanted.hidden_assistants,
            shared_assistants=wanted.shared_assistants,
        )
        later = self._conversations.latest_in_state(state, before, None, _MANY_CONVERSATIONS) if before else []
        if len(later) == _MANY_CONVERSATIONS:
            found = list(islice(self._ids_in_state(wanted, before, limit), limit))
            rows = self._rows.find({"_id": {"$in": found}})
            return sorted(rows, key=lambda row: row["_id"], reverse=True)
        found_here = self._conversations.latest_in_state(state, None, before, limit)
        conversations = [(ObjectId(one), ObjectId(latest)) for one, latest in (*later, *found_here)]
        return self._dialect.newest_chats(self._rows, conversations, ObjectId(before) if before else None, limit)

    def _ids_in_state(self, wanted: ChatFilter, before: str | None, limit: int) -> Iterator[ObjectId]:
        """The ids of the chats of the conversations in a state, newest first, found among all chats."""
        size = 2 * limit
        while True:
            names = {"_id": 1, "conversation_id": 1}
            batch = self._newest(self._streams(wanted), before, size, names)
            inactive = self._conversations.inactive_among([str(row["conversation_id"]) for row in batch])
            for row in batch:
                if (str(row["conversation_id"]) not in inactive) == wanted.active:
                    yield row["_id"]
            if len(batch) < size:
                return
            before, size = str(batch[-1]["_id"]), min(4 * size, _LARGEST_BATCH)

    def _shown(self, rows: list[Row]) -> list[Chat]:
        chats = [from_row(row) for row in rows]
        inactive = self._conversations.inactive_among([chat.conversation_id for chat in chats])
        return [replace(chat, active=chat.conversation_id not in inactive) for chat in chats]

    def _streams(self, wanted: ChatFilter) -> list[Row]:
        if wanted.conversation_ids is not None:
            return _of_conversations(wanted.conversation_ids)
        return scopes_of(wanted, self._dialect.assistants_a_stream)


def _of_conversations(conversation_ids: Sequence[str]) -> list[Row]:
    return [{"conversation_id": ObjectId(one)} for one in conversation_ids]
