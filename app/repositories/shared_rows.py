"""What rows of several collections have in common."""

from collections.abc import Sequence

from bson import ObjectId

from app.domain.conversations import Channel
from app.domain.rows import Row


def channel_row(channel: Channel) -> Row:
    """A channel as it is stored."""
    return {"id": channel.id, "message_service": channel.message_service}


def channel_of(row: Row) -> Channel:
    """The channel of a row that has one."""
    return Channel(row["channel"]["id"], row["channel"]["message_service"])


def scope_of(owner_id: str | None, assistant_id: str | None, hidden_assistants: Sequence[str]) -> Row:
    """Whose rows a list shows: one assistant's, one owner's, everybody's; less those of hidden assistants."""
    if assistant_id:
        return {"assistant_id": ObjectId(assistant_id)}
    scope: Row = {"owner_id": ObjectId(owner_id)} if owner_id else {}
    if hidden_assistants:
        scope["assistant_id"] = {"$nin": [ObjectId(one) for one in hidden_assistants]}
    return scope
