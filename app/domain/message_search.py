"""Messages that are found by their words, and how far they are indexed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.conversations import Channel
from app.domain.overviews import Author
from app.domain.search_words import Snippet


@dataclass(frozen=True, slots=True)
class IndexingProgress:
    """How far chats are indexed: all that changed up to `until`, and older ones down to the id `before`.

    `before` None: all of them; "": none yet.
    """

    until: datetime
    before: str | None


@dataclass(frozen=True, slots=True)
class FoundChatIds:
    """Ids of chats, newest first; the search goes on before the id `next_before`, None: it has ended."""

    chat_ids: Sequence[str]
    next_before: str | None


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A chat in which all words were found; `snippet` is of what `by` wrote in it."""

    chat_id: str
    conversation_id: str
    assistant_id: str
    assistant_name: str
    channel: Channel
    username: str | None
    by: Author
    at: datetime
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """A page of a search; it goes on before the chat `next_before`, None: it has ended."""

    messages: Sequence[FoundMessage]
    next_before: str | None
