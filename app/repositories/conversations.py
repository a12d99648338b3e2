"""The collection `conversations`."""

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.conversations import Channel, Conversation
from app.repositories.mongo import Row


class ConversationRepository:
    """One record for each (assistant, message service, channel id), whose id is derived from the three."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["conversations"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING)])
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

    def rename_customer(self, conversation_id: str, username: str) -> None:
        """Remember what the customer is called now."""
        self._rows.update_one({"_id": ObjectId(conversation_id)}, {"$set": {"username": username}})

    def with_channel(self, channel_id: str, owner_id: str | None, assistant_id: str | None) -> list[Conversation]:
        """The conversations with this channel id, of one owner and one assistant (None: of all)."""
        wanted: Row = {"channel.id": channel_id}
        if owner_id:
            wanted["owner_id"] = ObjectId(owner_id)
        if assistant_id:
            wanted["assistant_id"] = ObjectId(assistant_id)
        return [_from_row(row) for row in self._rows.find(wanted)]

    def switch(self, conversation_id: str, *, active: bool) -> None:
        """Say who answers from now on. Its chats still have to be told: see `unsettled`."""
        self._rows.update_one(
            {"_id": ObjectId(conversation_id)},
            {"$set": {"active": active, "unsettled": True}, "$inc": {"epoch": 1}},
        )

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


def _to_row(conversation: Conversation) -> Row:
    return {
        "_id": ObjectId(conversation.id),
        "assistant_id": ObjectId(conversation.assistant_id),
        "owner_id": ObjectId(conversation.owner_id),
        "channel": {"id": conversation.channel.id, "message_service": conversation.channel.message_service},
        "username": conversation.username,
        "active": conversation.active,
        "epoch": conversation.epoch,
        "createdAt": conversation.created_at,
    }


def _from_row(row: Row) -> Conversation:
    return Conversation(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        channel=Channel(row["channel"]["id"], row["channel"]["message_service"]),
        username=row["username"],
        active=row["active"],
        epoch=row["epoch"],
        created_at=row["createdAt"],
    )
