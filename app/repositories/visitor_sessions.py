"""The collection `visitor_sessions`: what visitors wrote and were answered, for their pages to fetch."""

from datetime import datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.rows import Row
from app.domain.visitors import MOST_MESSAGES, SESSION_LASTS, VisitorMessage, VisitorSession
from app.repositories.mongo import delete_if_any, repeated

_WITHOUT_MESSAGES = {"messages": 0}


class VisitorSessionRepository:
    """Sessions. The latest 100 messages lie in the session's row, so that their numbers follow each other."""

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["visitor_sessions"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("token_hash", ASCENDING)], unique=True)
        self._rows.create_index([("conversation_id", ASCENDING)])
        self._rows.create_index([("assistant_id", ASCENDING)])
        self._rows.create_index([("expires_at", ASCENDING)])

    def add(self, session: VisitorSession, token_hash: str) -> None:
        """Store a new session."""
        self._rows.insert_one(
            {
                "_id": ObjectId(session.id),
                "token_hash": token_hash,
                "channel_id": ObjectId(session.channel_id),
                "assistant_id": ObjectId(session.assistant_id),
                "conversation_id": ObjectId(session.conversation_id),
                "expires_at": session.expires_at,
                "last": 0,
                "delivered": 0,
                "read": 0,
                "messages": [],
            }
        )

    def by_token(self, token_hash: str) -> VisitorSession | None:
        """The session with this token, expired or not."""
        row = self._rows.find_one({"token_hash": token_hash}, _WITHOUT_MESSAGES)
        return _from_row(row) if row else None

    def messages(self, session_id: str) -> list[VisitorMessage]:
        """The messages that are kept, oldest first."""
        row = self._rows.find_one({"_id": ObjectId(session_id)}, {"last": 1, "messages": 1})
        if row is None:
            return []
        first = row["last"] - len(row["messages"]) + 1
        return [_message(number, one) for number, one in enumerate(row["messages"], first)]

    def wrote(self, session_id: str, message_id: str, text: str, at: datetime) -> bool:
        """Add what the visitor wrote, once, and let the session last on; False if there is no such session."""
        return self._put(
            session_id, message_id, text, at, by_visitor=True, values={"expires_at": at + SESSION_LASTS}
        )

    def answered(self, session_id: str, part_id: str, text: str, at: datetime) -> bool:
        """Add an answer, once; False if there is no such session any more."""
        return self._put(session_id, part_id, text, at, by_visitor=False, values={"typing_until": None})

    def show_typing(self, session_id: str, until: datetime) -> None:
        """An answer is being written; nobody will believe so any more after `until`."""
        self._rows.update_one({"_id": ObjectId(session_id)}, {"$set": {"typing_until": until}})

    def seen(self, session_id: str, delivered: int, read: int) -> None:
        """The page has the messages up to these numbers."""
        self._rows.update_one({"_id": ObjectId(session_id)}, {"$max": {"delivered": delivered, "read": read}})

    def forget(self, now: datetime) -> None:
        """Delete the sessions that have expired."""
        delete_if_any(self._rows, {"expires_at": {"$lt": now}})

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete a visitor's session that began before this id; returns how many rows."""
        begun = {"conversation_id": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        return repeated(lambda: self._rows.delete_many(begun)).deleted_count

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Everything of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _put(
        self, session_id: str, message_id: str, text: str, at: datetime, *, by_visitor: bool, values: Row
    ) -> bool:
        message = {"id": message_id, "by_visitor": by_visitor, "text": text, "at": at}
        change: Row = {
            "$inc": {"last": 1},
            "$push": {"messages": {"$each": [message], "$slice": -MOST_MESSAGES}},
            "$set": values,
        }
        without = {"_id": ObjectId(session_id), "messages.id": {"$ne": message_id}}
        if self._rows.update_one(without, change).matched_count:
            return True
        return self._rows.find_one({"_id": ObjectId(session_id)}, {"_id": 1}) is not None


def _message(number: int, row: Row) -> VisitorMessage:
    return VisitorMessage(number, row["id"], row["by_visitor"], row["text"], row["at"])


def _from_row(row: Row) -> VisitorSession:
    return VisitorSession(
        id=str(row["_id"]),
        channel_id=str(row["channel_id"]),
        assistant_id=str(row["assistant_id"]),
        conversation_id=str(row["conversation_id"]),
        expires_at=row["expires_at"],
        last=row["last"],
        delivered=row["delivered"],
        read=row["read"],
        typing_until=row.get("typing_until"),
    )
