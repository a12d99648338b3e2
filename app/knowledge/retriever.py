"""Retrieves the passages that match a question from an assistant's knowledge."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from app.domain.chat_spelling import written_out
from app.domain.documents import Passage, ScoredChunk
from app.domain.errors import ModelError
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.embedding import Embedders
from app.knowledge.fusion import CosineRange, Hit, fuse, reranked
from app.knowledge.index.assistant_index import IndexDependencies
from app.knowledge.index.background_tasks import BackgroundTasks
from app.knowledge.index.index_manifest import RowLocation
from app.knowledge.index.model_indexes import ModelIndexes
from app.knowledge.index.open_indexes import OpenIndexes
from app.knowledge.index.snapshot import Snapshot, View
from app.knowledge.lexical import StoredText
from app.knowledge.long_questions import searched_part
from app.knowledge.match_features import match_features
from app.knowledge.passages import ChunkSpan, chunk_spans
from app.knowledge.ports import ChunkSource

_LONGEST_QUESTION = 4096
_LIST_LENGTH = 100
_MOST_HITS = 30
_RERANKED = 20
_MEMORY_BYTES = 512 * 2**20

_log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class _Ranking(NamedTuple):
    """Hits, best first, and the texts that were read to rank them, by row."""

    hits: list[Hit]
    texts: Mapping[int, StoredText]


class Retriever:
    """Searches the indexes of all assistants, which are opened on demand and take about `memory_bytes` together.

    `index_dir` belongs to this process alone. The passages of a search have `context_characters` characters at
    most; documents that are not visible at the time of the `clock` are not found.
    A search waits at most `loading_seconds` for an index that another thread is loading.
    """

    def __init__(
        self,
        source: ChunkSource,
        embedders: Embedders,
        index_dir: Path,
        context_characters: int,
        *,
        clock: Callable[[], datetime] = _now,
        memory_bytes: int = _MEMORY_BYTES,
        loading_seconds: float = 30,
    ) -> None:
        self._embedders = embedders
        self._characters = context_characters
        self._clock = clock
        self._loading_seconds = loading_seconds
        self._background = BackgroundTasks()
        self._misfits: set[tuple[str, int]] = set()
        dependencies = IndexDependencies(source, PortugueseAnalyzer(), self._background)
        preferred = embedders.current.model
        self._indexes = OpenIndexes(
            lambda name: ModelIndexes(name, index_dir / name, preferred, dependencies), memory_bytes
        )

    def search(self, assistant_id: str, version: int, question: str) -> tuple[Passage, ...]:
        """The passages that match `question` best, best first; none for a question without a letter or digit.

        Searches `version` of the knowledge or a later one; raises `UnavailableError` if neither can be loaded.
        """
        if not _is_searchable(question):
            return ()
        snapshot = self._snapshot(assistant_id, version)
        ranking = self._ranking(snapshot, question, _MOST_HITS)
        return tuple(span.passage() for span in self._chunk_spans(snapshot, ranking))

    def scored_chunks(self, assistant_id: str, version: int, question: str, limit: int) -> list[ScoredChunk]:
        """The `limit` best chunks (100 at most), best first, whether or not `search` would use them."""
        if not _is_searchable(question):
            return []
        snapshot = self._snapshot(assistant_id, version)
        ranking = self._ranking(snapshot, question, _LIST_LENGTH)
        prompted = ranking._replace(hits=ranking.hits[:_MOST_HITS])
        used = {row for span in self._chunk_spans(snapshot, prompted) for row in span.rows}
        hits = ranking.hits[:limit]
        rows = snapshot.words.rows([hit.row for hit in hits]) if snapshot.words else {}
        return [
            _scored_chunk(hit, snapshot.manifest.locate(hit.row), rows[hit.row].stored, used=hit.row in used)
            for hit in hits
        ]

    def refresh(self, assistant_id: str, version: int) -> None:
        """Bring this process's index up to `version` of the knowledge, unless it is there already."""
        self._snapshot(assistant_id, version)

    def forget(self, assistant_id: str) -> None:
        """Remove the index of a deleted assistant from memory and disk."""
        self._indexes.forget(assistant_id)

    def open_indexes(self) -> tuple[int, int]:
        """How many indexes are open, and about how many bytes of memory they take."""
        return self._indexes.load()

    def settle(self, seconds: float) -> bool:
        """Wait until the background tasks have ended; returns whether they did in time."""
        return self._background.wait(seconds)

    def close(self) -> None:
        """Close all indexes; their files stay."""
        self._background.close()
        self._indexes.close()

    def _snapshot(self, assistant_id: str, version: int) -> Snapshot:
        return self._indexes.snapshot(assistant_id, version, self._loading_seconds)

    def _ranking(self, snapshot: Snapshot, question: str, limit: int) -> _Ranking:
        if snapshot.words is None:
            return _Ranking([], {})
        view, words = snapshot.at(self._clock()), snapshot.words
        question = written_out(searched_part(question[:_LONGEST_QUESTION]))
        dense = self._dense(question, snapshot, view)
        terms = words.question(question)
        lexical = words.search(terms, _LIST_LENGTH, view.hidden)
        cosines = CosineRange.of(snapshot.manifest.model)
        hits = fuse(dense, lexical, cosines, limit)
        rows = words.rows([hit.row for hit in hits[:_RERANKED]])
        features = {row: match_features(terms, one.outline) for row, one in rows.items()}
        return _Ranking(reranked(hits, features, cosines), {row: one.stored for row, one in rows.items()})

    def _dense(self, question: str, snapshot: Snapshot, view: View) -> dict[int, float]:
        """Cosines by row; none without a vector of the question, when the search goes by words alone."""
        model, vectors = snapshot.manifest.model, snapshot.vectors
        embedder = self._embedders.by_model(model)
        if embedder is None or vectors is None:
            return {}
        try:
            vector = embedder.embed_query(question)
        except ModelError as error:
            _log.warning("a question is searched by its words alone: %s", error.message)
            return {}
        if len(vector) == vectors.dimension:
            return vectors.search(vector, _LIST_LENGTH, view.allowed)
        if (model, len(vector)) not in self._misfits:
            self._misfits.add((model, len(vector)))
            _log.warning(
                "%s makes vectors of length %d now, not %d: questions are searched by their words alone",
                model,
                len(vector),
                vectors.dimension,
            )
        return {}

    def _chunk_spans(self, snapshot: Snapshot, ranking: _Ranking) -> list[ChunkSpan]:
        if snapshot.words is None:
            return []
        return chunk_spans(ranking.hits, snapshot.words, snapshot.manifest, self._characters, ranking.texts)


def _is_searchable(question: str) -> bool:
    return any(map(str.isalnum, question[:_LONGEST_QUESTION]))


def _scored_chunk(hit: Hit, location: RowLocation, stored: StoredText, *, used: bool) -> ScoredChunk:
    return ScoredChunk(
        document_id=location.held.document_id,
        filename=location.held.filename,
        position=location.position,
        heading=stored.heading,
        text=stored.text,
        dense=hit.dense,
        lexical=hit.lexical,
        score=hit.score,
        used=used,
    )
