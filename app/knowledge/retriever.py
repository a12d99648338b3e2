"""Finds the passages that fit a question, in the knowledge of any assistant."""

import logging
import threading
from collections import OrderedDict
from pathlib import Path

from app.domain.documents import Passage
from app.domain.errors import ModelError
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.embedding import Embedder
from app.knowledge.fusion import CosineRange, fuse
from app.knowledge.index import AssistantIndex, ClosedError
from app.knowledge.passages import passages
from app.knowledge.ports import ChunkSource
from app.knowledge.snapshot import Snapshot

_LONGEST_QUESTION = 4096
_LIST_LENGTH = 100
_MOST_HITS = 30

_log = logging.getLogger(__name__)


class Retriever:
    """The indexes of all assistants, opened when asked for; above `most_open`, the longest unused are put away.

    `index_dir` belongs to this process alone. Passages come to `context_characters` characters at most.
    Nobody waits longer than `loading_seconds` for an index that another thread loads.
    """

    def __init__(
        self,
        source: ChunkSource,
        embedder: Embedder,
        index_dir: Path,
        context_characters: int,
        *,
        most_open: int = 64,
        loading_seconds: float = 30,
    ) -> None:
        self._source = source
        self._embedder = embedder
        self._index_dir = index_dir
        self._characters = context_characters
        self._most_open = most_open
        self._loading_seconds = loading_seconds
        self._cosines = CosineRange.of(embedder.model)
        self._analyzer = PortugueseAnalyzer()
        self._lock = threading.Lock()
        self._open: OrderedDict[str, AssistantIndex] = OrderedDict()

    def search(self, assistant_id: str, version: int, question: str) -> tuple[Passage, ...]:
        """The passages that fit `question` best, best first; none for a question without a letter or digit.

        Sees at least `version` of the knowledge. Raises `UnavailableError` where that can't be had.
        """
        question = question[:_LONGEST_QUESTION]
        if not any(map(str.isalnum, question)):
            return ()
        snapshot = self._snapshot(assistant_id, version)
        if snapshot.words is None or not len(snapshot.vectors):
            return ()
        dense = self._dense(question, snapshot)
        lexical = snapshot.words.search(question, _LIST_LENGTH)
        hits = fuse(dense, lexical, self._cosines, _MOST_HITS)
        return passages(hits, snapshot.words, snapshot.manifest, self._characters)

    def _dense(self, question: str, snapshot: Snapshot) -> dict[int, float]:
        """Cosines by row; none while the embedding server is out of order, when words have to do."""
        try:
            vector = self._embedder.embed_query(question)
        except ModelError as error:
            _log.warning("a question is searched by its words alone: %s", error.message)
            return {}
        return snapshot.vectors.search(vector, _LIST_LENGTH)

    def refresh(self, assistant_id: str, version: int) -> None:
        """Bring this process's index up to `version` of the knowledge, if it isn't there yet."""
        self._snapshot(assistant_id, version)

    def forget(self, assistant_id: str) -> None:
        """Drop what is held of a deleted assistant, in memory and on disk."""
        index = self._index(assistant_id)
        index.destroy()
        self._drop(assistant_id, index)

    def close(self) -> None:
        """Put all indexes away; their files stay."""
        with self._lock:
            for index in self._open.values():
                index.close()
            self._open.clear()

    def _snapshot(self, assistant_id: str, version: int) -> Snapshot:
        while True:
            index = self._index(assistant_id)
            try:
                return index.at(version, self._loading_seconds)
            except ClosedError:
                self._drop(assistant_id, index)

    def _index(self, assistant_id: str) -> AssistantIndex:
        with self._lock:
            index = self._open.get(assistant_id)
            if index is None:
                folder = self._index_dir / assistant_id
                index = AssistantIndex(assistant_id, folder, self._source, self._embedder, self._analyzer)
                self._put_away_longest_unused()
                self._open[assistant_id] = index
            self._open.move_to_end(assistant_id)
            return index

    def _put_away_longest_unused(self) -> None:
        surplus = max(0, len(self._open) + 1 - self._most_open)
        for assistant_id, index in list(self._open.items())[:surplus]:
            if index.close():
                del self._open[assistant_id]

    def _drop(self, assistant_id: str, index: AssistantIndex) -> None:
        with self._lock:
            if self._open.get(assistant_id) is index:
                del self._open[assistant_id]
