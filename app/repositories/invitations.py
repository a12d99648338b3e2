"""The collection `invitations`."""

from collections.abc import Sequence
from datetime import datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.errors import ConflictError
from app.domain.invitations import Invitation
from app.domain.permissions import Role
from app.domain.rows import Row
from app.repositories.mongo import delete_if_any, repeated
from app.repositories.user_rows import email_key


class InvitationRepository:
    """One invitation of an e-mail address to an assistant; of its token only a hash is stored.

    An invitation that somebody is registering with names the account that is being made for it.
    """

    def __init__(self, database: Database[Row]) -> None:
        self._rows = database["invitations"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("email_key", ASCENDING)], unique=True)
        self._rows.create_index([("token_hash", ASCENDING)], unique=True)
        self._rows.create_index([("expires_at", ASCENDING)])
        self._rows.create_index([("claimed_at", ASCENDING)], sparse=True)

    def invite(self, invitation: Invitation, token_hash: str) -> None:
        """Store an invitation in place of the one this address had; raises `ConflictError` while that is used."""
        unclaimed = {
            "assistant_id": ObjectId(invitation.assistant_id),
            "email_key": email_key(invitation.email),
            "claimed_by": None,
        }
        values = {
            "email": invitation.email,
            "role": invitation.role,
            "expires_at": invitation.expires_at,
            "token_hash": token_hash,
        }
        made = {"_id": ObjectId(invitation.id)}
        try:
            self._rows.update_one(unclaimed, {"$set": values, "$setOnInsert": made}, upsert=True)
        except DuplicateKeyError:
            raise ConflictError("This person is just registering; please try again.") from None

    def by_token(self, token_hash: str) -> Invitation | None:
        """The invitation with this token, if nobody is registering with it."""
        row = self._rows.find_one({"token_hash": token_hash, "claimed_by": None})
        return _from_row(row) if row else None

    def of_assistant(self, assistant_id: str, now: datetime) -> list[Invitation]:
        """The invitations to an assistant that can still be used."""
        rows = self._rows.find({"assistant_id": ObjectId(assistant_id), "expires_at": {"$gt": now}})
        return [_from_row(row) for row in rows]

    def claim(self, invitation_id: str, user_id: str, now: datetime) -> bool:
        """Keep an invitation for one account that is being made; False if it is used, withdrawn or expired."""
        good = {"_id": ObjectId(invitation_id), "claimed_by": None, "expires_at": {"$gt": now}}
        change = {"$set": {"claimed_by": ObjectId(user_id), "claimed_at": now}}
        return self._rows.update_one(good, change).matched_count == 1

    def release(self, invitation_id: str, user_id: str) -> None:
        """Make an invitation good again for whose account was not made."""
        claimed = {"_id": ObjectId(invitation_id), "claimed_by": ObjectId(user_id)}
        self._rows.update_one(claimed, {"$unset": {"claimed_by": "", "claimed_at": ""}})

    def claimed_before(self, moment: datetime) -> Sequence[tuple[Invitation, str]]:
        """The invitations that were claimed before a moment and not finished, each with the id of the account."""
        rows = self._rows.find({"claimed_at": {"$lt": moment}})
        return [(_from_row(row), str(row["claimed_by"])) for row in rows]

    def remove(self, invitation_id: str) -> None:
        """Drop an invitation that was used."""
        self._rows.delete_one({"_id": ObjectId(invitation_id)})

    def withdraw(self, assistant_id: str, email: str) -> bool:
        """Drop the invitation of an address; False if there was none."""
        theirs = {"assistant_id": ObjectId(assistant_id), "email_key": email_key(email)}
        return self._rows.delete_one(theirs).deleted_count == 1

    def remove_expired(self, now: datetime) -> None:
        """Drop all that nobody can use any more."""
        delete_if_any(self._rows, {"expires_at": {"$lte": now}, "claimed_by": None})

    def delete_of_assistant(self, assistant_id: str) -> None:
        """Drop all invitations to an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))


def _from_row(row: Row) -> Invitation:
    return Invitation(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        email=row["email"],
        role=Role(row["role"]),
        expires_at=row["expires_at"],
    )
