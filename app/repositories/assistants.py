"""The collection `assistants`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.assistants import Assistant, Member
from app.domain.keys import first_key
from app.domain.permissions import Role
from app.domain.rows import Row
from app.repositories.assistant_rows import ACTIVE, WITHOUT_LISTS, Vault, assistant_of, settings_row
from app.repositories.dialect import Dialect
from app.repositories.key_rows import key_rows
from app.repositories.mongo import repeated
from app.repositories.own_writes import OwnWrites, ReadUntilWritten
from app.repositories.pages import newest_first

_DELETING = "deleting"
_IDS_AT_ONCE = 1000


class AssistantRepository:
    """Assistants; one that is being deleted is a tombstone no question but `being_deleted` finds."""

    def __init__(
        self, database: Database[Row], vault: Vault, dialect: Dialect, writes: OwnWrites | None = None
    ) -> None:
        self._rows = database["assistants"]
        self._known: ReadUntilWritten[list[Row]] = ReadUntilWritten(writes, ("assistants",))
        self._vault = vault
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("owner_id", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("members.user_id", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("state", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("owner_changed_at", ASCENDING)], sparse=True)
        self._rows.create_index([("settings.retention_days", ASCENDING)], sparse=True)

    def add(self, assistant: Assistant) -> None:
        """Store a new assistant with its first key."""
        first = first_key(assistant.api_key, self._vault.hash(assistant.api_key), assistant.created_at)
        self._rows.insert_one(
            {
                "_id": ObjectId(assistant.id),
                "name": assistant.name,
                "company": assistant.company,
                "owner_id": ObjectId(assistant.owner_id),
                "keys": key_rows([first]),
                "keys_version": 1,
                "key_encrypted": self._vault.encrypt(assistant.api_key),
                "state": ACTIVE,
                "prompt": assistant.prompt,
                "knowledge_version": assistant.knowledge_version,
                "settings": settings_row(asdict(assistant.settings)),
                "createdAt": assistant.created_at,
            }
        )

    def by_id(self, assistant_id: str) -> Assistant | None:
        """The assistant with this id."""
        row = self._rows.find_one({"_id": ObjectId(assistant_id)})
        return assistant_of(row, self._shown_key(row)) if row and row["state"] == ACTIVE else None

    def existing(self, assistant_ids: Collection[str]) -> set[str]:
        """Those of the ids that are ids of assistants."""
        found: set[str] = set()
        ids = [ObjectId(one) for one in assistant_ids]
        for start in range(0, len(ids), _IDS_AT_ONCE):
            wanted = {"_id": {"$in": ids[start : start + _IDS_AT_ONCE]}, "state": ACTIVE}
            found.update(str(row["_id"]) for row in self._rows.find(wanted, {"_id": 1}))
        return found

    def names(self, assistant_ids: Collection[str]) -> dict[str, str]:
        """The names of those of these assistants that there are, by their ids."""
        wanted = {"_id": {"$in": [ObjectId(one) for one in assistant_ids]}, "state": ACTIVE}
        return {str(row["_id"]): row["name"] for row in self._rows.find(wanted, {"name": 1})}

    def page(self, user_id: str | None, before: str | None, limit: int) -> list[Assistant]:
        """The assistants a user owns or has a role at (None: all), newest first; of members only that user."""
        if user_id is None:
            streams: list[Row] = [{"state": ACTIVE}]
            members: Row = {"members": 0}
        else:
            user = ObjectId(user_id)
            streams = [{"owner_id": user, "state": ACTIVE}, {"members.user_id": user, "state": ACTIVE}]
            members = {**WITHOUT_LISTS, "members": {"$elemMatch": {"user_id": user}}}
        rows = newest_first(self._dialect, self._rows, streams, before, limit, projection=members)
        return [assistant_of(row, self._shown_key(row)) for row in rows]

    def owns_any(self, user_id: str) -> bool:
        """Whether a user owns an assistant."""
        owned = {"owner_id": ObjectId(user_id), "state": ACTIVE}
        return self._rows.find_one(owned, {"_id": 1}) is not None

    def shared_with(self, user_id: str, roles: Collection[Role]) -> list[str]:
        """The ids of the assistants at which a user who does not own them has one of these roles."""
        user = ObjectId(user_id)
        shared: Row = {"members.user_id": user, "state": ACTIVE}
        if set(roles) != set(Role):
            shared["members"] = {"$elemMatch": {"user_id": user, "role": {"$in": sorted(roles)}}}
        name = f"shared {user_id} {sorted(roles)}"
        rows = self._known.get(name, lambda: list(self._rows.find(shared, {"_id": 1})))
        return [str(row["_id"]) for row in rows]

    def ids_readable(self, user_id: str | None, roles: Collection[Role], most: int) -> list[str]:
        """The ids of at most so many assistants that a user owns or has one of these roles at (None: of all)."""
        if user_id is None:
            return [str(row["_id"]) for row in self._rows.find({"state": ACTIVE}, {"_id": 1}).limit(most)]
        owned = self._rows.find({"owner_id": ObjectId(user_id), "state": ACTIVE}, {"_id": 1}).limit(most)
        shared = self.shared_with(user_id, roles) if roles else []
        return [*(str(row["_id"]) for row in owned), *shared][:most]

    def set_member(self, assistant_id: str, member: Member, most: int) -> bool:
        """Give a user who is not the owner a role; False, and nothing is changed, if there are `most` members."""
        user = ObjectId(member.user_id)
        theirs: Row = {"_id": ObjectId(assistant_id), "state": ACTIVE, "owner_id": {"$ne": user}}
        is_one = {**theirs, "members.user_id": user}
        changed = {"$set": {"members.$.role": member.role}}
        is_none = {**theirs, "members.user_id": {"$ne": user}, f"members.{most - 1}": {"$exists": False}}
        added = {"$push": {"members": {"user_id": user, "role": member.role}}}
        # The last one is for a member whom somebody else has added between the first two.
        steps = ((is_one, changed), (is_none, added), (is_one, changed))
        return any(self._rows.update_one(condition, change).matched_count for condition, change in steps)

    def remove_member(self, assistant_id: str, user_id: str) -> bool:
        """Take a user's role away; False if there was none."""
        member = {"_id": ObjectId(assistant_id), "members.user_id": ObjectId(user_id)}
        change = {"$pull": {"members": {"user_id": ObjectId(user_id)}}}
        return self._rows.update_one(member, change).matched_count == 1

    def remove_from_all(self, user_id: str) -> None:
        """Take a user's roles away at all assistants."""
        user = ObjectId(user_id)
        change = {"$pull": {"members": {"user_id": user}}}
        repeated(lambda: self._rows.update_many({"members.user_id": user}, change))

    def count(self, owner_id: str, most: int) -> int:
        """How many assistants somebody owns; `most` means that many or more."""
        owned = {"owner_id": ObjectId(owner_id), "state": ACTIVE}
        return self._rows.count_documents(owned, limit=most)

    def configure(self, assistant_id: str, details: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Change its `name` and `company`, and these settings, by their names in `AssistantSettings`.

        What is not mentioned stays, also what somebody else changes at the same moment.
        """
        values = {**details, **{f"settings.{setting}": value for setting, value in settings_row(settings).items()}}
        if values:
            self._set(assistant_id, values)

    def change_owner(self, assistant_id: str, owner_id: str, now: datetime) -> None:
        """Hand it to another user; its documents and chats follow (see `owner_changed`)."""
        owner = {"owner_id": ObjectId(owner_id), "owner_changed_at": now}
        change = {"$set": owner, "$pull": {"members": {"user_id": ObjectId(owner_id)}}}
        self._rows.update_one({"_id": ObjectId(assistant_id), "state": ACTIVE}, change)

    def owner_changed(self) -> list[tuple[Assistant, datetime]]:
        """The assistants handed over lately, whose documents and chats may still name the old owner."""
        rows = self._rows.find({"owner_changed_at": {"$exists": True}, "state": ACTIVE})
        return [(assistant_of(row, self._shown_key(row)), row["owner_changed_at"]) for row in rows]

    def owner_settled(self, assistant_id: str, changed_at: datetime) -> None:
        """Everything names the new owner now."""
        changed = {"_id": ObjectId(assistant_id), "owner_changed_at": changed_at}
        self._rows.update_one(changed, {"$unset": {"owner_changed_at": ""}})

    def with_retention(self) -> list[tuple[str, int]]:
        """The ids of the assistants that keep conversations for a time, and for how many days."""
        rows = self._rows.find(
            {"settings.retention_days": {"$gt": 0}, "state": ACTIVE}, {"settings.retention_days": 1}
        )
        return [(str(row["_id"]), row["settings"]["retention_days"]) for row in rows]

    def set_prompt(self, assistant_id: str, prompt: str | None) -> None:
        """What its prompt document says (None: there is none)."""
        self._set(assistant_id, {"prompt": prompt})

    def knowledge_changed(self, assistant_id: str) -> None:
        """Tell every process that what can be found has changed."""
        self._rows.update_one({"_id": ObjectId(assistant_id)}, {"$inc": {"knowledge_version": 1}})

    def mark_deleted(self, assistant_id: str, now: datetime) -> None:
        """From now on it does not exist, whatever happens before the cleanup."""
        self._set(assistant_id, {"state": _DELETING, "deleted_at": now})

    def being_deleted(self, owner_id: str | None = None) -> Sequence[tuple[str, datetime]]:
        """Id and time of deletion of the assistants whose cleanup may not be done."""
        owned: Row = {"owner_id": ObjectId(owner_id)} if owner_id else {}
        deleting = {**owned, "state": _DELETING}
        rows = self._known.get(f"deleting {owner_id}", lambda: list(self._rows.find(deleting, {"deleted_at": 1})))
        return [(str(row["_id"]), row["deleted_at"]) for row in rows]

    def remove(self, assistant_id: str) -> None:
        """Drop the tombstone."""
        self._rows.delete_one({"_id": ObjectId(assistant_id), "state": _DELETING})

    def _set(self, assistant_id: str, values: dict[str, Any]) -> None:
        self._rows.update_one({"_id": ObjectId(assistant_id), "state": ACTIVE}, {"$set": values})

    def _shown_key(self, row: Row) -> str:
        return self._vault.decrypt(row["key_encrypted"]) if row["key_encrypted"] else ""
