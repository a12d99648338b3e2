"""The collection `documents`: what was uploaded, and what can be listed of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.domain.documents import Document, DocumentFilter, DocumentType, Refresh
from app.domain.rows import Row
from app.repositories.dialect import Dialect
from app.repositories.document_rows import (
    DELETING,
    LIVE,
    document_from_row,
    document_to_row,
    place_of,
    upload_values,
)
from app.repositories.mongo import repeated
from app.repositories.pages import newest_first
from app.repositories.shared_rows import scopes_of


class DocumentRepository:
    """Documents; one that is being deleted is a tombstone no question but `being_deleted` finds."""

    def __init__(self, database: Database[Row], dialect: Dialect) -> None:
        self._rows = database["documents"]
        self._dialect = dialect

    def ensure_indexes(self) -> None:
        """Make what the questions below, and those of the indexing queue, need."""
        self._rows.create_index(
            [("assistant_id", ASCENDING), ("place", ASCENDING)],
            unique=True,
            partialFilterExpression={"state": LIVE},
        )
        for scope in ("owner_id", "assistant_id"):
            keys = [(name, ASCENDING) for name in (scope, "state", "type", "_id")]
            self._rows.create_index(keys)
        self._rows.create_index([("assistant_id", ASCENDING), ("state", ASCENDING), ("size", ASCENDING)])
        self._rows.create_index([("state", ASCENDING), ("type", ASCENDING), ("_id", ASCENDING)])
        self._rows.create_index([("task", ASCENDING), ("lease_until", ASCENDING)])
        self._rows.create_index([("state", ASCENDING), ("refresh_at", ASCENDING)])
        for made_by in ("latest_model", "indexed_models", "indexed_text_version"):
            self._rows.create_index([(made_by, ASCENDING)])

    def add(self, document: Document) -> bool:
        """Store a new document; False when this assistant has one in that place."""
        try:
            self._rows.insert_one(document_to_row(document))
        except DuplicateKeyError:
            return False
        return True

    def by_id(self, document_id: str) -> Document | None:
        """The document with this id."""
        row = self._rows.find_one({"_id": ObjectId(document_id), "state": LIVE})
        return document_from_row(row) if row else None

    def at(self, assistant_id: str, kind: DocumentType, filename: str) -> Document | None:
        """The document in this place: the prompt, or the knowledge file of that name."""
        place = place_of(kind, filename)
        row = self._rows.find_one({"assistant_id": ObjectId(assistant_id), "place": place, "state": LIVE})
        return document_from_row(row) if row else None

    def of_assistant(self, assistant_id: str) -> list[Document]:
        """All documents of one assistant."""
        rows = self._rows.find({"assistant_id": ObjectId(assistant_id), "state": LIVE})
        return [document_from_row(row) for row in rows]

    def count(self, assistant_id: str, most: int) -> int:
        """How many documents an assistant has; `most` means that many or more."""
        return self._rows.count_documents({"assistant_id": ObjectId(assistant_id), "state": LIVE}, limit=most)

    def total_size(self, assistant_id: str) -> int:
        """The bytes of all documents of an assistant together; reads an entry of the index for each."""
        of_assistant = {"assistant_id": ObjectId(assistant_id), "state": LIVE}
        totals = self._rows.aggregate(
            [{"$match": of_assistant}, {"$group": {"_id": None, "bytes": {"$sum": "$size"}}}]
        )
        return sum(int(row["bytes"]) for row in totals)

    def page(self, wanted: DocumentFilter, before: str | None, limit: int) -> list[Document]:
        """The documents that fit the filter, newest first."""
        rows = newest_first(self._dialect, self._rows, self._streams(wanted), before, limit)
        return [document_from_row(row) for row in rows]

    def replace_upload(self, document: Document, visibility: Mapping[str, Any]) -> None:
        """New bytes for a document: it waits to be indexed again, and whoever indexes the old ones stops.

        Of its `Visibility` it changes what is said by name.
        """
        values = {**upload_values(document), **visibility}
        self._rows.update_one({"_id": ObjectId(document.id), "state": LIVE}, {"$set": values})

    def change(self, document_id: str, visibility: Mapping[str, Any], refresh: Refresh | None) -> None:
        """Say when it may be found and, of a page, when it is fetched again; what is not said stays."""
        values: Row = dict(visibility)
        if refresh is not None:
            values |= {"origin.refresh_hours": refresh.hours, "refresh_at": refresh.at}
        if not values:
            return
        self._rows.update_one({"_id": ObjectId(document_id), "state": LIVE}, {"$set": values})

    def due_for_refresh(self, now: datetime, limit: int) -> list[Document]:
        """Pages that are to be fetched again, the longest due first."""
        due = {"state": LIVE, "refresh_at": {"$lte": now}}
        return [document_from_row(row) for row in self._rows.find(due).sort("refresh_at", ASCENDING).limit(limit)]

    def claim_refresh(self, document: Document, until: datetime) -> bool:
        """Take over fetching a page that is due; False when somebody else has."""
        due = {"_id": ObjectId(document.id), "state": LIVE, "refresh_at": document.refresh_at}
        return self._rows.update_one(due, {"$set": {"refresh_at": until}}).matched_count == 1

    def refreshed(self, document_id: str, claimed_until: datetime, at: datetime | None, error: str | None) -> None:
        """A page was fetched, or not; nothing if an upload or other settings came between."""
        claimed = {"_id": ObjectId(document_id), "state": LIVE, "refresh_at": claimed_until}
        self._rows.update_one(claimed, {"$set": {"refresh_at": at, "refresh_error": error}})

    def mark_deleted(self, document_id: str, now: datetime) -> bool:
        """From now on it does not exist; False when it did not before."""
        result = self._rows.update_one(
            {"_id": ObjectId(document_id), "state": LIVE},
            {"$set": {"state": DELETING, "updatedAt": now, "status": DELETING, "worker": None, "task": None}},
        )
        return result.matched_count == 1

    def being_deleted(self) -> list[Document]:
        """The documents whose cleanup may not be done; `updated_at` is when they were deleted."""
        rows: list[Row] = []
        for kind in DocumentType:
            rows += self._rows.find({"state": DELETING, "type": kind})
        return [document_from_row(row) for row in rows]

    def remove(self, document_id: str) -> None:
        """Drop the tombstone."""
        self._rows.delete_one({"_id": ObjectId(document_id), "state": DELETING})

    def change_owner(self, assistant_id: str, owner_id: str) -> None:
        """Follow an assistant to its new owner."""
        change = {"$set": {"owner_id": ObjectId(owner_id)}}
        repeated(lambda: self._rows.update_many({"assistant_id": ObjectId(assistant_id)}, change))

    def delete_of_assistant(self, assistant_id: str) -> None:
        """All records, live or not."""
        repeated(lambda: self._rows.delete_many({"assistant_id": ObjectId(assistant_id)}))

    def _streams(self, wanted: DocumentFilter) -> list[Row]:
        kinds = (wanted.type,) if wanted.type else tuple(DocumentType)
        scopes = scopes_of(wanted, self._dialect.assistants_a_stream)
        return [{"state": LIVE, **scope, "type": kind} for scope in scopes for kind in kinds]
