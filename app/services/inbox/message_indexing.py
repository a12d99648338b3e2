"""Indexes words of chats and names of conversations in the background, so that no message waits for it."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.chats import Chat
from app.domain.conversations import searched_text
from app.domain.deadline import Deadline
from app.domain.message_search import IndexingProgress
from app.domain.search_words import keys_of
from app.services.ports import Clock
from app.services.ports.inbox import ConversationNames, MessageWords

_AT_ONCE = 200
# A change is seen this much later than its own moment at most; until then it is looked for again.
_LATE = timedelta(seconds=5)
_ROUND_SECONDS = 1.5
# What a restart does again.
_NOTED_EVERY = timedelta(minutes=1)
_MILLISECOND = timedelta(milliseconds=1)
_MOST_REMEMBERED = 5_000


class MessageIndexing:
    """Follows what changes, and works its way back through what is older.

    Several processes may do the same work: what they write is the same.
    """

    def __init__(self, words: MessageWords, names: ConversationNames, clock: Clock) -> None:
        self._words = words
        self._names = names
        self._clock = clock
        self._progress: IndexingProgress | None = None
        self._noted: datetime | None = None
        self._called: OrderedDict[str, str] = OrderedDict()
        self._done: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def run(self) -> None:
        """One round; what is left after a moment waits for the next one."""
        deadline, now = Deadline(_ROUND_SECONDS), self._clock()
        progress = self._progress or self._words.progress() or IndexingProgress(now, "")
        progress = self._followed(progress, now, deadline)
        while progress.before is not None and deadline.left() > 0:
            progress = self._further_back(progress)
        self._progress = progress
        if self._noted is None or progress.until - self._noted > _NOTED_EVERY:
            self._words.advance(progress)
            self._noted = progress.until

    def _followed(self, progress: IndexingProgress, now: datetime, deadline: Deadline) -> IndexingProgress:
        since = progress.until - _LATE
        while since < now and deadline.left() > 0:
            chats, until = self._words.changed(since, now, _AT_ONCE)
            self._index(chats, are_latest=True)
            # More chats of one moment than are looked at are cleared away after a crash only.
            since = until if until > since else since + _MILLISECOND
        return replace(progress, until=max(progress.until, since))

    def _further_back(self, progress: IndexingProgress) -> IndexingProgress:
        chats = self._words.older(progress.before or None, _AT_ONCE)
        self._index(chats, are_latest=False)
        further = chats[-1].id if len(chats) == _AT_ONCE else None
        moved = replace(progress, before=further)
        self._words.advance(moved)
        return moved

    def _index(self, chats: Sequence[Chat], *, are_latest: bool) -> None:
        """Index chats, and what their conversations are called, which the latest one says."""
        new = [chat for chat in chats if self._done.get(chat.id) != (chat.message, chat.response)]
        keys = {chat.id: keys_of(chat.message, chat.response) for chat in new}
        self._words.put(keys, [chat for chat in new if keys[chat.id]])
        customers = [chat for chat in new if not chat.by_person]
        named = {
            one.conversation_id: (one.assistant_id, searched_text(one.username, one.channel)) for one in customers
        }
        unnamed = {one: name for one, name in named.items() if self._called.get(one) != name[1]}
        self._names.put(unnamed, replacing=are_latest)
        if are_latest:
            for conversation_id, (_, text) in unnamed.items():
                self._called[conversation_id] = text
                self._called.move_to_end(conversation_id)
        for chat in new:
            self._done[chat.id] = (chat.message, chat.response)
            self._done.move_to_end(chat.id)
        while len(self._done) > _MOST_REMEMBERED:
            self._done.popitem(last=False)
        while len(self._called) > _MOST_REMEMBERED:
            self._called.popitem(last=False)
