"""Whose job is next."""

import threading
from collections import Counter

_MOST_REMEMBERED = 1000


class Turns:
    """Gives the jobs of a lane numbers, lowest first, so that owners take turns, however many jobs each has.

    Start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996) where every job counts as much as any other: the
    number of a job follows that of its owner's job before, but is never below the one that was begun last. So a
    newcomer's first job is next. No owner has more than `most_of_one` workers at a time.
    """

    def __init__(self, most_of_one: int = 1) -> None:
        self.most_of_one = most_of_one
        self._begun = 0
        self._next: dict[str, int] = {}
        self._working: Counter[str] = Counter()
        self._lock = threading.Lock()

    def number(self, owner: str) -> int:
        """The number of a new job."""
        with self._lock:
            number = max(self._begun, self._next.get(owner, 0))
            self._next[owner] = number + 1
            if len(self._next) > _MOST_REMEMBERED:
                self._next = {one: later for one, later in self._next.items() if later > self._begun}
            return number

    def begin(self, owner: str, number: int) -> bool:
        """Give a worker to a job; False if its owner has as many as may be."""
        with self._lock:
            if self._working[owner] >= self.most_of_one:
                return False
            self._working[owner] += 1
            self._begun = max(self._begun, number)
            return True

    def end(self, owner: str) -> None:
        """A worker is done with a job of this owner."""
        with self._lock:
            self._working[owner] -= 1
            if not self._working[owner]:
                del self._working[owner]
