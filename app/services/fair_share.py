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
    `threads` tells how many the server has.
    """

    def __init__(self, threads: Callable[[], int]) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()

    @contextmanager
    def held(self, assistant_id: str) -> Iterator[None]:
        """A thread for a message of this assistant; raises `BusyError` when its share is used up."""
        self.take(assistant_id)
        try:
            yield
        finally:
            self.give_back(assistant_id)

    def take(self, assistant_id: str) -> None:
        """Hold a thread until `give_back`; raises `BusyError`."""
        with self._lock:
            held, free = self._held[assistant_id], self._slots() - self._held.total()
            if free < 1 or (held and held + 1 > _TIMES_THE_FREE_ONES * (free - 1)):
                raise BusyError("Too many messages of this assistant are under way; please try again.")
            self._held[assistant_id] += 1

    def give_back(self, assistant_id: str) -> None:
        """Hold one thread less."""
        with self._lock:
            self._held[assistant_id] -= 1
            if not self._held[assistant_id]:
                del self._held[assistant_id]

    def _slots(self) -> int:
        threads = self._threads()
        return max(1, threads - max(1, threads // _KEPT_FREE))
