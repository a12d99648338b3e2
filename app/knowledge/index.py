"""One assistant's index: both legs, kept in step with the database and with files that can always be lost."""

import logging
import os
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

from app.domain.documents import IndexedDocument
from app.domain.errors import UnavailableError
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.change import Change
from app.knowledge.embedding import Embedder
from app.knowledge.lexical import LexicalIndex, LexicalWriter
from app.knowledge.manifest import Manifest
from app.knowledge.ports import ChunkSource
from app.knowledge.snapshot import Snapshot
from app.knowledge.vectors import VectorIndex

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_PATIENCE_SECONDS = 1.0
_REMOVED_SHARE = 0.25


class ClosedError(Exception):
    """The index was put away; open another one."""


class AssistantIndex:
    """The searchable knowledge of one assistant, in memory and in `folder`.

    The files are derived. The manifest says that they are whole: it goes before the first change and comes
    back after the last, so what was cut off, damaged, or made by another model is built anew from `source`.
    Threads that search hold a `Snapshot`, which no change touches.
    """

    def __init__(
        self,
        assistant_id: str,
        folder: Path,
        source: ChunkSource,
        embedder: Embedder,
        analyzer: PortugueseAnalyzer,
    ) -> None:
        self._assistant_id = assistant_id
        self._folder = folder
        self._source = source
        self._embedder = embedder
        self._analyzer = analyzer
        self._lock = threading.Lock()
        self._closed = False
        # One attribute, so that a thread never reads the old state with the new version.
        self._state: tuple[int, Snapshot | None] = (-1, None)
        self._words: LexicalIndex | None = None

    def at(self, version: int, loading_seconds: float = 30) -> Snapshot:
        """The state at `version` of the assistant's knowledge, or a later one.

        While another thread brings the index up to date, this waits a moment for it and then takes the old
        state. Raises `UnavailableError` when there is none after `loading_seconds`, `ClosedError` after `close`.
        """
        reached, snapshot = self._state
        if snapshot is not None and version <= reached:
            return snapshot
        if not self._lock.acquire(timeout=_PATIENCE_SECONDS if snapshot else loading_seconds):
            if snapshot is not None:
                return snapshot
            raise UnavailableError("The documents are still being read; try again in a moment.")
        try:
            return self._refreshed(version)
        finally:
            self._lock.release()

    def close(self) -> bool:
        """Put the index away, unless it is being changed right now; returns whether it did."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self._put_away()
        finally:
            self._lock.release()
        return True

    def destroy(self) -> None:
        """Put the index away, and its files with it."""
        with self._lock:
            self._put_away()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _put_away(self) -> None:
        self._closed = True
        self._state, self._words = (-1, None), None

    def _refreshed(self, version: int) -> Snapshot:
        if self._closed:
            raise ClosedError
        reached, snapshot = self._state
        if snapshot is None or version > reached:
            try:
                snapshot = self._up_to_date(snapshot or self._load())
            except (OSError, ValueError, RuntimeError) as error:
                _log.exception("The index of assistant %s cannot be brought up to date", self._assistant_id)
                raise UnavailableError("The knowledge index cannot be written right now.") from error
            # `version` was read before the documents were: what changed in between is another version.
            self._state = (version, snapshot)
        return snapshot

    def _load(self) -> Snapshot:
        """What the files hold; nothing, if they are not exactly what the last change left."""
        model, dimension = self._embedder.model, self._embedder.dimension
        manifest = Manifest.read(self._manifest_path, model, dimension)
        if manifest is not None:
            try:
                vectors = VectorIndex.read(self._vectors_path, dimension)
                words = self._open_words().searcher()
                if manifest.rows == len(vectors) == len(words):
                    return Snapshot(manifest, vectors, words)
            except ValueError:
                pass
            _log.warning("The index of assistant %s is damaged and will be built anew", self._assistant_id)
        return Snapshot.empty(model, dimension)

    def _open_words(self) -> LexicalIndex:
        if self._words is None:
            self._words = LexicalIndex(self._folder / "words", self._analyzer)
        return self._words

    def _open_or_replace_words(self) -> LexicalIndex:
        try:
            return self._open_words()
        except ValueError:
            shutil.rmtree(self._folder / "words")
            return self._open_words()

    def _up_to_date(self, snapshot: Snapshot) -> Snapshot:
        for attempt in range(1, _ATTEMPTS + 1):
            wanted = self._source.indexed_documents(self._assistant_id, self._embedder.model)
            if wanted == {held.document_id: held.document for held in snapshot.manifest}:
                return snapshot
            changed = self._changed(snapshot, wanted, even_if_incomplete=attempt == _ATTEMPTS)
            if changed is not None:
                return changed
        raise AssertionError("the last attempt returns")

    def _changed(
        self, snapshot: Snapshot, wanted: Mapping[str, IndexedDocument], *, even_if_incomplete: bool
    ) -> Snapshot | None:
        """The state that holds `wanted`; None if chunks were missing, as happens while a document is replaced."""
        words = self._open_or_replace_words()
        with words.change() as writer:
            change = Change(self._base(snapshot, wanted), writer, self._source)
            change.apply(wanted)
            if not change.complete:
                _log.warning("Chunks are missing in the knowledge of assistant %s", self._assistant_id)
                if not even_if_incomplete:
                    return None
            self._commit(change, writer)
        return Snapshot(change.manifest, change.vectors, words.searcher())

    def _base(self, snapshot: Snapshot, wanted: Mapping[str, IndexedDocument]) -> Snapshot:
        """Where a change starts from: the state as it is, or from nothing.

        From nothing where the files are not those of `snapshot`, and where removed rows have piled up: they
        go on weighing in BM25's statistics.
        """
        manifest = snapshot.manifest
        on_disk = Manifest.read(self._manifest_path, manifest.model, manifest.dimension)
        if on_disk == manifest and snapshot.words is not None:
            leaving = sum(held.rows for held in manifest if wanted.get(held.document_id) != held.document)
            if snapshot.words.removed + leaving <= _REMOVED_SHARE * (manifest.rows - leaving):
                return snapshot
        return Snapshot.empty(manifest.model, manifest.dimension)

    def _commit(self, change: Change, writer: LexicalWriter) -> None:
        self._manifest_path.unlink(missing_ok=True)
        writer.commit()
        unfinished = self._vectors_path.with_suffix(".new")
        change.vectors.write(unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(self._vectors_path)
        change.manifest.write(self._manifest_path)

    @property
    def _manifest_path(self) -> Path:
        return self._folder / "manifest.json"

    @property
    def _vectors_path(self) -> Path:
        return self._folder / "vectors.faiss"
