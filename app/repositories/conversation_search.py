"""Conversations that no index finds: each request looks through a bounded number, newest activity first."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from bson import ObjectId

from app.domain.conversations import Answering, Conversation, ConversationFilter, FoundConversations
from app.domain.folding import fold
from app.domain.rows import Row
from app.repositories.assistants import AssistantRepository
from app.repositories.conversation_names import MOST_FOUND, ConversationNameRepository
from app.repositories.conversations import ConversationRepository
from app.repositories.dialect import Dialect

_LOOKED_AT = {"latest_chat_id": 1, "folded": 1, "active": 1, "waiting_since": 1, "received": 1, "labels": 1}
_FIRST_LOOK = 200
_LOOK_GROWTH = 4
# Of the text; a shorter one is in very many names.
_SHORTEST = 3
_MOST_ASSISTANTS = 100

Unread = Callable[[Mapping[str, int]], Collection[str]]
"""Of conversations by id, with how many messages each has received, those with unread ones."""


class ConversationSearch:
    """Looks at one conversation after another, newest first; what is older is looked up by its name."""

    def __init__(
        self,
        conversations: ConversationRepository,
        names: ConversationNameRepository,
        assistants: AssistantRepository,
        dialect: Dialect,
    ) -> None:
        self._conversations = conversations
        self._names = names
        self._assistants = assistants
        self._dialect = dialect

    def search(
        self, wanted: ConversationFilter, before: str | None, limit: int, unread: Unread
    ) -> FoundConversations:
        """Those that fit the filter, as far as one request looks; its text is sought without case and accents.

        A text that is a whole channel id finds the conversations with that channel, and no others.
        """
        if exact := self._with_channel(wanted, unread):
            newest = sorted(exact, key=lambda one: one.latest_chat_id, reverse=True)
            return _page_of([one for one in newest if before is None or one.latest_chat_id < before], limit)
        found: list[str] = []
        looked_at, next_before = 0, None
        for rows in self._looks(wanted, before):
            looked_at += len(rows)
            for row in self._fitting(rows, wanted, unread):
                if len(found) == limit:
                    return self._shown(found, next_before)
                found.append(str(row["_id"]))
                next_before = str(row["latest_chat_id"])
            next_before = str(rows[-1]["latest_chat_id"])
        if looked_at < self._dialect.most_searched:
            return self._shown(found, None)
        older = self._older_by_name(wanted, next_before)
        if older is None:
            return self._shown(found, next_before)
        more = [row for row in self._fitting(older, wanted, unread) if str(row["_id"]) not in found]
        shown = more[: limit - len(found)]
        is_last = len(shown) == len(more)
        found += [str(row["_id"]) for row in shown]
        # Where nothing of them was shown, the next page begins with them.
        return self._shown(found, None if is_last else str(shown[-1]["latest_chat_id"]) if shown else next_before)

    def _older_by_name(self, wanted: ConversationFilter, before: str | None) -> list[Row] | None:
        """All conversations with less recent activity that may fit, newest first; None: no index finds them."""
        needle = fold((wanted.text or "").strip())
        if len(needle) < _SHORTEST or before is None:
            return None
        if wanted.assistant_id is not None:
            assistants = [wanted.assistant_id]
        else:
            owned = self._assistants.ids_readable(wanted.owner_id, (), _MOST_ASSISTANTS + 1)
            assistants = [*owned, *wanted.shared_assistants]
        if len(assistants) > _MOST_ASSISTANTS:
            return None
        ids = self._names.find(assistants, needle)
        if ids is None or len(ids) > MOST_FOUND:
            return None
        rows = self._conversations.rows_of(ids, _LOOKED_AT) if ids else []
        older = [row for row in rows if row["latest_chat_id"] < ObjectId(before)]
        if wanted.label_id is not None:
            older = [row for row in older if ObjectId(wanted.label_id) in row.get("labels", ())]
        return sorted(older, key=lambda row: row["latest_chat_id"], reverse=True)

    def _with_channel(self, wanted: ConversationFilter, unread: Unread) -> list[Conversation]:
        text = (wanted.text or "").strip()
        exact = self._conversations.with_channel(text, wanted) if text else []
        fitting = [one for one in exact if _fits(one.active, one.answering, wanted)]
        if wanted.label_id is not None:
            fitting = [one for one in fitting if wanted.label_id in one.labels]
        if wanted.unread_by is not None and fitting:
            theirs = unread({one.id: one.received for one in fitting})
            fitting = [one for one in fitting if one.id in theirs]
        return fitting

    def _looks(self, wanted: ConversationFilter, before: str | None) -> Iterator[list[Row]]:
        """All rows that may fit, in growing lists, until enough were looked at."""
        left, size = self._dialect.most_searched, _FIRST_LOOK
        while left > 0:
            size = min(size, left)
            rows = self._conversations.newest_rows(wanted, before, size, _LOOKED_AT)
            if rows:
                yield rows
            if len(rows) < size:
                return
            before, left, size = str(rows[-1]["latest_chat_id"]), left - size, size * _LOOK_GROWTH

    def _fitting(self, rows: Sequence[Row], wanted: ConversationFilter, unread: Unread) -> list[Row]:
        needle = fold((wanted.text or "").strip())
        fitting = [row for row in rows if needle in row["folded"] and _row_fits(row, wanted)]
        if wanted.unread_by is None or not fitting:
            return fitting
        theirs = unread({str(row["_id"]): row.get("received", 0) for row in fitting})
        return [row for row in fitting if str(row["_id"]) in theirs]

    def _shown(self, found: Sequence[str], next_before: str | None) -> FoundConversations:
        there = self._conversations.by_ids(found) if found else {}
        return FoundConversations([there[one] for one in found if one in there], next_before)


def _row_fits(row: Row, wanted: ConversationFilter) -> bool:
    if row["active"]:
        answering = Answering.ASSISTANT
    else:
        waits = row.get("waiting_since") is not None
        answering = Answering.WAITING_FOR_PERSON if waits else Answering.PERSON
    return _fits(row["active"], answering, wanted)


def _fits(active: bool, answering: Answering, wanted: ConversationFilter) -> bool:
    return wanted.active in {None, active} and wanted.answering in {None, answering}


def _page_of(conversations: Sequence[Conversation], limit: int) -> FoundConversations:
    shown = conversations[:limit]
    return FoundConversations(shown, shown[-1].latest_chat_id if len(conversations) > limit else None)
