"""What was put together for one who looked, for the others who look in the same moments."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from app.domain.overviews import Overview

# Names of assistants and channels have no version.
_SECONDS = 10.0
_MOST = 200

Versions = tuple[tuple[str, int], ...]
"""Conversations by id, each with a number that grows with each of its changes."""


class LatelyShown:
    """Conversations as all operators see them, by their versions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: OrderedDict[Versions, tuple[float, Sequence[Overview]]] = OrderedDict()

    def get(self, versions: Versions, make: Callable[[], Sequence[Overview]]) -> Sequence[Overview]:
        """What was made for these versions within the last ten seconds, or what `make` returns."""
        known = self._shown.get(versions)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        made = make()
        with self._lock:
            self._shown[versions] = (time.monotonic() + _SECONDS, made)
            self._shown.move_to_end(versions)
            while len(self._shown) > _MOST:
                self._shown.popitem(last=False)
        return made
