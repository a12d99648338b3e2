"""Conversations that no one index finds: each request looks through a bounded number, newest activity first."""

from collections.abc import Sequence

from bson import ObjectId

from app.domain.conversations import (
    LONGEST_MESSAGE,
    Answering,
    Conversation,
    ConversationFilter,
    FoundConversations,
)
from app.domain.folding import fold
from app.domain.ids import first_id_at
from app.domain.rows import Row
from app.repositories.assistants import AssistantRepository
from app.repositories.conversation_filters import LOOKED_AT, Unread, activity_of, fitting, next_look, state_fits
from app.repositories.conversation_names import MOST_FOUND, ConversationNameRepository
from app.repositories.conversations import ConversationRepository
from app.repositories.dialect import Dialect
from app.repositories.unread_search import FoundIds, UnreadSearch

# Of the text; a shorter one is in very many names.
_SHORTEST = 3
_MOST_ASSISTANTS = 100
_MOST_WAITING = 500
_EVERYTHING = ("all",)


class ConversationSearch:
    """Looks at the newest conversations, and finds older ones by what is known of them.

    By their names, by who waits for a person, and by what a person has read; where none of it helps, it goes on
    looking.
    """

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
        self._unread = UnreadSearch(conversations, dialect)

    def search(
        self, wanted: ConversationFilter, before: str | None, limit: int, unread: Unread
    ) -> FoundConversations:
        """Those that fit the filter, as far as one request looks; its text is sought without case and accents.

        A text that is a whole channel id finds the conversations with that channel, and no others.
        """
        if exact := self._with_channel(wanted, unread):
            newest = sorted(exact, key=lambda one: one.latest_chat_id, reverse=True)
            return _page_of([one for one in newest if before is None or one.latest_chat_id < before], limit)
        if wanted.unread_by is not None and wanted.text is None:
            scope = None if self._is_moving(wanted) else self._scope(wanted)
            return self._shown(*self._unread.search(wanted, scope, before, limit, unread))
        return self._shown(*self._looked_for(wanted, before, limit, unread))

    def _looked_for(self, wanted: ConversationFilter, before: str | None, limit: int, unread: Unread) -> FoundIds:
        found: list[str] = []
        left, size, looked_at, asks = self._dialect.most_searched, limit + 1, 0, True
        while left > 0:
            size = min(size, left)
            rows = self._conversations.newest_rows(wanted, before, size, LOOKED_AT)
            for row in fitting(rows, wanted, unread):
                if len(found) == limit:
                    return found, before
                found.append(str(row["_id"]))
                before = activity_of(row)
            if len(rows) < size:
                return found, None
            before = activity_of(rows[-1])
            looked_at, left = looked_at + size, left - size
            is_sparse = len(found) * self._dialect.most_searched < limit * looked_at
            if asks and is_sparse and (not left or self._are_known_before(wanted, before)):
                older = self._older(wanted, before)
                if older is not None:
                    return _first_of(fitting(older, wanted, unread), found, limit, before)
                asks = False
            size = next_look(size, looked_at, len(found), limit)
        return found, before

    def _are_known_before(self, wanted: ConversationFilter, activity: str) -> bool:
        """Whether an index knows all conversations with less recent activity that fit."""
        if wanted.text is None:
            return True
        until = self._names.indexed_until()
        return until is not None and activity < first_id_at(until - LONGEST_MESSAGE)

    def _older(self, wanted: ConversationFilter, before: str) -> list[Row] | None:
        """All conversations with less recent activity that may fit, newest first; None: no index finds them."""
        if wanted.text is not None:
            rows = self._named(wanted)
        elif wanted.answering is Answering.WAITING_FOR_PERSON:
            rows = self._conversations.waiting_rows(wanted, _MOST_WAITING, LOOKED_AT)
        else:
            rows = None
        if rows is None:
            return None
        older = [row for row in rows if row["latest_chat_id"] < ObjectId(before)]
        return sorted(older, key=activity_of, reverse=True)

    def _named(self, wanted: ConversationFilter) -> list[Row] | None:
        """All conversations whose names may fit; None: no index finds them."""
        needle = fold((wanted.text or "").strip())
        if len(needle) < _SHORTEST or self._names.indexed_until() is None:
            return None
        assistants = self._assistants_of(wanted)
        ids = self._names.find(assistants, needle) if assistants is not None else None
        if ids is None or len(ids) > MOST_FOUND:
            return None
        return self._conversations.rows_of(ids, LOOKED_AT) if ids else []

    def _is_moving(self, wanted: ConversationFilter) -> bool:
        """Whether conversations may still come into an owner's list that have been handed to them."""
        is_of_owner = wanted.owner_id is not None and wanted.assistant_id is None
        return is_of_owner and bool(self._assistants.owner_changed())

    def _scope(self, wanted: ConversationFilter) -> Sequence[str] | None:
        """The assistants whose conversations the filter shows; None: they are too many."""
        if wanted.owner_id is None and wanted.assistant_id is None:
            return _EVERYTHING
        return self._assistants_of(wanted)

    def _assistants_of(self, wanted: ConversationFilter) -> Sequence[str] | None:
        if wanted.assistant_id is not None:
            return [wanted.assistant_id]
        owned = self._assistants.ids_readable(wanted.owner_id, (), _MOST_ASSISTANTS + 1)
        found = sorted([*owned, *wanted.shared_assistants])
        return found if len(found) <= _MOST_ASSISTANTS else None

    def _with_channel(self, wanted: ConversationFilter, unread: Unread) -> list[Conversation]:
        text = (wanted.text or "").strip()
        exact = self._conversations.with_channel(text, wanted) if text else []
        fits = [one for one in exact if state_fits(one.active, one.answering, wanted)]
        if wanted.label_id is not None:
            fits = [one for one in fits if wanted.label_id in one.labels]
        if wanted.unread_by is not None and fits:
            theirs = unread({one.id: one.received for one in fits})
            fits = [one for one in fits if one.id in theirs]
        return fits

    def _shown(self, found: Sequence[str], next_before: str | None) -> FoundConversations:
        there = self._conversations.by_ids(found) if found else {}
        return FoundConversations([there[one] for one in found if one in there], next_before)


def _first_of(rows: Sequence[Row], found: list[str], limit: int, next_before: str) -> FoundIds:
    """What was found, and the first of all rows that are left; where none of these is shown they begin a page."""
    more = [row for row in rows if str(row["_id"]) not in found]
    shown = more[: limit - len(found)]
    found = [*found, *(str(row["_id"]) for row in shown)]
    if len(shown) == len(more):
        return found, None
    return found, activity_of(shown[-1]) if shown else next_before


def _page_of(conversations: Sequence[Conversation], limit: int) -> FoundConversations:
    shown = conversations[:limit]
    return FoundConversations(shown, shown[-1].latest_chat_id if len(conversations) > limit else None)
