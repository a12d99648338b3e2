"""Which messages of this process are to be announced; in memory, as marks in the database tell the same."""

import threading
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from app.domain.assistants import Assistant
from app.domain.chats import Chat

_MOST_HINTS = 10_000
_AT_ONCE = 200


class Hints(NamedTuple):
    """Messages that came, and the ids of messages that ended."""

    received: list[tuple[Assistant, Chat]]
    ended: list[str]


class MessageHints:
    """Takes hints in no time, and hands them out in batches. What there is no room for is left to the sweep."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[tuple[Assistant, Chat] | str] = deque()
        self._told: dict[str, bool] = {}

    def received(self, assistant: Assistant, chat: Chat) -> None:
        """A message was stored and queued."""
        with self._lock:
            if len(self._queue) < _MOST_HINTS:
                self._told[chat.id] = False
                self._queue.append((assistant, chat))

    def ended(self, chat_id: str) -> bool:
        """This process works no more on a message; whether that is of interest."""
        with self._lock:
            if chat_id not in self._told:
                return False
            if len(self._queue) >= _MOST_HINTS:
                del self._told[chat_id]
                return False
            self._queue.append(chat_id)
            return True

    def knows(self, chat_id: str) -> bool:
        """Whether a message that came has not ended yet, as far as hints tell."""
        with self._lock:
            return chat_id in self._told

    def are_left(self) -> bool:
        """Whether there are more."""
        return bool(self._queue)

    def take(self) -> Hints:
        """The next hints, in order."""
        hints = Hints([], [])
        with self._lock:
            for _ in range(min(_AT_ONCE, len(self._queue))):
                hint = self._queue.popleft()
                if isinstance(hint, str):
                    hints.ended.append(hint)
                else:
                    hints.received.append(hint)
        return hints

    def tell(self, chat_ids: Iterable[str]) -> None:
        """It was told that these messages came."""
        with self._lock:
            self._told.update((chat_id, True) for chat_id in chat_ids if chat_id in self._told)

    def told(self, chat_ids: Iterable[str]) -> set[str]:
        """Those of the messages of which it was told that they came."""
        with self._lock:
            return {chat_id for chat_id in chat_ids if self._told.get(chat_id)}

    def forget(self, chat_ids: Iterable[str]) -> None:
        """These messages have ended."""
        with self._lock:
            for chat_id in chat_ids:
                self._told.pop(chat_id, None)
