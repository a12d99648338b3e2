"""How much there is in the database, for metrics: each count reads an index, and ends at 100,000."""

from collections.abc import Callable
from datetime import UTC, datetime

from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.documents import DocumentStatus, Task
from app.domain.rows import Row
from app.domain.webhooks import DeliveryState
from app.repositories.document_rows import LIVE, NEVER
from app.repositories.mongo import Rows

_MOST = 100_000
_LOOKED_AT = 1000
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Clock = Callable[[], datetime]


class StoredCountsRepository:
    """Counts over several collections."""

    def __init__(self, database: Database[Row], clock: Clock) -> None:
        self._documents = database["documents"]
        self._webhooks = database["webhook_deliveries"]
        self._mails = database["mail_outbox"]
        self._of_channels = {name: database[name] for name in ("channel_events", "inbox", "outbox")}
        self._clock = clock

    def ensure_indexes(self) -> None:
        """Make what the questions below need that the collections' own repositories do not make."""
        self._documents.create_index([("status", ASCENDING), ("state", ASCENDING)])

    def documents(self) -> dict[str, int]:
        """Documents by status."""
        return {one: _count(self._documents, {"status": one, "state": LIVE}) for one in DocumentStatus}

    def failures(self) -> dict[str, int]:
        """What was given up: documents that could not be indexed, deliveries of webhooks."""
        return {
            "documents": _count(self._documents, {"status": DocumentStatus.FAILED, "state": LIVE}),
            "webhook": _count(self._webhooks, {"state": DeliveryState.FAILED}),
        }

    def indexing_queue(self) -> dict[str, int]:
        """Documents by what has to be done with them."""
        return {one: _count(self._documents, {"task": one}) for one in Task}

    def outboxes(self) -> dict[str, int]:
        """What is to be sent yet: deliveries of webhooks, mails."""
        return {
            "webhook": _count(self._webhooks, {"state": DeliveryState.PENDING}),
            "mail": _count(self._mails, {"due_at": {"$gte": NEVER}}),
        }

    def channel_queues(self) -> dict[str, tuple[int, float]]:
        """How many raw events, items of the inbox and parts of the outbox wait, and the oldest's age in seconds.

        The oldest of the 1,000 that are due first.
        """
        return {name: self._waiting(rows) for name, rows in self._of_channels.items()}

    def _waiting(self, rows: Rows) -> tuple[int, float]:
        waiting: Row = {"next_at": {"$gte": _LONG_AGO}}
        first = rows.find(waiting, {"_id": 1}).sort("next_at", ASCENDING).limit(_LOOKED_AT)
        made = [row["_id"].generation_time for row in first]
        age = max(0.0, (self._clock() - min(made)).total_seconds()) if made else 0.0
        return (len(made) if len(made) < _LOOKED_AT else _count(rows, waiting)), age


def _count(rows: Rows, wanted: Row) -> int:
    return rows.count_documents(wanted, limit=_MOST)
