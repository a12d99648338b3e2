"""Which conversations have something due, of rows that say so by `next_at`."""

from datetime import datetime

from pymongo import ASCENDING

from app.domain.rows import Row
from app.repositories.mongo import Rows


def due_conversations(rows: Rows, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Channels and conversations with something that is due, the longest due first."""
    wanted: Row = {"next_at": {"$lte": now}}
    found = rows.find(wanted, {"channel_id": 1, "conversation_id": 1}).sort("next_at", ASCENDING).limit(limit)
    return list(dict.fromkeys((str(row["channel_id"]), str(row["conversation_id"])) for row in found))
