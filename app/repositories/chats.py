"""The collection `chats`: one row is one message and its answer."""

from dataclasses import asdict
from datetime import timedelta

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.answers import Turn
from app.domain.conversations import Channel, Chat, ChatFilter, Conversation, Source, Tokens
from app.repositories.mongo import Row
from app.repositories.pages import Span, newest_first

_HISTORY_WINDOW = timedelta(days=1)
# Two first messages at once: the second may have made the conversation.
_SAME_MOMENT = timedelta(minutes=1)

# The epoch of a chat that no switch of its conversation has touched since it was stored.
_UNSWITCHED = -1


class ChatRepository:
    """Chats. `active` repeats what their conversation says, so that lists need one index."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["chats"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("owner_id", ASCENDING), ("active", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING), ("active", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("active", ASCENDING), ("_id", ASCENDING)])

    def add(self, chat: Chat) -> None:
        """Store a message, before anybody tries to answer it."""
        self._rows.insert_one(_to_row(chat) | {"epoch": _UNSWITCHED})

    def answer(self, chat: Chat) -> bool:
        """Put the answer on a chat; False, and nothing is put, if its conversation was switched since `add`."""
        unswitched = {"_id": ObjectId(chat.id), "epoch": _UNSWITCHED}
        answered = _answer_row(chat) | {"username": chat.username}
        return self._rows.update_one(unswitched, {"$set": answered}).matched_count == 1

    def leave_to_person(self, chat: Chat, epoch: int) -> None:
        """A chat that came while a person answers; a switch after that `epoch` has told it better already."""
        unswitched = {"_id": ObjectId(chat.id), "epoch": _UNSWITCHED}
        told = {"active": False, "epoch": epoch, "username": chat.username}
        self._rows.update_one(unswitched, {"$set": told})

    def discard_answer(self, chat: Chat) -> None:
        """Keep an answer nobody gets for the record, with its tokens; whoever reads chats does not see it."""
        kept = _answer_row(chat)
        kept["discarded_response"] = kept.pop("response")
        self._rows.update_one({"_id": ObjectId(chat.id)}, {"$set": kept})

    def by_id(self, chat_id: str) -> Chat | None:
        """The chat with this id."""
        row = self._rows.find_one({"_id": ObjectId(chat_id)})
        return _from_row(row) if row else None

    def history(self, conversation: Conversation, before: str, limit: int) -> tuple[Turn, ...]:
        """The last `limit` turns of a conversation that came before the chat `before`, oldest first."""
        turns = [{"conversation_id": ObjectId(conversation.id)}]
        fields = {"message": 1, "response": 1}
        rows = newest_first(
            self._rows,
            turns,
            before,
            limit,
            projection=fields,
            span=Span(conversation.created_at - _SAME_MOMENT, _HISTORY_WINDOW),
        )
        return tuple(Turn(row["message"], row["response"]) for row in reversed(rows))

    def page(self, wanted: ChatFilter, before: str | None, limit: int) -> list[Chat]:
        """The chats that fit the filter, newest first."""
        return [_from_row(row) for row in newest_first(self._rows, _streams(wanted), before, limit)]

    def mark(self, conversation: Conversation) -> None:
        """Tell all chats of a conversation who answers now."""
        stale = {"conversation_id": ObjectId(conversation.id), "epoch": {"$ne": conversation.epoch}}
        self._rows.update_many(stale, {"$set": {"active": conversation.active, "epoch": conversation.epoch}})

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Follow an assistant to its new owner."""
        self._rows.update_many({"assistant_id": ObjectId(assistant_id)}, {"$set": {"owner_id": ObjectId(owner_id)}})

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything this assistant was ever asked."""
        self._rows.delete_many({"assistant_id": ObjectId(assistant_id)})


def _streams(wanted: ChatFilter) -> list[Row]:
    if wanted.conversation_ids is not None:
        active: Row = {} if wanted.active is None else {"active": wanted.active}
        return [{"conversation_id": ObjectId(one), **active} for one in wanted.conversation_ids]
    scope: Row = {}
    if wanted.assistant_id:
        scope["assistant_id"] = ObjectId(wanted.assistant_id)
    elif wanted.owner_id:
        scope["owner_id"] = ObjectId(wanted.owner_id)
    if wanted.hidden_assistants and not wanted.assistant_id:
        scope["assistant_id"] = {"$nin": [ObjectId(one) for one in wanted.hidden_assistants]}
    states = (True, False) if wanted.active is None else (wanted.active,)
    return [{**scope, "active": state} for state in states]


def _answer_row(chat: Chat) -> Row:
    return {
        "response": chat.response,
        "tokens": {"in": chat.tokens.input, "out": chat.tokens.output, "estimated": chat.tokens.estimated},
        "sources": [asdict(source) for source in chat.sources],
        "model": chat.model,
    }


def _to_row(chat: Chat) -> Row:
    return {
        "_id": ObjectId(chat.id),
        "assistant_id": ObjectId(chat.assistant_id),
        "owner_id": ObjectId(chat.owner_id),
        "conversation_id": ObjectId(chat.conversation_id),
        "channel": {"id": chat.channel.id, "message_service": chat.channel.message_service},
        "username": chat.username,
        "active": chat.active,
        "message": chat.message,
        "createdAt": chat.created_at,
        **_answer_row(chat),
    }


def _from_row(row: Row) -> Chat:
    return Chat(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        conversation_id=str(row["conversation_id"]),
        channel=Channel(row["channel"]["id"], row["channel"]["message_service"]),
        username=row["username"],
        active=row["active"],
        message=row["message"],
        created_at=row["createdAt"],
        response=row["response"],
        tokens=Tokens(row["tokens"]["in"], row["tokens"]["out"], row["tokens"]["estimated"]),
        sources=tuple(Source(**source) for source in row["sources"]),
        model=row["model"],
    )
