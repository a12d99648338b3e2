"""The collection `audit`: entries are added and never changed, but for what became of what they tell of."""

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.audit import (
    Actor,
    ActorKind,
    AuditAction,
    AuditEntry,
    AuditFilter,
    AuditOutcome,
    Origin,
    Place,
    Target,
)
from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first

_VERSION = 1
_SCOPES = ((), ("owner",), ("assistant",))
_FILTERS = ((), ("user",), ("action",), ("user", "action"))


class AuditRepository:
    """The audit. Its rows outlive their assistants, so they name these by `assistant`, and not by `assistant_id` as
    the rows do that go with them.
    """

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["audit"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """One for each way to filter, so that a page costs the same however many entries there are."""
        for scope in _SCOPES:
            for narrower in _FILTERS:
                names = (*scope, *narrower) or ("v",)
                self._rows.create_index([(name, ASCENDING) for name in (*names, "_id")])

    def add(self, entry: AuditEntry) -> None:
        """Write an entry."""
        self._rows.insert_one(_to_row(entry))

    def count(self, entry: AuditEntry) -> None:
        """Write an entry, or count it where there is one with its id."""
        row = _to_row(entry)
        added = {name: value for name, value in row.items() if name not in ("_id", "count", "last_at")}
        change = {"$setOnInsert": added, "$inc": {"count": 1}, "$set": {"last_at": entry.last_at}}
        try:
            self._rows.update_one({"_id": row["_id"]}, change, upsert=True)
        except DuplicateKeyError:  # another request was adding it
            self._rows.update_one({"_id": row["_id"]}, change, upsert=True)

    def end(
        self,
        entry_id: str,
        outcome: AuditOutcome,
        target: Target | None,
        after: Mapping[str, Any] | None,
        code: str | None,
    ) -> None:
        """Write down what became of it, which is done once."""
        values = {"outcome": outcome, "target": _target_row(target), "after": after, "code": code}
        self._dialect.update_if(self._rows, ObjectId(entry_id), {"outcome": AuditOutcome.BEGUN}, values)

    def page(self, wanted: AuditFilter, before: str | None, limit: int) -> list[AuditEntry]:
        """The entries that fit, newest first."""
        streams = [self._stream(scope, wanted) for scope in _scopes_of(wanted)]
        return [_from_row(row) for row in newest_first(self._dialect, self._rows, streams, before, limit)]

    def delete_older(self, entry_id: str, most: int) -> int:
        """Delete the oldest entries with ids below this one, at most so many; how many they were."""
        older = {"v": _VERSION, "_id": {"$lt": ObjectId(entry_id)}}
        found = list(self._rows.find(older, {"_id": 1}).sort("_id", ASCENDING).limit(most))
        if found:
            oldest = {"v": _VERSION, "_id": {"$lte": found[-1]["_id"]}}
            repeated(lambda: self._rows.delete_many(oldest))
        return len(found)

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Who may list the entries of an assistant without naming it."""
        elsewhere = {"assistant": ObjectId(assistant_id), "owner": {"$ne": ObjectId(owner_id)}}
        repeated(lambda: self._rows.update_many(elsewhere, {"$set": {"owner": ObjectId(owner_id)}}))

    def _stream(self, scope: Row, wanted: AuditFilter) -> Row:
        stream = dict(scope)
        if wanted.user_id:
            stream["user"] = ObjectId(wanted.user_id)
        if wanted.action:
            stream["action"] = wanted.action
        return stream or self._dialect.everything


def _scopes_of(wanted: AuditFilter) -> Sequence[Row]:
    """Filters that no entry fits two of."""
    if wanted.assistant_id:
        return [{"assistant": ObjectId(wanted.assistant_id)}]
    if wanted.owner_id:
        shared = ({"assistant": ObjectId(one)} for one in wanted.shared_assistants)
        return [{"owner": ObjectId(wanted.owner_id)}, *shared]
    return [{}]


def _to_row(entry: AuditEntry) -> Row:
    place, actor = entry.place, entry.actor
    row: Row = {
        "_id": ObjectId(entry.id),
        "v": _VERSION,
        "at": entry.at,
        "action": entry.action,
        "outcome": entry.outcome,
        "actor": {"kind": actor.kind, "id": actor.id, "name": actor.name, "email": actor.email},
        "address": entry.origin.address,
        "request_id": entry.origin.request_id,
        "target": _target_row(entry.target),
        "before": entry.before,
        "after": entry.after,
        "code": entry.code,
        "count": entry.count,
        "last_at": entry.last_at,
    }
    if place:
        row |= {"assistant": ObjectId(place.assistant_id), "owner": ObjectId(place.owner_id)}
    if entry.user_id:
        row["user"] = ObjectId(entry.user_id)
    return row


def _target_row(target: Target | None) -> Row | None:
    return {"kind": target.kind, "id": target.id, "name": target.name} if target else None


def _from_row(row: Row) -> AuditEntry:
    actor, target = row["actor"], row["target"]
    return AuditEntry(
        id=str(row["_id"]),
        at=row["at"],
        action=AuditAction(row["action"]),
        outcome=AuditOutcome(row["outcome"]),
        actor=Actor(ActorKind(actor["kind"]), actor["id"], actor["name"], actor["email"]),
        origin=Origin(row["address"], row["request_id"]),
        place=Place(str(row["assistant"]), str(row["owner"])) if "assistant" in row else None,
        target=Target(target["kind"], target["id"], target["name"]) if target else None,
        before=row["before"],
        after=row["after"],
        user_id=str(row["user"]) if "user" in row else None,
        code=row["code"],
        count=row["count"],
        last_at=row["last_at"],
    )
