"""How much there is in the database, for metrics: each count reads an index, and ends at 100,000."""

from pymongo import ASCENDING
from pymongo.database import Database

from app.domain.documents import DocumentStatus, Task
from app.domain.rows import Row
from app.domain.webhooks import DeliveryState
from app.repositories.document_rows import LIVE, NEVER
from app.repositories.mongo import Rows

_MOST = 100_000


class StoredCountsRepository:
    """Counts over several collections."""

    def __init__(self, database: Database[Row]) -> None:
        self._documents = database["documents"]
        self._webhooks = database["webhook_deliveries"]
        self._mails = database["mail_outbox"]

    def ensure_indexes(self) -> None:
        """Make what the questions below need that the collections' own repositories do not make."""
        self._documents.create_index([("status", ASCENDING), ("state", ASCENDING)])

    def documents(self) -> dict[str, int]:
        """Documents by status."""
        return {one: _count(self._documents, {"status": one, "state": LIVE}) for one in DocumentStatus}

    def indexing_queue(self) -> dict[str, int]:
        """Documents by what has to be done with them."""
        return {one: _count(self._documents, {"task": one}) for one in Task}

    def outboxes(self) -> dict[str, int]:
        """What is to be sent yet: deliveries of webhooks, mails."""
        return {
            "webhook": _count(self._webhooks, {"state": DeliveryState.PENDING}),
            "mail": _count(self._mails, {"due_at": {"$gte": NEVER}}),
        }


def _count(rows: Rows, wanted: Row) -> int:
    return rows.count_documents(wanted, limit=_MOST)
