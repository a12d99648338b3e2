"""Whose messages get a thread, so that nobody's flood takes all of them."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.errors import BusyError

# Of 64 threads one assistant alone gets 53; each further one that is busy leaves the others less.
_TIMES_THE_FREE_ONES = 8
_KEPT_FREE = 16


class FairShare:
    """Shares the server's threads out among assistants.

    A sixteenth of them, one at least, is left to whatever is no message: health, dashboards. Of the rest an
    assistant may hold eight times as many as are free, and always one: dynamic thresholds (Choudhury & Hahne,
    IEEE/ACM Trans. Networking 6(2), 1998), under which a newcomer finds room whoever came before.
    A conversation holds `most_of_conversation` at the most: what its queue has no room for is refused before the
    database is asked. `threads` tells how many the server has.
    """

    def __init__(self, threads: Callable[[], int], most_of_conversation: int) -> None:
        self._threads = threads
        self._most_of_conversation = most_of_conversation
        self._lock = threading.Lock()
        self._assistants: Counter[str] = Counter()
        self._conversations: Counter[str] = Counter()

    @contextmanager
    def held(self, assistant_id: str, conversation_id: str) -> Iterator[None]:
        """A thread for a message of this conversation; raises `BusyError` when its share is used up."""
        self.take(assistant_id, conversation_id)
        try:
            yield
        finally:
            self.give_back(assistant_id, conversation_id)

    def take(self, assistant_id: str, conversation_id: str) -> None:
        """Hold a thread until `give_back`; raises `BusyError`."""
        with self._lock:
            if self._conversations[conversation_id] >= self._most_of_conversation:
                raise BusyError("Too many messages of this conversation are waiting; please try again.")
            held, free = self._assistants[assistant_id], self._slots() - self._assistants.total()
            if free < 1 or (held and held + 1 > _TIMES_THE_FREE_ONES * (free - 1)):
                raise BusyError("Too many messages of this assistant are under way; please try again.")
            self._assistants[assistant_id] += 1
            self._conversations[conversation_id] += 1

    def give_back(self, assistant_id: str, conversation_id: str) -> None:
        """Hold one thread less."""
        with self._lock:
            for counter, name in ((self._assistants, assistant_id), (self._conversations, conversation_id)):
                counter[name] -= 1
                if not counter[name]:
                    del counter[name]

    def _slots(self) -> int:
        threads = self._threads()
        return max(1, threads - max(1, threads // _KEPT_FREE))
