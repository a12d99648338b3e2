"""Conversations that wait for a thread: each once, when it is due, channels by turns."""

import heapq
from collections.abc import Callable

# Beyond this, what waits is found by the next look again.
_MOST = 10_000


class WorkQueue:
    """What is due later, what is due now, and what is being worked on; for one thread at a time.

    Times are seconds on the monotonic clock. What is added while it is worked on is due again after that.
    """

    def __init__(self) -> None:
        self.busy: dict[str, str] = {}
        self._later: list[tuple[float, str, str]] = []
        self._due_at: dict[str, float] = {}
        self._ready: dict[str, dict[str, None]] = {}
        self._again: dict[str, float] = {}

    @property
    def next_due(self) -> float | None:
        """When the first of those is due that are not yet."""
        return self._later[0][0] if self._later else None

    @property
    def is_backed_up(self) -> bool:
        """Whether something that is due waits for room."""
        return bool(self._ready)

    def add(self, channel_id: str, conversation_id: str, at: float) -> None:
        """It is due then, unless it is due sooner anyway."""
        if conversation_id in self.busy:
            self._again[conversation_id] = min(at, self._again.get(conversation_id, at))
            return
        if at >= self._due_at.get(conversation_id, float("inf")) or len(self._later) >= _MOST:
            return
        self._due_at[conversation_id] = at
        heapq.heappush(self._later, (at, channel_id, conversation_id))

    def first(self, now: float, may_begin: Callable[[str], bool]) -> tuple[str, str] | None:
        """What is due and may be begun, of the channel that was served least recently; it stays in the queue."""
        while self._later and self._later[0][0] <= now:
            at, channel_id, conversation_id = heapq.heappop(self._later)
            if self._due_at.get(conversation_id) == at:
                self._due_at[conversation_id] = float("-inf")
                self._ready.setdefault(channel_id, {})[conversation_id] = None
        for channel_id, waiting in self._ready.items():
            if may_begin(channel_id):
                return channel_id, next(iter(waiting))
        return None

    def begin(self, channel_id: str, conversation_id: str) -> None:
        """It is worked on, and its channel goes behind the others."""
        waiting = self._ready.pop(channel_id)
        del waiting[conversation_id], self._due_at[conversation_id]
        if waiting:
            self._ready[channel_id] = waiting
        self.busy[conversation_id] = channel_id

    def end(self, channel_id: str, conversation_id: str) -> None:
        """It is not worked on any more."""
        self.busy.pop(conversation_id, None)
        if conversation_id in self._again:
            self.add(channel_id, conversation_id, self._again.pop(conversation_id))
