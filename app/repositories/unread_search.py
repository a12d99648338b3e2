"""Conversations that a person has not read: what is known to be read is not looked at again."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from app.domain.conversations import LONGEST_MESSAGE, ConversationFilter
from app.domain.ids import first_id_at
from app.domain.rows import Row
from app.repositories.conversation_filters import LOOKED_AT, Unread, activity_of, fitting, next_look
from app.repositories.conversations import ConversationRepository
from app.repositories.dialect import Dialect
from app.repositories.read_spans import Activity, ReadSpan, ReadSpans

_BEGINNING = ""

FoundIds = tuple[list[str], str | None]
"""Ids of conversations, newest activity first; the search goes on before an id of a chat, None: it has ended."""


class UnreadSearch:
    """Walks down a list by activity, and leaps over the span of which a person has read all but a few.

    So the first walk through a long list takes many requests, and later ones take what is new, and those few.
    """

    def __init__(self, conversations: ConversationRepository, dialect: Dialect) -> None:
        self._conversations = conversations
        self._dialect = dialect
        self._spans = ReadSpans()

    def search(
        self,
        wanted: ConversationFilter,
        scope: Sequence[str] | None,
        before: str | None,
        limit: int,
        unread: Unread,
    ) -> FoundIds:
        """At most `limit` that fit the filter, as far as one request looks.

        `scope` names the assistants that the list shows; None: nothing is known of them.
        """
        name = None if scope is None or wanted.unread_by is None else (wanted.unread_by, *scope)
        span = self._spans.get(name) if name else None
        found, end = self._walk(wanted, span, before, limit, lambda rows: fitting(rows, wanted, unread))
        if name and not wanted.is_narrowed:
            self._spans.add(name, _walked(found, end or _BEGINNING, before))
        return [conversation_id for _, conversation_id in found], end

    def _walk(
        self,
        wanted: ConversationFilter,
        span: ReadSpan | None,
        before: str | None,
        limit: int,
        fit: Callable[[Sequence[Row]], list[Row]],
    ) -> tuple[list[Activity], str | None]:
        """Those that fit, and how far down was walked; None: to the end."""
        found: list[Activity] = []
        left, size = self._dialect.most_searched, limit + 1
        looked_at = 0
        while left > 0:
            rows, down_to = self._next(wanted, span, before, min(size, left))
            for row in fit(rows):
                if len(found) == limit:
                    return found, found[-1][0]
                found.append((activity_of(row), str(row["_id"])))
            before = down_to if down_to is not None else activity_of(rows[-1])
            if before == _BEGINNING:
                return found, None
            looked_at += len(rows)
            left, size = left - len(rows), next_look(size, looked_at, len(found), limit)
        return found, before

    def _next(
        self, wanted: ConversationFilter, span: ReadSpan | None, before: str | None, size: int
    ) -> tuple[list[Row], str | None]:
        """The next rows, and down to where these are all; None: down to the last of them."""
        if span is not None and before is not None and span.since < before <= span.until:
            return self._left_unread(span, before), span.since
        since = span.until if span is not None and (before is None or before > span.until) else _BEGINNING
        rows = self._conversations.newest_rows(wanted, before, size, LOOKED_AT, since=since or None)
        return rows, since if len(rows) < size else None

    def _left_unread(self, span: ReadSpan, before: str) -> list[Row]:
        """Those that were unread in the span; what has a newer message is above it."""
        ids = [conversation_id for activity, conversation_id in span.unread if activity < before]
        rows = self._conversations.rows_of(ids, LOOKED_AT) if ids else []
        return sorted((row for row in rows if activity_of(row) < before), key=activity_of, reverse=True)


def _walked(found: Sequence[Activity], since: str, before: str | None) -> ReadSpan:
    """What a walk found out; of the last minutes a message may come late that carries their time."""
    settled = first_id_at(datetime.now(UTC) - LONGEST_MESSAGE)
    until = min(before, settled) if before else settled
    return ReadSpan(since, until, [one for one in found if one[0] < until])
