"""An LRU cache of open indexes, bounded by their number and memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from app.knowledge.index.assistant_index import ClosedError
from app.knowledge.index.model_indexes import ModelIndexes
from app.knowledge.index.snapshot import Snapshot

# tantivy has a thread for each open index that looks at its files all the time, for .1 ms CPU a second; opening
# one takes 2 ms.
_MOST_OPEN = 100


class OpenIndexes:
    """Indexes by assistant, opened by `open_index` on demand: a hundred at most, of `memory_bytes` together.

    The index in use may take more. The memory of an index is estimated as the size of its files, which are mapped,
    and of what is kept beside them.
    """

    def __init__(self, open_index: Callable[[str], ModelIndexes], memory_bytes: int) -> None:
        self._open_index = open_index
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._open: OrderedDict[str, ModelIndexes] = OrderedDict()
        self._bytes: dict[str, int] = {}
        self._total = 0

    def snapshot(self, assistant_id: str, version: int, loading_seconds: float) -> Snapshot:
        """A snapshot of `version` of the knowledge or a later one; raises as `AssistantIndex.at` does."""
        while True:
            index = self._get(assistant_id)
            try:
                snapshot = index.at(version, loading_seconds)
            except ClosedError:
                self._drop(assistant_id, index)
                continue
            if index.bytes_open != self._bytes.get(assistant_id):
                self._make_room(assistant_id, index)
            return snapshot

    def forget(self, assistant_id: str) -> None:
        """Close the index of an assistant and delete its files."""
        index = self._get(assistant_id)
        index.destroy()
        self._drop(assistant_id, index)

    def load(self) -> tuple[int, int]:
        """How many indexes are open, and about how many bytes they take together."""
        with self._lock:
            return len(self._open), self._total

    def close(self) -> None:
        """Close all indexes; their files stay."""
        with self._lock:
            for index in self._open.values():
                index.close()
            self._open.clear()
            self._bytes.clear()
            self._total = 0

    def _get(self, assistant_id: str) -> ModelIndexes:
        with self._lock:
            index = self._open.get(assistant_id)
            if index is None:
                index = self._open[assistant_id] = self._open_index(assistant_id)
            self._open.move_to_end(assistant_id)
            return index

    def _drop(self, assistant_id: str, index: ModelIndexes) -> None:
        with self._lock:
            if self._open.get(assistant_id) is index:
                self._remove(assistant_id)

    def _make_room(self, assistant_id: str, index: ModelIndexes) -> None:
        """Record the memory of an index, and close others, least recently used first, until the bounds are met."""
        with self._lock:
            if self._open.get(assistant_id) is not index:
                return
            size = index.bytes_open
            self._total += size - self._bytes.get(assistant_id, 0)
            self._bytes[assistant_id] = size
            for other, unused in list(self._open.items()):
                if self._total <= self._memory_bytes and len(self._open) <= _MOST_OPEN:
                    break
                if other != assistant_id and unused.close():
                    self._remove(other)

    def _remove(self, assistant_id: str) -> None:
        del self._open[assistant_id]
        self._total -= self._bytes.pop(assistant_id, 0)
