"""Sees to it that every message is announced to webhooks, at no cost to who waits for its answer.

A message of an assistant whose webhooks want to know is marked in the write that stores it. It keeps the mark until
its end is in the outbox: what a process dies with is found by the mark. The rest is hints, in memory.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from app.domain.assistants import Assistant
from app.domain.chats import WORKED_ON, Chat, ChatState
from app.services.ports import Clock
from app.services.ports.webhooks import AnnouncedMessages
from app.services.webhooks.message_events import MessageEvents

_MOST_HINTS = 10_000
_INTERRUPTED = "interrupted"

_log = logging.getLogger(__name__)


class MessageAnnouncer:
    """Takes hints from those who work on messages, and emits the events in a thread of the dispatcher's."""

    def __init__(
        self, events: MessageEvents, messages: AnnouncedMessages, clock: Clock, wake: Callable[[], None]
    ) -> None:
        self._events = events
        self._messages = messages
        self._clock = clock
        self._wake = wake
        self._lock = threading.Lock()
        self._open: dict[str, bool] = {}
        self._hints: deque[tuple[Assistant, Chat] | str] = deque()

    def received(self, assistant: Assistant, chat: Chat) -> None:
        """A message was stored and queued."""
        if chat.announce and self._has_room():
            with self._lock:
                self._open[chat.id] = False
            self._hint((assistant, chat))

    def ended(self, chat_id: str) -> None:
        """This process works no more on a message."""
        if chat_id not in self._open:
            return
        if self._has_room():
            self._hint(chat_id)
        else:
            with self._lock:
                self._open.pop(chat_id, None)

    def before_removal(self, chat: Chat) -> None:
        """Announce the failure of a message whose row makes way for its retry."""
        if chat.announce:
            failed = replace(chat, state=ChatState.FAILED, error=chat.error or _INTERRUPTED)
            self._events.ended(failed, received=False)

    def run(self) -> None:
        """Emit what was hinted at; what cannot be emitted right now is left to the sweep."""
        while self._hints:
            hint = self._hints.popleft()
            try:
                self._follow(hint)
            except Exception:
                _log.exception("A message cannot be announced to webhooks right now; a sweep will")

    def sweep(self) -> None:
        """Announce the ends of messages whose process died, or could not."""
        for chat in self._messages.to_announce():
            if chat.id not in self._open and chat.is_settled(self._clock()):
                self._announce(chat, received=False)

    def _has_room(self) -> bool:
        """Otherwise the sweep does it."""
        return len(self._hints) < _MOST_HINTS

    def _hint(self, hint: tuple[Assistant, Chat] | str) -> None:
        self._hints.append(hint)
        self._wake()

    def _follow(self, hint: tuple[Assistant, Chat] | str) -> None:
        if not isinstance(hint, str):
            self._events.received(*hint)
            with self._lock:
                if hint[1].id in self._open:
                    self._open[hint[1].id] = True
            return
        with self._lock:
            received = self._open.pop(hint, False)
        chat = self._messages.by_id(hint)
        if chat is not None and chat.announce and chat.state not in WORKED_ON:
            self._announce(chat, received=received)

    def _announce(self, chat: Chat, *, received: bool) -> None:
        if chat.state in WORKED_ON:
            if not self._messages.fail(chat, _INTERRUPTED):
                return  # it has come to its end since
            chat = replace(chat, state=ChatState.FAILED, error=_INTERRUPTED)
        self._events.ended(chat, received=received)
        self._messages.announced(chat.id)
