"""What has changed lately, in all collections that an inbox shows; each is asked by the index on its moment."""

from datetime import datetime

from pymongo.database import Database

from app.domain.changes import Change, ChangeKind
from app.domain.rows import Row
from app.repositories.own_writes import OwnWrites

_SHOWN = dict.fromkeys(("changed", "conversation_id", "assistant_id", "owner_id", "user_id", "before"), 1)
_WATCHED = {
    ChangeKind.CONVERSATION: "conversations",
    ChangeKind.CHAT: "chats",
    ChangeKind.READ_MARK: "read_marks",
    ChangeKind.ERASURE: "erasures",
}
_SELDOM = (ChangeKind.READ_MARK, ChangeKind.ERASURE)
_OF_MESSAGES = ("conversations", "chats")
_OF_THE_REST = ("read_marks", "erasures")


class ChangeRepository:
    """Rows say when they last changed by `changed`; an erasure's row is made first, and changes when it is done."""

    def __init__(self, database: Database[Row], writes: OwnWrites | None = None) -> None:
        self._writes = writes
        self._collections = {kind: database[name] for kind, name in _WATCHED.items()}

    def writes(self) -> tuple[int, int] | None:
        """How often anything was written: of messages, and of the rest; None: others write, too."""
        if self._writes is None:
            return None
        return self._writes.count(_OF_MESSAGES), self._writes.count(_OF_THE_REST)

    def since(self, moment: datetime, most: int, *, of_messages_only: bool) -> list[Change] | None:
        """What changed since a moment; None where in one of the collections more than `most` rows did.

        `of_messages_only`: without read marks and erasures, which change more seldom.
        """
        found: list[Change] = []
        for kind, rows in self._collections.items():
            if of_messages_only and kind in _SELDOM:
                continue
            changed = list(rows.find({"changed": {"$gte": moment}}, _SHOWN).limit(most + 1))
            if len(changed) > most:
                return None
            found += [_change_of(kind, row) for row in changed]
        return found


def _change_of(kind: ChangeKind, row: Row) -> Change:
    conversation_id = row["conversation_id"] if "conversation_id" in row else row["_id"]
    return Change(
        kind,
        str(row["_id"]),
        row["changed"],
        str(conversation_id),
        str(row["assistant_id"]),
        str(row["owner_id"]) if "owner_id" in row else None,
        str(row["user_id"]) if "user_id" in row else None,
        str(row["before"]) if "before" in row else None,
    )
