"""The keys in the collection `assistants`."""

from collections.abc import Sequence
from datetime import datetime

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.assistants import Assistant
from app.domain.keys import ApiKey
from app.domain.rows import Row
from app.repositories.assistant_rows import ACTIVE, WITHOUT_LISTS, Vault, assistant_of
from app.repositories.key_rows import key_rows, keys_of


class KeyRepository:
    """Keys are in the row of their assistant, so that one question finds both."""

    def __init__(self, database: Database[Row], vault: Vault) -> None:
        self._rows = database["assistants"]
        self._vault = vault

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("keys.hash", ASCENDING)], unique=True, sparse=True)
        self._rows.create_index([("key_hash", ASCENDING)], unique=True, sparse=True)

    def holder_of(self, api_key: str) -> tuple[Assistant, ApiKey] | None:
        """The assistant a key belongs to, without its members, and the key; also of one that has expired."""
        key_hash = self._vault.hash(api_key)
        shown = {**WITHOUT_LISTS, "state": 1, "webhooks": 1, "keys": {"$elemMatch": {"hash": key_hash}}}
        row = self._rows.find_one({"keys.hash": key_hash}, shown)
        if row is None:  # before its first change a row of version 0.1.0 has its key at the top
            row = self._rows.find_one({"key_hash": key_hash}, {"members": 0})
        if row is None or row["state"] != ACTIVE:
            return None
        return assistant_of(row, ""), keys_of(row)[0]

    def of_assistant(self, assistant_id: str) -> tuple[tuple[ApiKey, ...], int]:
        """The keys of an assistant, and their version, which each change of them raises."""
        shown = {"keys": 1, "keys_version": 1, "key_hash": 1, "createdAt": 1}
        row = self._rows.find_one({"_id": ObjectId(assistant_id), "state": ACTIVE}, shown)
        return (keys_of(row), row.get("keys_version", 0)) if row else ((), 0)

    def replace(
        self, assistant_id: str, keys: Sequence[ApiKey], if_version: int, first_secret: str | None = None
    ) -> bool:
        """Store these keys; False, and nothing is stored, if others have changed them since.

        `first_secret` is the key the assistant shows from now on: None leaves it, "" shows none.
        """
        version = {"$in": [0, None]} if if_version == 0 else if_version
        unchanged = {"_id": ObjectId(assistant_id), "state": ACTIVE, "keys_version": version}
        values: Row = {"keys": key_rows(keys), "keys_version": if_version + 1}
        if first_secret is not None:
            values["key_encrypted"] = self._vault.encrypt(first_secret) if first_secret else None
        change = {"$set": values, "$unset": {"key_hash": ""}}
        return self._rows.update_one(unchanged, change).matched_count == 1

    def used(self, assistant_id: str, key: ApiKey, at: datetime) -> None:
        """Remember when a key was used, unless another process has just done so."""
        unseen = {"keys": {"$elemMatch": {"_id": ObjectId(key.id), "last_used_at": key.last_used_at}}}
        change = {"$set": {"keys.$.last_used_at": at}}
        self._rows.update_one({"_id": ObjectId(assistant_id), **unseen}, change)
