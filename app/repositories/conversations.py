"""The collection `conversations`."""

import re

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.conversations import Conversation, ConversationFilter
from app.domain.folding import fold
from app.domain.ids import first_id_at
from app.repositories.dialect import Dialect
from app.repositories.mongo import Row
from app.repositories.pages import newest_first
from app.repositories.shared_rows import channel_of, channel_row, scope_of


class ConversationRepository:
    """One record for each (assistant, message service, channel id), whose id is derived from the three."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["conversations"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("owner_id", ASCENDING), ("active", ASCENDING), ("latest_chat_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("active", ASCENDING), ("latest_chat_id", ASCENDING)])
        self._rows.create_index([("active", ASCENDING), ("latest_chat_id", ASCENDING)])
        self._rows.create_index([("channel.id", ASCENDING), ("owner_id", ASCENDING)])
        self._rows.create_index([("unsettled", ASCENDING)], sparse=True)

    def by_id(self, conversation_id: str) -> Conversation | None:
        """The conversation with this id."""
        row = self._rows.find_one({"_id": ObjectId(conversation_id)})
        return _from_row(row) if row else None

    def add(self, conversation: Conversation) -> bool:
        """Store a new conversation; False when another request was faster."""
        try:
            self._rows.insert_one(_to_row(conversation))
        except DuplicateKeyError:
            return False
        return True

    def touch(self, conversation: Conversation, *, renamed: bool) -> None:
        """It has the chat `latest_chat_id`; and the customer is called otherwise than before, if `renamed`."""
        change: Row = {"$max": {"latest_chat_id": ObjectId(conversation.latest_chat_id)}}
        if renamed:
            change["$set"] = {"username": conversation.username, "folded": _folded(conversation)}
        self._rows.update_one({"_id": ObjectId(conversation.id)}, change)

    def with_channel(self, channel_id: str, owner_id: str | None, assistant_id: str | None) -> list[Conversation]:
        """The conversations with this channel id, of one owner and one assistant (None: of all)."""
        wanted: Row = {"channel.id": channel_id}
        if owner_id:
            wanted["owner_id"] = ObjectId(owner_id)
        if assistant_id:
            wanted["assistant_id"] = ObjectId(assistant_id)
        return [_from_row(row) for row in self._rows.find(wanted)]

    def page(self, wanted: ConversationFilter, before: str | None, limit: int) -> list[Conversation]:
        """The conversations that fit the filter, newest activity first, with activity before the chat `before`."""
        scope = scope_of(wanted.owner_id, wanted.assistant_id, wanted.hidden_assistants)
        states = (True, False) if wanted.active is None else (wanted.active,)
        text = {} if wanted.text is None else {"folded": {"$regex": re.escape(fold(wanted.text))}}
        streams = [{**scope, "active": state, **text} for state in states]
        rows = newest_first(self._dialect, self._rows, streams, before, limit, key="latest_chat_id")
        return [_from_row(row) for row in rows]

    def switch(self, changed: Conversation, if_epoch: int | None = None) -> bool:
        """Store who answers from now on, with what goes with it; the epoch grows by one.

        False, and nothing is stored, unless it still has the epoch `if_epoch` (None: any). Its chats still have
        to be told: see `unsettled`.
        """
        same: Row = {"_id": ObjectId(changed.id)}
        if if_epoch is not None:
            same["epoch"] = if_epoch
        values = {"active": changed.active, "unsettled": True, **_history_row(changed)}
        result = self._rows.update_one(same, {"$set": values, "$inc": {"epoch": 1}})
        return result.matched_count == 1

    def person_wrote(self, changed: Conversation) -> bool:
        """Remember when a person last wrote; False, and nothing is stored, if the assistant answers by now."""
        inactive = {"_id": ObjectId(changed.id), "active": False}
        return self._rows.update_one(inactive, {"$set": {"person_at": changed.person_at}}).matched_count == 1

    def unsettled(self) -> list[Conversation]:
        """The conversations whose chats may not yet say who answers."""
        return [_from_row(row) for row in self._rows.find({"unsettled": True})]

    def settled(self, conversation: Conversation) -> bool:
        """Its chats were told; False when it was switched again meanwhile."""
        result = self._rows.update_one(
            {"_id": ObjectId(conversation.id), "epoch": conversation.epoch}, {"$unset": {"unsettled": ""}}
        )
        return result.matched_count == 1

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Follow an assistant to its new owner."""
        self._rows.update_many({"assistant_id": ObjectId(assistant_id)}, {"$set": {"owner_id": ObjectId(owner_id)}})

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything this assistant ever talked about with whom."""
        self._rows.delete_many({"assistant_id": ObjectId(assistant_id)})

    def delete_if_silent_since(self, conversation_id: str, chat_id: str) -> None:
        """Delete it, unless it has a chat newer than the id `chat_id`."""
        silent = {"_id": ObjectId(conversation_id), "latest_chat_id": {"$not": {"$gte": ObjectId(chat_id)}}}
        self._rows.delete_one(silent)


def _folded(conversation: Conversation) -> str:
    """What is searched in: the customer's name and the channel's id."""
    return fold(f"{conversation.username or ''}\n{conversation.channel.id}")


def _history_row(conversation: Conversation) -> Row:
    return {
        "person_at": conversation.person_at,
        "reactivated_at": conversation.reactivated_at,
        "handover_reason": conversation.handover_reason,
        "history_from": ObjectId(conversation.history_from) if conversation.history_from else None,
    }


def _to_row(conversation: Conversation) -> Row:
    return {
        "_id": ObjectId(conversation.id),
        "assistant_id": ObjectId(conversation.assistant_id),
        "owner_id": ObjectId(conversation.owner_id),
        "channel": channel_row(conversation.channel),
        "username": conversation.username,
        "folded": _folded(conversation),
        "active": conversation.active,
        "epoch": conversation.epoch,
        "createdAt": conversation.created_at,
        "latest_chat_id": ObjectId(conversation.latest_chat_id),
        **_history_row(conversation),
    }


def _from_row(row: Row) -> Conversation:
    """The conversation of a row; earlier versions stored less."""
    latest, history_from = row.get("latest_chat_id"), row.get("history_from")
    return Conversation(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        channel=channel_of(row),
        username=row["username"],
        active=row["active"],
        epoch=row["epoch"],
        created_at=row["createdAt"],
        latest_chat_id=str(latest) if latest else first_id_at(row["createdAt"]),
        person_at=row.get("person_at"),
        reactivated_at=row.get("reactivated_at"),
        handover_reason=row.get("handover_reason"),
        history_from=str(history_from) if history_from else None,
    )
