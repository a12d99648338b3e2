"""One assistant's index for one embedding model, kept up to date with the database."""

import logging
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.documents import IndexedDocument
from app.domain.errors import UnavailableError
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.index import inverted_lists
from app.knowledge.index.background_tasks import BackgroundTasks
from app.knowledge.index.change import Change
from app.knowledge.index.index_files import IndexFiles
from app.knowledge.index.index_manifest import IndexManifest
from app.knowledge.index.snapshot import Snapshot
from app.knowledge.ports import ChunkSource

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_PATIENCE_SECONDS = 1.0
_REMOVED_SHARE = 0.25
_REBUILT_AT_ONCE = 2_000
_LARGE_CHANGE = 10_000
_UNLISTED_SHARE = 0.1


class ClosedError(Exception):
    """The index was closed; open another one."""


@dataclass(frozen=True, slots=True)
class IndexDependencies:
    """What all indexes share; an index of `lists_from` vectors or more is searched through inverted lists."""

    source: ChunkSource
    analyzer: PortugueseAnalyzer
    background: BackgroundTasks
    lists_from: int = inverted_lists.SMALLEST


class AssistantIndex:
    """The searchable knowledge of one assistant, in memory and in `folder`, embedded by `model`.

    Files that are damaged, incomplete or of another format are rebuilt from the source.
    Searching threads hold a `Snapshot`, which no change touches.
    """

    def __init__(self, assistant_id: str, folder: Path, model: str, dependencies: IndexDependencies) -> None:
        self.model = model
        self.folder = folder
        self._assistant_id = assistant_id
        self._dependencies = dependencies
        self._files = IndexFiles(folder, model, dependencies.analyzer)
        self._lock = threading.Lock()
        self._closed = False
        # One attribute, so that a thread never reads the old state with the new version.
        self._state: tuple[int, Snapshot | None] = (-1, None)
        self.bytes_open = 0

    @property
    def is_complete(self) -> bool:
        """Whether the files of a complete index are there."""
        return self._files.header() is not None

    def at(self, version: int, loading_seconds: float = 30) -> Snapshot:
        """A snapshot of `version` of the assistant's knowledge, or of a later one.

        While another thread updates the index, this waits a second for it and then returns the old snapshot.
        Raises `UnavailableError` if there is none after `loading_seconds`, `ClosedError` after `close`.
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

    def as_it_is(self) -> Snapshot:
        """The latest snapshot, whatever has changed since."""
        with self._lock:
            self._require_open()
            return self._state[1] or self._load()

    def close(self) -> bool:
        """Close the index, unless it is being changed right now; returns whether it did."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self._close_locked()
        finally:
            self._lock.release()
        return True

    def destroy(self) -> None:
        """Close the index and delete its files."""
        with self._lock:
            self._close_locked()
            self._files.destroy()

    def _close_locked(self) -> None:
        self._closed = True
        self._state, self.bytes_open = (-1, None), 0
        self._files.close()

    def _require_open(self) -> None:
        if self._closed:
            raise ClosedError

    def _refreshed(self, version: int) -> Snapshot:
        self._require_open()
        reached, snapshot = self._state
        if snapshot is None or version > reached:
            try:
                snapshot = self._up_to_date(snapshot or self._load())
            except (OSError, ValueError, RuntimeError) as error:
                _log.exception("The index of assistant %s cannot be brought up to date", self._assistant_id)
                raise UnavailableError("The knowledge index cannot be written right now.") from error
            # `version` was read before the documents were: what changed in between is another version.
            self._keep(version, snapshot)
            self._order_repairs(snapshot)
        return snapshot

    def _keep(self, version: int, snapshot: Snapshot) -> None:
        self._state = (version, snapshot)
        self.bytes_open = self._files.bytes_open(snapshot)

    def _load(self) -> Snapshot:
        """A snapshot of the files; an empty one if they are not exactly what the last change wrote."""
        try:
            return self._files.load() or Snapshot.empty(self.model)
        except ValueError:
            _log.warning("The index of assistant %s is damaged and will be built anew", self._assistant_id)
            return Snapshot.empty(self.model)

    def _up_to_date(self, snapshot: Snapshot) -> Snapshot:
        for attempt in range(1, _ATTEMPTS + 1):
            wanted = self._dependencies.source.indexed_documents(self._assistant_id, self.model)
            if snapshot.holds(wanted):
                return snapshot if snapshot.documents == wanted else snapshot.with_documents(wanted)
            changed = self._changed(snapshot, wanted, even_if_incomplete=attempt == _ATTEMPTS)
            if changed is not None:
                return changed
        raise AssertionError("the last attempt returns")

    def _changed(
        self, snapshot: Snapshot, wanted: Mapping[str, IndexedDocument], *, even_if_incomplete: bool
    ) -> Snapshot | None:
        """A snapshot with the documents `wanted`; None if chunks are missing, as while a document is replaced."""
        files, check = self._files, self._dependencies.background.check
        added = sum(document.chunks for name, document in wanted.items() if name not in snapshot.manifest.documents)
        with files.change(large=added >= _LARGE_CHANGE) as writer:
            base = self._base(snapshot)
            with Change(base, files.folder, writer, self._dependencies.source, check) as change:
                change.apply(wanted)
                if not change.complete:
                    _log.warning("Chunks are missing in the knowledge of assistant %s", self._assistant_id)
                    if not even_if_incomplete:
                        return None
                if change.misfits:
                    _log.warning(
                        "%d chunks of assistant %s have embeddings of another length: only their words are found",
                        change.misfits,
                        self._assistant_id,
                    )
                manifest = files.commit(change, writer)
        return Snapshot(manifest, files.vectors(manifest), files.searcher(), wanted)

    def _base(self, snapshot: Snapshot) -> IndexManifest:
        """The manifest that a change starts from: that of the snapshot, or an empty one.

        An empty one, for a rebuild, if the files are not those of `snapshot`, or if a small index has many removed
        rows.
        """
        on_disk = self._files.header()
        if on_disk is None or on_disk.stamp != snapshot.manifest.stamp:
            return IndexManifest.empty(self.model)
        if _has_many_removed_rows(snapshot) and snapshot.manifest.live_rows <= _REBUILT_AT_ONCE:
            return IndexManifest.empty(self.model)
        return snapshot.manifest

    def _order_repairs(self, snapshot: Snapshot) -> None:
        """Submit the maintenance that a question should not wait for."""
        if _has_many_removed_rows(snapshot) and snapshot.manifest.live_rows > _REBUILT_AT_ONCE:
            self._dependencies.background.submit(f"compact {self.folder}", self._compact)
        elif self._lacks_lists(snapshot):
            self._dependencies.background.submit(f"lists {self.folder}", self._build_lists)

    def _build_lists(self) -> None:
        _, snapshot = self._state
        if snapshot is None or snapshot.vectors is None or not self._lacks_lists(snapshot):
            return
        path = self._files.build_lists(snapshot.vectors)
        with self._lock:
            version, latest = self._state
            if latest is None:
                # Put away meanwhile, it finds them when it is opened the next time.
                if self._files.header() is not None:
                    self._files.adopt_lists(path, snapshot)
            elif latest.manifest.lineage == snapshot.manifest.lineage:
                self._keep(version, self._files.adopt_lists(path, latest))

    def _lacks_lists(self, snapshot: Snapshot) -> bool:
        if snapshot.vectors is None or len(snapshot.vectors) < self._dependencies.lists_from:
            return False
        listed = len(snapshot.vectors.lists) if snapshot.vectors.lists else 0
        return len(snapshot.vectors) - listed > _UNLISTED_SHARE * max(listed, self._dependencies.lists_from)

    def _compact(self) -> None:
        """Rebuild the index without removed rows in a folder beside it, then replace it."""
        folder = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(folder, ignore_errors=True)
        beside = AssistantIndex(self._assistant_id, folder, self.model, self._dependencies)
        beside.at(self._state[0])
        beside._build_lists()
        with self._lock:
            version, _ = self._state
            documents = {} if self._closed else beside.at(version).documents
            if not documents:
                beside.destroy()
                return
            beside._close_locked()
            self._files.replace_by(beside._files)
            self._keep(version, self._load().with_documents(documents))


def _has_many_removed_rows(snapshot: Snapshot) -> bool:
    """Whether many rows are removed: they take room, and still count in BM25's statistics."""
    removed = snapshot.manifest.used_rows - snapshot.manifest.live_rows
    in_statistics = snapshot.words.removed if snapshot.words else 0
    return max(removed, in_statistics) > _REMOVED_SHARE * snapshot.manifest.live_rows
