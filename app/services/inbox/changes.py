"""Knows what has changed in conversations, so that those who look every few seconds need not read them again.

Whoever asks looks at the database if nobody has within the last moment; no thread waits for anything. So all who
look at one process together cost a few small queries in that time, however many they are.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.changes import Change, ChangedConversation, ChangeKind
from app.domain.conversations import ConversationFilter
from app.services.ports import Clock
from app.services.ports.inbox import ChangeRows

_LOOK_SECONDS = 0.4
_LOOK_AT_ALL_SECONDS = 2.0
# Where all writes are known to this process; a command beside it may have made one.
_LOOK_UNASKED_SECONDS = 10.0
# Rows carry the clock of the process that wrote them, and are seen only once they are written.
LATE = timedelta(seconds=5)
"""How much later than its own moment a change may be seen."""
_KEPT = timedelta(minutes=15)
_MOST_AT_ONCE = 2_000
_MOST_KEPT = 20_000

Version = tuple[int, ...]
"""Equal as long as nothing has changed."""


class Changes:
    """The changes of the last 15 minutes, in memory."""

    def __init__(self, rows: ChangeRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock
        self._lock = threading.Lock()
        self._next_look = self._next_whole_look = self._next_look_unasked = 0.0
        self._writes = (0, 0)
        self._looked_at: datetime | None = None
        self._looked_at_all: datetime | None = None
        self._complete_from = clock()
        self._latest: OrderedDict[tuple[ChangeKind, str], Change] = OrderedDict()
        self._versions: dict[str, int] = {}
        self._number = 0

    def expire(self) -> None:
        """Something was changed in this process: the next look is not put off."""
        self._next_look = self._next_whole_look = 0.0

    def of_list(self, wanted: ConversationFilter, user_id: str) -> Version:
        """The version of a list, as one user sees it; the filter says in which assistants."""
        self._look()
        versions = self._versions
        if wanted.assistant_id:
            names = [wanted.assistant_id]
        elif wanted.owner_id:
            names = [wanted.owner_id, *wanted.shared_assistants]
        else:
            names = ["all"]
        hidden = hash((tuple(wanted.hidden_assistants), tuple(wanted.shared_assistants)))
        numbers = (versions.get(one, 0) for one in ("reset", user_id, *names))
        return (*numbers, hidden)

    def of_conversation(self, conversation_id: str, user_id: str) -> Version:
        """The version of one conversation, as one user sees it."""
        self._look()
        names = ("reset", user_id)
        return tuple(self._versions.get(one, 0) for one in (*names, _name_of(conversation_id)))

    def conversations(
        self, since: datetime, wanted: ConversationFilter, user_id: str
    ) -> dict[str, ChangedConversation] | None:
        """The conversations that changed since a moment, by id, the last change first.

        They are those of the filter's assistants. None: it is too long ago to know.
        """
        found = self._since(since)
        if found is None:
            return None
        changed: dict[str, ChangedConversation] = {}
        for one in reversed(found):
            if _is_seen(one, wanted, user_id):
                later = changed.get(one.conversation_id)
                at, before = (later.at, later.erased_before) if later else (one.at, None)
                version = self._versions.get(_name_of(one.conversation_id), 0)
                changed[one.conversation_id] = ChangedConversation(at, version, one.before or before)
        return changed

    def chats(self, since: datetime, conversation_id: str) -> list[str] | None:
        """The ids of a conversation's chats that changed since a moment; None: it is too long ago to know."""
        found = self._since(since)
        if found is None:
            return None
        return [one.id for one in found if one.kind is ChangeKind.CHAT and one.conversation_id == conversation_id]

    def _since(self, since: datetime) -> Sequence[Change] | None:
        self._look()
        with self._lock:
            if since - LATE < self._complete_from:
                return None
            return [one for one in self._latest.values() if one.at >= since - LATE]

    def _look(self) -> None:
        """Ask the database what is new, unless somebody just has, or does."""
        if time.monotonic() < self._next_look or not self._lock.acquire(blocking=False):
            return
        try:
            self._next_look = time.monotonic() + _LOOK_SECONDS
            self._look_if_due(self._rows.writes(), time.monotonic())
        finally:
            self._lock.release()

    def _look_if_due(self, writes: tuple[int, int] | None, now: float) -> None:
        """With all writes known there is nothing to look for until there is a new one."""
        if writes is None:
            self._look_now(self._clock(), whole=now >= self._next_whole_look)
            return
        is_due = now >= self._next_look_unasked
        whole = is_due or writes[1] != self._writes[1]
        if whole or writes[0] != self._writes[0]:
            self._look_now(self._clock(), whole=whole)
            self._writes = writes
        if whole:
            self._next_look_unasked = now + _LOOK_UNASKED_SECONDS

    def _look_now(self, now: datetime, *, whole: bool) -> None:
        last = self._looked_at_all if whole else self._looked_at
        begins = last is None or now - last > _KEPT - LATE
        since = now - _KEPT if begins or last is None else last - LATE
        found = self._rows.since(since, _MOST_AT_ONCE, of_messages_only=not whole)
        if begins or found is None:
            self._begin_anew(since if found is not None else now)
        for change in sorted(found or (), key=lambda one: one.at):
            self._take(change)
        self._forget_before(now - _KEPT)
        self._looked_at = now
        if whole:
            self._looked_at_all, self._next_whole_look = now, time.monotonic() + _LOOK_AT_ALL_SECONDS

    def _begin_anew(self, complete_from: datetime) -> None:
        self._latest.clear()
        self._versions.clear()
        self._number += 1
        self._versions["reset"] = self._number
        self._complete_from = complete_from

    def _take(self, change: Change) -> None:
        key = change.kind, change.id
        known = self._latest.get(key)
        if known is not None and known.at >= change.at:
            return
        self._latest[key] = change
        self._latest.move_to_end(key)
        self._number += 1
        for name in _bumped_by(change):
            self._versions[name] = self._number

    def _forget_before(self, moment: datetime) -> None:
        while self._latest:
            key, oldest = next(iter(self._latest.items()))
            if oldest.at >= moment and len(self._latest) <= _MOST_KEPT:
                return
            del self._latest[key]
            self._versions.pop(_name_of(oldest.conversation_id), None)
            self._complete_from = max(self._complete_from, oldest.at)


def _name_of(conversation_id: str) -> str:
    return f"conversation {conversation_id}"


def _bumped_by(change: Change) -> tuple[str, ...]:
    """Whose lists look otherwise after a change."""
    if change.kind is ChangeKind.READ_MARK:
        return (change.user_id or "",)
    owners = (change.owner_id,) if change.owner_id else ()
    return ("all", change.assistant_id, *owners, _name_of(change.conversation_id))


def _is_seen(change: Change, wanted: ConversationFilter, user_id: str) -> bool:
    if change.kind is ChangeKind.READ_MARK:
        return change.user_id == user_id
    if wanted.assistant_id:
        return change.assistant_id == wanted.assistant_id
    if change.assistant_id in wanted.hidden_assistants:
        return False
    return wanted.owner_id in {None, change.owner_id} or change.assistant_id in wanted.shared_assistants
