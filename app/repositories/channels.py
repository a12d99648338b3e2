"""The collection `channels`: what is set up between an assistant and a provider."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from pymongo.results import UpdateResult

from app.domain.channels import AssistantChannel, ChannelKind
from app.domain.overviews import NamedChannel
from app.domain.rows import Row
from app.repositories.mongo import repeated
from app.repositories.recently_read import RecentlyRead

_MOST_DOUBTFUL = 5
_LIVE = {"state": "live"}


class Cipher(Protocol):
    """What keeps secrets unreadable in the database."""

    def encrypt(self, key: str) -> bytes: ...
    def decrypt(self, stored: bytes) -> str: ...


class ChannelRepository:
    """Channels. A deleted one leaves a tombstone, which its late requests find.

    What providers post asks `prompt`: they come again soon if they are told quickly.
    """

    def __init__(self, database: Database[Row], cipher: Cipher, prompt: Database[Row] | None = None) -> None:
        self._rows = database["channels"]
        self._asked_by_providers = (database if prompt is None else prompt)["channels"]
        self._cipher = cipher
        self._recent: RecentlyRead[AssistantChannel] = RecentlyRead()

    def ensure_indexes(self) -> None:
        """Make what the questions below need."""
        self._rows.create_index([("webhook_id", ASCENDING)], unique=True)
        self._rows.create_index([("assistant_id", ASCENDING), ("_id", DESCENDING)])
        self._rows.create_index([("kind", ASCENDING), ("state", ASCENDING)])
        # One account of a provider belongs to one channel: two would answer each message twice.
        self._rows.create_index([("account", ASCENDING)], unique=True, sparse=True)

    def add(self, channel: AssistantChannel, account: str | None) -> bool:
        """Store a new channel; False if another one has this account of the provider."""
        row = {
            "_id": ObjectId(channel.id),
            "assistant_id": ObjectId(channel.assistant_id),
            "owner_id": ObjectId(channel.owner_id),
            "kind": channel.kind,
            "name": channel.name,
            "webhook_id": channel.webhook_id,
            "createdAt": channel.created_at,
            "options": dict(channel.options),
            "secrets_encrypted": self._sealed(channel.secrets),
            "paused": None,
            **_LIVE,
        }
        if account:
            row["account"] = account
        try:
            self._rows.insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, channel_id: str) -> AssistantChannel | None:
        """The channel with this id, unless it was deleted."""
        return self._one({"_id": ObjectId(channel_id)})

    def deleted(self, channel_id: str) -> AssistantChannel | None:
        """What is left of a channel that was deleted, for what it took in before."""
        row = self._rows.find_one({"_id": ObjectId(channel_id)})
        return self._from_row(row) if row and row["state"] == "deleted" else None

    def deleted_since(self, moment: datetime) -> list[str]:
        """The ids of the channels that were deleted since then."""
        of_any_kind = {"kind": {"$in": [*ChannelKind]}, "state": "deleted", "deletedAt": {"$gte": moment}}
        return [str(row["_id"]) for row in self._rows.find(of_any_kind, {"_id": 1})]

    def lately(self, channel_id: str) -> AssistantChannel | None:
        """The same, as it was within the last second if another process has changed it since."""
        return self._recent.get(channel_id, lambda: self.by_id(channel_id))

    def by_webhook(self, webhook_id: str) -> AssistantChannel | None:
        """The channel whose URL ends so, unless it was deleted; as `lately`."""

        def found() -> AssistantChannel | None:
            return self._live(self._asked_by_providers.find_one({"webhook_id": webhook_id}))

        return self._recent.get(webhook_id, found)

    def of_assistant(self, assistant_id: str, before: str | None, limit: int) -> list[AssistantChannel]:
        """An assistant's channels, newest first."""
        wanted: Row = {"assistant_id": ObjectId(assistant_id)}
        if before:
            wanted["_id"] = {"$lt": ObjectId(before)}
        rows = self._rows.find(wanted).sort("_id", DESCENDING)
        live = (row for row in rows if row["state"] == "live")
        return [self._from_row(row) for row, _ in zip(live, range(limit), strict=False)]

    def names(self, channel_ids: Collection[str]) -> dict[str, NamedChannel]:
        """What these channels are called, deleted ones too, by their ids."""
        wanted = {"_id": {"$in": [ObjectId(one) for one in channel_ids]}}
        rows = self._rows.find(wanted, {"kind": 1, "name": 1})
        named = (NamedChannel(str(row["_id"]), ChannelKind(row["kind"]), row["name"]) for row in rows)
        return {one.id: one for one in named}

    def of_kind(self, kind: ChannelKind) -> list[AssistantChannel]:
        """All channels of a kind."""
        return [self._from_row(row) for row in self._rows.find({"kind": kind, **_LIVE})]

    def change(self, channel: AssistantChannel, account: str | None) -> bool:
        """Put its name, options, secrets and account in the place of the former ones; what paused it is seen to.

        False, and nothing changes, if another channel has this account of the provider.
        """
        values = {
            "name": channel.name,
            "options": dict(channel.options),
            "secrets_encrypted": self._sealed(channel.secrets),
            "paused": None,
            **({"account": account} if account else {}),
        }
        change = {"$set": values} if account else {"$set": values, "$unset": {"account": ""}}
        try:
            self._update({"_id": ObjectId(channel.id), **_LIVE}, change)
        except DuplicateKeyError:
            return False
        return True

    def release(self, account: str) -> bool:
        """Take an account from a channel that its provider has only ever refused; whether there was one."""
        refused = {"account": account, "paused": {"$type": "string"}, "proof_at": None, "last_in_at": None, **_LIVE}
        return self._update(refused, {"$unset": {"account": ""}}).modified_count == 1

    def pause(self, channel_id: str, reason: str) -> bool:
        """Send nothing until its owner has seen to it; False if it was paused before."""
        running = {"_id": ObjectId(channel_id), "paused": None, **_LIVE}
        return self._update(running, {"$set": {"paused": reason}}).modified_count == 1

    def resume(self, channel_id: str) -> None:
        """Send again."""
        self._update({"_id": ObjectId(channel_id)}, {"$set": {"paused": None}})

    def lose(self, channel_id: str, at: datetime) -> bool:
        """The provider's own connection is gone; False if that was known."""
        known = {"_id": ObjectId(channel_id), "lost_at": None, **_LIVE}
        return self._update(known, {"$set": {"lost_at": at}}).modified_count == 1

    def found(self, channel_id: str) -> bool:
        """The provider says that it is connected again; False if it was not known to be lost."""
        lost = {"_id": ObjectId(channel_id), "lost_at": {"$type": "date"}}
        return self._update(lost, {"$set": {"lost_at": None}}).modified_count == 1

    def doubt(self, channel_id: str, text: str) -> None:
        """Remember a text that the phone may have sent by itself; the latest few are kept."""
        unknown = {"_id": ObjectId(channel_id), "doubtful_texts": {"$ne": text}}
        change = {"$push": {"doubtful_texts": {"$each": [text], "$slice": -_MOST_DOUBTFUL}}}
        self._update(unknown, change)

    def settle_doubts(self, channel_id: str) -> None:
        """Its owner has said what the phone sends by itself."""
        self._update({"_id": ObjectId(channel_id)}, {"$unset": {"doubtful_texts": ""}})

    def note(self, channel_id: str, **moments: datetime) -> None:
        """Move `last_in_at`, `last_out_at`, `proof_at`, `seen_until` or `page_at` on."""
        self._update({"_id": ObjectId(channel_id)}, {"$max": moments})

    def delete(self, channel_id: str, now: datetime) -> bool:
        """Delete a channel; False if that was done before."""
        tombstone = {"state": "deleted", "deletedAt": now, "secrets_encrypted": self._sealed({})}
        live = {"_id": ObjectId(channel_id), **_LIVE}
        change = {"$set": tombstone, "$unset": {"account": ""}}
        return self._update(live, change).modified_count == 1

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Follow an assistant to its new owner."""
        theirs, change = {"assistant_id": ObjectId(assistant_id)}, {"$set": {"owner_id": ObjectId(owner_id)}}
        repeated(lambda: self._rows.update_many(theirs, change))
        self._recent.forget()

    def delete_of_assistant(self, assistant_id: str) -> None:
        """All channels of an assistant."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))
        self._recent.forget()

    def _update(self, wanted: Row, change: Row) -> UpdateResult:
        try:
            return self._rows.update_one(wanted, change)
        finally:
            self._recent.forget()

    def _one(self, wanted: Mapping[str, Any]) -> AssistantChannel | None:
        return self._live(self._rows.find_one(wanted))

    def _live(self, row: Row | None) -> AssistantChannel | None:
        return self._from_row(row) if row and row["state"] == "live" else None

    def _sealed(self, secrets: Mapping[str, str]) -> bytes:
        return self._cipher.encrypt(json.dumps(dict(secrets)))

    def _from_row(self, row: Row) -> AssistantChannel:
        opened = self._cipher.decrypt(row["secrets_encrypted"])
        channel = AssistantChannel(
            id=str(row["_id"]),
            assistant_id=str(row["assistant_id"]),
            owner_id=str(row["owner_id"]),
            kind=ChannelKind(row["kind"]),
            name=row["name"],
            webhook_id=row["webhook_id"],
            created_at=row["createdAt"],
            options=row["options"],
            secrets=json.loads(opened) if opened else {},
            paused=row["paused"],
            last_in_at=row.get("last_in_at"),
            last_out_at=row.get("last_out_at"),
            proof_at=row.get("proof_at"),
            seen_until=row.get("seen_until"),
            lost_at=row.get("lost_at"),
            doubtful_texts=tuple(row.get("doubtful_texts", ())),
            page_at=row.get("page_at"),
            deleted_at=row.get("deletedAt"),
        )
        if not opened:  # another SECRET_KEY encrypted it
            channel = replace(channel, paused="Its secrets cannot be read, as another SECRET_KEY encrypted them.")
        return channel
