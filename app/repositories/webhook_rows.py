"""Webhooks as they are stored in the row of their assistant."""

from app.domain.rows import Row
from app.domain.webhooks import EventType, Webhook


def webhooks_of(row: Row) -> tuple[Webhook, ...]:
    """The webhooks of an assistant's row, oldest first; their secrets stay in the row."""
    return tuple(
        Webhook(
            id=str(one["_id"]),
            url=one["url"],
            events=tuple(map(EventType, one["events"])),
            created_at=one["createdAt"],
            disabled_at=one["disabled_at"],
        )
        for one in row.get("webhooks", ())
    )
