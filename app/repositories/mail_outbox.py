"""The collection `mail_outbox`: mails that are to be sent, until they are or it is too late."""

from datetime import datetime
from typing import Protocol

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.mail import Mail, MailKind, QueuedMail
from app.domain.rows import Row
from app.repositories.dialect import Dialect


class Cipher(Protocol):
    """What keeps texts, which have links with tokens in them, unreadable in the database."""

    def encrypt(self, key: str) -> bytes: ...
    def decrypt(self, stored: bytes) -> str: ...


class MailOutboxRepository:
    """A lease moves the time at which a mail is due; a mail whose sender dies is due again by itself."""

    def __init__(self, database: Database[Row], cipher: Cipher, dialect: Dialect) -> None:
        self._rows = database["mail_outbox"]
        self._dialect = dialect
        self._cipher = cipher

    def ensure_indexes(self) -> None:
        """Make what the questions below need, and let the database forget."""
        self._rows.create_index([("due_at", ASCENDING)])
        self._dialect.expire(self._rows, "expires_at", 3600)

    def add(self, queued: QueuedMail) -> None:
        """Queue a mail."""
        self._rows.insert_one(
            {
                "_id": ObjectId(queued.id),
                "kind": queued.kind,
                "to": queued.mail.to,
                "subject": queued.mail.subject,
                "text": self._cipher.encrypt(queued.mail.text),
                "due_at": queued.due_at,
                "expires_at": queued.expires_at,
                "attempts": queued.attempts,
            }
        )

    def due(self, now: datetime, limit: int) -> list[QueuedMail]:
        """Those that are due, longest first."""
        rows = self._rows.find({"due_at": {"$lte": now}}).sort("due_at", ASCENDING).limit(limit)
        return [self._from_row(row) for row in rows]

    def lease(self, queued: QueuedMail, until: datetime) -> bool:
        """Begin an attempt; False if somebody else has begun one."""
        unchanged = {"_id": ObjectId(queued.id), "due_at": queued.due_at}
        change = {"$set": {"due_at": until}, "$inc": {"attempts": 1}}
        return self._rows.update_one(unchanged, change).matched_count == 1

    def postpone(self, mail_id: str, due_at: datetime) -> None:
        """An attempt has failed; there is another one then."""
        self._rows.update_one({"_id": ObjectId(mail_id)}, {"$set": {"due_at": due_at}})

    def remove(self, mail_id: str) -> None:
        """It was sent, or is never going to be."""
        self._rows.delete_one({"_id": ObjectId(mail_id)})

    def _from_row(self, row: Row) -> QueuedMail:
        return QueuedMail(
            id=str(row["_id"]),
            kind=MailKind(row["kind"]),
            mail=Mail(row["to"], row["subject"], self._cipher.decrypt(row["text"])),
            due_at=row["due_at"],
            expires_at=row["expires_at"],
            attempts=row["attempts"],
        )
