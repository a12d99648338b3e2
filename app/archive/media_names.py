"""Which files of customers a row tells of."""

import re
from collections.abc import Iterator

from app.domain.rows import Row

_NAME = re.compile(r"[A-Za-z0-9_-]+")


def media_of(row: Row) -> Iterator[str]:
    """The paths below `DATA_DIR/media` of the files that a chat, or an item of the inbox, says are kept."""
    taken = row.get("taken")
    told = row.get("media") or (taken["files"] if isinstance(taken, dict) else ())
    for one in told:
        if one.get("kept", True) and _NAME.fullmatch(one["id"]):
            yield f"{row['assistant_id']}/{row['conversation_id']}/{one['id']}"
