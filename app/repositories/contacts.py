"""The collection `contacts`: who customers are, by everything that names them."""

from collections.abc import Sequence

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.contacts import Contact
from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.mongo import confirmed_later, repeated
from app.repositories.recently_read import RecentlyRead

# Where no other process changes them.
_REMEMBERED_SECONDS = 60.0


class ContactRepository:
    """Contacts. A key belongs to one row of an assistant, which the database sees to.

    A contact that was merged keeps its row and its keys, and says which contact it is now: so a merge is the change
    of one row, and no key is without a contact meanwhile.
    """

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["contacts"]
        self._recent: RecentlyRead[Contact] = RecentlyRead(_REMEMBERED_SECONDS if dialect.serves_one_process else 0)
        # A contact that is lost is made again from the event that it was made for.
        self._new = confirmed_later(self._rows)

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("assistant_id", ASCENDING), ("keys", ASCENDING)], unique=True)
        self._rows.create_index([("conversation_id", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("merged_into", ASCENDING)], sparse=True)

    def with_key(self, assistant_id: str, key: str) -> Contact | None:
        """The contact of an assistant that has this key; it may be merged."""
        wanted = {"assistant_id": ObjectId(assistant_id), "keys": key}
        return self._recent.get(f"{assistant_id} {key}", lambda: self._one(wanted))

    def by_id(self, contact_id: str) -> Contact | None:
        """The contact with this id; it may be merged."""
        return self._one({"_id": ObjectId(contact_id)})

    def of_conversation(self, conversation_id: str) -> list[Contact]:
        """The contact of a conversation, and all that turned out to be the same one."""
        found = [_from_row(row) for row in self._rows.find({"conversation_id": ObjectId(conversation_id)})]
        for contact in found:  # which grows meanwhile
            merged = [_from_row(row) for row in self._rows.find({"merged_into": ObjectId(contact.id)})]
            into = self.by_id(contact.merged_into) if contact.merged_into else None
            known = {one.id for one in found}
            found += [one for one in (*merged, into) if one and one.id not in known]
        return found

    def add(self, contact: Contact) -> bool:
        """Store a new contact; False, and nothing is stored, if another one has any of its keys."""
        try:
            self._new.insert_one(_to_row(contact))
        except DuplicateKeyError:
            return False
        return True

    def extend(self, contact_id: str, keys: Sequence[str], name: str | None) -> bool:
        """Give a contact more keys and another name.

        False, and nothing changes, if another contact has any of the keys, or this one is merged or gone.
        """
        change = {"$addToSet": {"keys": {"$each": list(keys)}}, "$set": {"name": name}}
        standing = {"_id": ObjectId(contact_id), "merged_into": {"$exists": False}}
        try:
            return self._update(standing, change)
        except DuplicateKeyError:
            return False

    def merge(self, contact_id: str, into: str) -> bool:
        """From now on a contact is another one; False if it is merged already, or gone."""
        self._update({"_id": ObjectId(into)}, {"$set": {"has_merged": True}})
        standing = {"_id": ObjectId(contact_id), "merged_into": {"$exists": False}}
        return self._update(standing, {"$set": {"merged_into": ObjectId(into)}})

    def separate(self, contact: Contact) -> None:
        """A contact is by itself again, as the one it was merged into is gone."""
        if contact.merged_into:
            merged = {"_id": ObjectId(contact.id), "merged_into": ObjectId(contact.merged_into)}
            self._update(merged, {"$unset": {"merged_into": ""}})

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Who owns the contacts of an assistant."""
        elsewhere = {"assistant_id": ObjectId(assistant_id), "owner_id": {"$ne": ObjectId(owner_id)}}
        repeated(lambda: self._rows.update_many(elsewhere, {"$set": {"owner_id": ObjectId(owner_id)}}))
        self._recent.forget()

    def delete_of_assistant(self, assistant_id: str) -> None:
        """All contacts of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))
        self._recent.forget()

    def delete_of_conversation(self, conversation_id: str, before: str) -> int:
        """Delete the contact of a conversation that was made before the chat id `before`; returns how many rows.

        What was merged into it goes first, so that after a crash the same can be found again.
        """
        wanted = {"conversation_id": ObjectId(conversation_id), "_id": {"$lt": ObjectId(before)}}
        found = [row["_id"] for row in self._rows.find(wanted, {"_id": 1})]
        deleted = sum(self._delete_whole(contact_id) for contact_id in found)
        self._recent.forget()
        return deleted

    def _one(self, wanted: Row) -> Contact | None:
        row = self._rows.find_one(wanted)
        return _from_row(row) if row else None

    def _update(self, wanted: Row, change: Row) -> bool:
        try:
            return self._rows.update_one(wanted, change).matched_count == 1
        finally:
            self._recent.forget()

    def _delete_whole(self, contact_id: ObjectId) -> int:
        """Those merged into others, and those into them, are older in turn: this comes to an end."""
        merged = [row["_id"] for row in self._rows.find({"merged_into": contact_id}, {"_id": 1})]
        deleted = sum(self._delete_whole(one) for one in merged)
        return deleted + self._rows.delete_one({"_id": contact_id}).deleted_count


def _to_row(contact: Contact) -> Row:
    return {
        "_id": ObjectId(contact.id),
        "assistant_id": ObjectId(contact.assistant_id),
        "owner_id": ObjectId(contact.owner_id),
        "name": contact.name,
        "address": contact.address,
        "conversation_id": ObjectId(contact.conversation_id),
        "createdAt": contact.created_at,
        "keys": list(contact.keys),
    }


def _from_row(row: Row) -> Contact:
    return Contact(
        id=str(row["_id"]),
        assistant_id=str(row["assistant_id"]),
        owner_id=str(row["owner_id"]),
        name=row["name"],
        address=row["address"],
        conversation_id=str(row["conversation_id"]),
        created_at=row["createdAt"],
        keys=tuple(row["keys"]),
        merged_into=str(row["merged_into"]) if "merged_into" in row else None,
        has_merged=row.get("has_merged", False),
    )
