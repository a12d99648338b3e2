"""Who gets a thread, so that nobody's flood takes all of them."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.domain.errors import BusyError

# Of 64 threads one tenant alone gets 53; each further one that is busy leaves the others less.
_TIMES_THE_FREE_ONES = 8
_KEPT_FREE = 1 / 16


class FairShare:
    """Shares the server's threads out among tenants: assistants, whose customers write, and people.

    A part of them, one at least, is kept free for whatever has no tenant: health, signing in. Of the rest a tenant
    may hold `times_the_free` times as many as are free, and always one: dynamic thresholds (Choudhury & Hahne,
    IEEE/ACM Trans. Networking 6(2), 1998), under which a newcomer finds room whoever came before.
    A conversation holds `most_of_conversation` at the most: what its queue has no room for is refused before the
    database is asked. `threads` tells how many the server has.
    """

    def __init__(
        self,
        threads: Callable[[], int],
        most_of_conversation: int = 1,
        *,
        times_the_free: int = _TIMES_THE_FREE_ONES,
        kept_free: float = _KEPT_FREE,
    ) -> None:
        self._threads = threads
        self._most_of_conversation = most_of_conversation
        self._times_the_free = times_the_free
        self._kept_free = kept_free
        self._lock = threading.Lock()
        self._tenants: Counter[str] = Counter()
        self._conversations: Counter[str] = Counter()

    @contextmanager
    def held(self, tenant: str, conversation_id: str | None = None) -> Iterator[None]:
        """A thread for a request of this tenant, or of its conversation; raises `BusyError` beyond its share."""
        self.take(tenant, conversation_id)
        try:
            yield
        finally:
            self.give_back(tenant, conversation_id)

    def take(self, tenant: str, conversation_id: str | None = None) -> None:
        """Hold a thread until `give_back`; raises `BusyError`."""
        with self._lock:
            if conversation_id and self._conversations[conversation_id] >= self._most_of_conversation:
                raise BusyError("Too many messages of this conversation are waiting; please try again.")
            held, free = self._tenants[tenant], self._slots() - self._tenants.total()
            if free < 1 or (held and held + 1 > self._times_the_free * (free - 1)):
                what = "messages of this assistant" if conversation_id else "requests of this account"
                raise BusyError(f"Too many {what} are under way; please try again.")
            self._tenants[tenant] += 1
            if conversation_id:
                self._conversations[conversation_id] += 1

    def give_back(self, tenant: str, conversation_id: str | None = None) -> None:
        """Hold one thread less."""
        with self._lock:
            for counter, name in ((self._tenants, tenant), (self._conversations, conversation_id)):
                if name is None:
                    continue
                counter[name] -= 1
                if not counter[name]:
                    del counter[name]

    def load(self) -> tuple[int, int]:
        """How many threads are held, and how many of them wait for another one of their conversation."""
        with self._lock:
            return self._tenants.total(), self._conversations.total() - len(self._conversations)

    def _slots(self) -> int:
        threads = self._threads()
        return max(1, threads - max(1, int(threads * self._kept_free)))


def share_of_long_requests(threads: Callable[[], int]) -> FairShare:
    """For requests that wait for something outside, and so hold a thread for long.

    All together have half of the threads, and one tenant of these no more than are left free.
    """
    return FairShare(threads, times_the_free=1, kept_free=1 / 2)
