"""The documents that wait to be indexed, and who is at it: the same rows as `documents`, seen as a queue.

A worker leases a document and renews the lease while it works. A worker that died, or whose document got new
bytes or was deleted meanwhile, finds its lease gone, and whatever it still says about the document is ignored.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo.database import Database

from app.domain.documents import DocumentStatus, Lease
from app.domain.ids import new_id
from app.repositories.document_rows import LIVE, NEVER, document_from_row
from app.repositories.mongo import Row

_LEASE = timedelta(seconds=120)
_UNFINISHED = [DocumentStatus.PENDING, DocumentStatus.INDEXING]


class IndexingQueue:
    """Claims, renews and ends leases; every step is one conditional update."""

    def __init__(self, database: Database[Row], worker: str, clock: Callable[[], datetime]) -> None:
        self._rows = database["documents"]
        self._worker = worker
        self._clock = clock

    def waiting(self) -> list[str]:
        """The ids of documents nobody is indexing though they need it, oldest first."""
        now, found = self._clock(), []
        for status in _UNFINISHED:
            rows = self._rows.find({"status": status, "lease_until": {"$lte": now}}, {"_id": 1})
            found += [str(row["_id"]) for row in rows]
        return sorted(found)

    def claim(self, document_id: str) -> Lease | None:
        """A lease, or None when there is nothing to do or somebody else is at it."""
        now, worker = self._clock(), f"{self._worker}/{new_id()}"
        free = {
            "_id": ObjectId(document_id),
            "state": LIVE,
            "status": {"$in": _UNFINISHED},
            "lease_until": {"$lte": now},
        }
        leased = {"status": DocumentStatus.INDEXING, "worker": worker, "lease_until": now + _LEASE}
        if not self._rows.update_one(free, {"$set": leased, "$inc": {"attempts": 1}}).matched_count:
            return None
        row = self._rows.find_one({"_id": ObjectId(document_id), "worker": worker})
        return Lease(document_from_row(row), worker, row["attempts"]) if row else None

    def renew(self, lease: Lease) -> bool:
        """Keep a lease; False when it is gone."""
        return self._update(lease, {"lease_until": self._clock() + _LEASE})

    def publish(self, lease: Lease, chunks: int, model: str) -> bool:
        """From now on the leased revision is the one that is searched."""
        return self._update(
            lease,
            {"indexed_revision": ObjectId(lease.document.revision), "indexed_model": model, "chunks": chunks},
        )

    def finish(self, lease: Lease) -> bool:
        """Everything is done; the document is ready."""
        return self._update(
            lease, {"status": DocumentStatus.READY, "error": None, "worker": None, "lease_until": NEVER}
        )

    def fail(self, lease: Lease, error: str) -> bool:
        """It cannot be indexed, for a reason the uploader is told."""
        return self._update(
            lease, {"status": DocumentStatus.FAILED, "error": error, "worker": None, "lease_until": NEVER}
        )

    def give_back(self, lease: Lease) -> None:
        """End a lease as if it had never been, for another worker to take the document up at once."""
        held = {"_id": ObjectId(lease.document.id), "worker": lease.worker}
        self._rows.update_one(held, {"$set": {"worker": None, "lease_until": NEVER}, "$inc": {"attempts": -1}})

    def release_all(self) -> None:
        """End every lease: for the start of a process that has the database for itself."""
        self._rows.update_many({"status": DocumentStatus.INDEXING}, {"$set": {"lease_until": NEVER}})

    def requeue_other_models(self, model: str) -> int:
        """Index again what another embedding model indexed; returns how many documents that is."""
        stale = {"status": DocumentStatus.READY, "type": "rag", "indexed_model": {"$ne": model}}
        waiting = {"status": DocumentStatus.PENDING, "attempts": 0, "lease_until": NEVER}
        return self._rows.update_many(stale, {"$set": waiting}).modified_count

    def _update(self, lease: Lease, values: Row) -> bool:
        held = {
            "_id": ObjectId(lease.document.id),
            "worker": lease.worker,
            "revision": ObjectId(lease.document.revision),
            "state": LIVE,
        }
        return self._rows.update_one(held, {"$set": values}).matched_count == 1
