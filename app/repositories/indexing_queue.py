"""The collection `documents` as what remembers which of them have to be worked on, and who does.

The jobs that wake the workers may be lost or come twice; a document's row says what is true. Its `task` is there
as long as something has to be done, and a worker that does it holds a lease that runs out unless renewed.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo.database import Database

from app.domain.documents import UNFINISHED, Document, DocumentStatus, DocumentType, Lease, Stage, Task
from app.domain.ids import new_id
from app.domain.rows import Row
from app.repositories.document_rows import LIVE, NEVER, document_from_row, waiting_values
from app.repositories.failures import is_passing
from app.repositories.mongo import repeated

_LEASE = timedelta(seconds=60)
_PAUSE = timedelta(seconds=60)
_MOST_WAITING = 5000
_ENDED: Row = {"task": None, "worker": None, "lease_until": NEVER}
_TO_BE_READ: Row = {
    "status": DocumentStatus.PENDING,
    "stage": Stage.QUEUED,
    "progress": 0.0,
    "warning": None,
    **waiting_values(Task.INDEX),
}
_TO_BE_EMBEDDED: Row = {"stage": Stage.QUEUED, "progress": 0.0, **waiting_values(Task.EMBED)}
_SETTLED = (DocumentStatus.READY, DocumentStatus.FAILED, DocumentStatus.CANCELLED)


class IndexingQueue:
    """Claims, renews and ends leases; every step is one conditional update."""

    def __init__(self, database: Database[Row], worker: str, clock: Callable[[], datetime]) -> None:
        self._rows = database["documents"]
        self._worker = worker
        self._clock = clock

    def waiting(self, not_queued_since: datetime) -> list[Document]:
        """Documents nobody works on though they need it, and no job was made for since then; oldest first."""
        found: list[Document] = []
        for task in Task:
            self._free_from_the_future(task)
            free = {"task": task, "state": LIVE, "lease_until": {"$lte": self._clock()}}
            rows = self._rows.find({**free, "queued_at": {"$lte": not_queued_since}}).limit(_MOST_WAITING)
            found += map(document_from_row, rows)
        return sorted(found, key=lambda document: document.id)

    def _free_from_the_future(self, task: Task) -> None:
        """Leases, pauses and jobs that are later than they can be were made before the clock was set back."""
        now = self._clock()
        impossible = {"$gt": now + 2 * max(_LEASE, _PAUSE)}
        free = {"task": task, "lease_until": {"$lte": now}}
        self._update_many({"task": task, "lease_until": impossible}, {"lease_until": NEVER, "queued_at": NEVER})
        self._update_many({**free, "queued_at": impossible}, {"queued_at": NEVER})

    def has_work(self) -> bool:
        """Whether there is any document that has to be worked on."""
        return any(self._rows.find_one({"task": task, "state": LIVE}, {"_id": 1}) for task in Task)

    def queued(self, document_ids: Collection[str]) -> None:
        """A job was made for each of these."""
        ids = [ObjectId(one) for one in document_ids]
        self._update_many({"_id": {"$in": ids}}, {"queued_at": self._clock()})

    def claim(self, document_id: str) -> Lease | None:
        """A lease, or None when there is nothing to do or somebody else is at it."""
        now, worker = self._clock(), f"{self._worker}/{new_id()}"
        free = {"_id": ObjectId(document_id), "state": LIVE, "lease_until": {"$lte": now}}
        # The progress stays: what an earlier attempt embedded is not lost.
        leased = {"worker": worker, "lease_until": now + _LEASE, "stage": Stage.READING}
        states: dict[Task, Row] = {Task.INDEX: {"status": DocumentStatus.INDEXING}, Task.EMBED: {}}
        for task, state in states.items():
            change = {"$set": {**leased, **state}, "$inc": {"attempts": 1}}
            if self._rows.update_one({**free, "task": task}, change).matched_count:
                row = self._rows.find_one({"_id": ObjectId(document_id), "worker": worker})
                return Lease(document_from_row(row), worker, row["attempts"], task) if row else None
        return None

    def renew(self, lease: Lease, stage: Stage, progress: float, *, advanced: bool = False) -> bool:
        """Keep a lease, and say how far the work has come; False when it is gone.

        What has `advanced` since the lease began was not attempted in vain.
        """
        values: Row = {"lease_until": self._clock() + _LEASE, "stage": stage, "progress": progress}
        return self._update(lease, values | ({"attempts": 1} if advanced else {}))

    def publish(self, lease: Lease, chunks: int, models: Sequence[str], text_version: int) -> bool:
        """From now on the leased revision is the one that is searched, with embeddings of these models."""
        return self._update(
            lease,
            {
                "indexed_revision": ObjectId(lease.document.revision),
                "indexed_models": list(models),
                "latest_model": models[0],
                "indexed_text_version": text_version,
                "chunks": chunks,
            },
        )

    def add_model(self, lease: Lease, model: str) -> bool:
        """The searched chunks have embeddings of this model, too."""
        change = {"$addToSet": {"indexed_models": model}, "$set": {"latest_model": model}}
        return self._rows.update_one(self._held(lease), change).matched_count == 1

    def finish(self, lease: Lease) -> bool:
        """Everything is done; a document that was to be indexed is ready."""
        done: Row = {"stage": Stage.DONE, "progress": 1.0, **_ENDED}
        ready: Row = {"status": DocumentStatus.READY} if lease.task is Task.INDEX else {}
        return self._update(lease, done | ready | _told(lease, None))

    def warn(self, lease: Lease, warning: str) -> bool:
        """Not all of it could be read, for a reason the uploader is told."""
        return self._update(lease, {"warning": warning})

    def fail(self, lease: Lease, error: str) -> bool:
        """It cannot be indexed, for a reason the uploader is told."""
        return self._update(lease, {"status": DocumentStatus.FAILED, "error": error, **_ENDED})

    def give_back(self, lease: Lease) -> None:
        """End a lease as if it had never been, for another worker to take the document up at once."""
        self._release(lease, NEVER, {})

    def postpone(self, lease: Lease, reason: str) -> None:
        """End a lease as if it had never been; the document is taken up again in a minute.

        It tells the reason, unless it tells why a newer version of it failed.
        """
        self._release(lease, self._clock() + _PAUSE, _told(lease, reason))

    def cancel(self, document_id: str) -> bool:
        """Nobody indexes this document any more; False when nobody would have."""
        unfinished = {"_id": ObjectId(document_id), "state": LIVE, "status": {"$in": UNFINISHED}}
        ended = {"status": DocumentStatus.CANCELLED, **_ENDED}
        return self._rows.update_one(unfinished, {"$set": ended}).matched_count == 1

    def retry(self, document_id: str) -> bool:
        """Index a document that failed, was cancelled or has a warning; False when it is none of them."""
        row = self._rows.find_one({"_id": ObjectId(document_id), "state": LIVE, "status": {"$in": _SETTLED}})
        if row is None or (row["status"] == DocumentStatus.READY and not row.get("warning")):
            return False
        is_searched = row["revision"] == row["indexed_revision"]
        revision = _anew() if is_searched else {}
        change = {**_TO_BE_READ, **revision, "error": None, "queued_at": self._clock()}
        as_found = {name: row[name] for name in ("_id", "state", "status", "revision")}
        return self._rows.update_one(as_found, {"$set": change, "$inc": {"retries": 1}}).matched_count == 1

    def release_all(self) -> None:
        """End every lease and forget every job: for the start of a process that has both for itself."""
        for task in Task:
            self._update_many({"task": task}, {"lease_until": NEVER, "queued_at": NEVER})

    def requeue(self, model: str, text_version: int) -> None:
        """Have indexed anew what was cut by another text version, and embedded what lacks this model."""
        ready = {"status": DocumentStatus.READY, "type": DocumentType.RAG, "state": LIVE}
        for other in _other_than(text_version):
            self._update_many({**ready, "indexed_text_version": other}, {**_TO_BE_READ, **_anew()})
        self.embed_lacking(model)
        needless = {"task": Task.EMBED, "state": LIVE, "indexed_models": model}
        self._update_many(needless, {"stage": Stage.DONE, "progress": 1.0, "task": None})

    def embed_lacking(self, model: str) -> None:
        """Have everything that is searched embedded by this model.

        Looked for among what has its latest embeddings from another model, which are few unless models change.
        """
        for other in _other_than(model):
            had_before = {"latest_model": other, "indexed_models": model}
            self._update_many(had_before, {"latest_model": model})
            self._update_many({"latest_model": other, **self._lacking(model)}, _TO_BE_EMBEDDED)

    def embed_if_lacking(self, document_id: str, model: str) -> None:
        """Have what is still searched of a document embedded by this model, after a new version came to nothing."""
        wanted = {**self._lacking(model), "_id": ObjectId(document_id)}
        self._rows.update_one(wanted, {"$set": _TO_BE_EMBEDDED})

    @staticmethod
    def is_outage(error: Exception) -> bool:
        """Whether an error says no more than that the database cannot be used right now."""
        return is_passing(error)

    @staticmethod
    def _lacking(model: str) -> Row:
        searched = {"type": DocumentType.RAG, "state": LIVE, "indexed_revision": {"$ne": None}}
        settled = {"status": {"$in": _SETTLED}, "task": None}
        return {**searched, **settled, "indexed_models": {"$ne": model}}

    def _release(self, lease: Lease, until: datetime, values: Row) -> None:
        released = {"worker": None, "lease_until": until, "queued_at": NEVER, **values}
        change = {"$set": released, "$inc": {"attempts": -1}}
        self._rows.update_one({"_id": ObjectId(lease.document.id), "worker": lease.worker}, change)

    def _update_many(self, wanted: Row, values: Row) -> None:
        repeated(lambda: self._rows.update_many(wanted, {"$set": values}))

    def _update(self, lease: Lease, values: Row) -> bool:
        return self._rows.update_one(self._held(lease), {"$set": values}).matched_count == 1

    @staticmethod
    def _held(lease: Lease) -> Row:
        return {
            "_id": ObjectId(lease.document.id),
            "worker": lease.worker,
            "revision": ObjectId(lease.document.revision),
            "state": LIVE,
        }


def _other_than(value: str | int) -> tuple[Row, Row]:
    """Every value of that type but this one; unlike `$ne`, each is a range that an index answers."""
    return {"$lt": value}, {"$gt": value}


def _anew() -> Row:
    """The same bytes under another revision: what is searched stays until the new chunks are complete."""
    return {"revision": ObjectId(new_id())}


def _told(lease: Lease, error: str | None) -> Row:
    is_embedded_anew = lease.task is Task.EMBED and lease.document.status is not DocumentStatus.READY
    return {} if is_embedded_anew else {"error": error}
