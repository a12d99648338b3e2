"""Which rows of conversations fit a filter that no index follows."""

from collections.abc import Callable, Collection, Mapping, Sequence

from bson import ObjectId

from app.domain.conversations import Answering, ConversationFilter
from app.domain.folding import fold
from app.domain.rows import Row

LOOKED_AT = dict.fromkeys(
    ("latest_chat_id", "folded", "active", "waiting_since", "received", "labels", "assistant_id"), 1
)
"""What `fitting` needs of a row."""

_LOOK_GROWTH = 4
_LEAST = 10

Unread = Callable[[Mapping[str, int]], Collection[str]]
"""Of conversations by id, with how many messages each has received, those with unread ones."""


def fitting(rows: Sequence[Row], wanted: ConversationFilter, unread: Unread) -> list[Row]:
    """Those of the rows that fit, in the same order; hidden assistants' do not."""
    needle, hidden = fold((wanted.text or "").strip()), set(map(ObjectId, wanted.hidden_assistants))
    fits = [
        row
        for row in rows
        if needle in row["folded"] and _row_fits(row, wanted) and row["assistant_id"] not in hidden
    ]
    if wanted.unread_by is None or not fits:
        return fits
    theirs = unread({str(row["_id"]): row.get("received", 0) for row in fits})
    return [row for row in fits if str(row["_id"]) in theirs]


def state_fits(active: bool, answering: Answering, wanted: ConversationFilter) -> bool:
    """Whether a conversation in this state fits."""
    return wanted.active in {None, active} and wanted.answering in {None, answering}


def next_look(size: int, looked_at: int, found: int, limit: int) -> int:
    """How many rows to look at next, after so many of which so many fit: some more than is missing of a page."""
    largest = size * _LOOK_GROWTH
    return min(largest, _LEAST + 2 * (limit + 1 - found) * looked_at // found) if found else largest


def activity_of(row: Row) -> str:
    """The id of a conversation's latest chat."""
    return str(row["latest_chat_id"])


def _row_fits(row: Row, wanted: ConversationFilter) -> bool:
    if wanted.label_id is not None and ObjectId(wanted.label_id) not in row.get("labels", ()):
        return False
    if row["active"]:
        answering = Answering.ASSISTANT
    else:
        waits = row.get("waiting_since") is not None
        answering = Answering.WAITING_FOR_PERSON if waits else Answering.PERSON
    return state_fits(row["active"], answering, wanted)
