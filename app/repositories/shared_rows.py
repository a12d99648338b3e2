"""What rows of several collections have in common."""

from collections.abc import Sequence
from typing import Protocol

from bson import ObjectId

from app.domain.conversations import Channel
from app.domain.rows import Row


def channel_row(channel: Channel) -> Row:
    """A channel as it is stored."""
    return {"id": channel.id, "message_service": channel.message_service}


def channel_of(row: Row) -> Channel:
    """The channel of a row that has one."""
    return Channel(row["channel"]["id"], row["channel"]["message_service"])


class ScopedFilter(Protocol):
    """Whose rows a list shows; None does not filter."""

    @property
    def owner_id(self) -> str | None: ...
    @property
    def assistant_id(self) -> str | None: ...
    @property
    def hidden_assistants(self) -> Sequence[str]: ...
    @property
    def shared_assistants(self) -> Sequence[str]: ...


def scopes_of(wanted: ScopedFilter, most_assistants: int) -> list[Row]:
    """Filters that no row fits two of, for the rows a list shows.

    They are one assistant's; or everybody's; or an owner's and those of the assistants that others share with
    the owner. A filter names at most `most_assistants` of these.
    """
    if wanted.assistant_id:
        return [{"assistant_id": ObjectId(wanted.assistant_id)}]
    scope: Row = {"owner_id": ObjectId(wanted.owner_id)} if wanted.owner_id else {}
    if wanted.hidden_assistants:
        scope["assistant_id"] = {"$nin": [ObjectId(one) for one in wanted.hidden_assistants]}
    shared = [ObjectId(one) for one in wanted.shared_assistants]
    groups = [shared[start : start + most_assistants] for start in range(0, len(shared), most_assistants)]
    return [scope, *({"assistant_id": group[0] if len(group) == 1 else {"$in": group}} for group in groups)]
