"""One assistant's indexes, one for each embedding model, of which one is searched."""

import hashlib
import logging
import re
import shutil
import threading
from functools import partial
from pathlib import Path

from app.knowledge.index.assistant_index import AssistantIndex, ClosedError, IndexDependencies
from app.knowledge.index.index_manifest import header_of
from app.knowledge.index.snapshot import Snapshot

_log = logging.getLogger(__name__)

_LONGEST_NAME = 40
_PATIENCE_SECONDS = 1.0


class ModelIndexes:
    """`folder` holds a folder for each model.

    After a migration to another model its index is built in the background. A question that comes meanwhile waits a
    second for that, then the old index answers as it is, without documents that were deleted or hidden.
    """

    def __init__(self, assistant_id: str, folder: Path, preferred: str, dependencies: IndexDependencies) -> None:
        self._assistant_id = assistant_id
        self._folder = folder
        self._preferred = preferred
        self._dependencies = dependencies
        self._lock = threading.Lock()
        self._closed = False
        self._serving: AssistantIndex | None = None
        self._successor: AssistantIndex | None = None
        self._chosen_at = -1
        self._interim: tuple[int, Snapshot | None] = (-1, None)
        self._built = threading.Event()

    @property
    def bytes_open(self) -> int:
        """The memory of the open indexes in bytes."""
        return sum(index.bytes_open for index in (self._serving, self._successor) if index)

    def at(self, version: int, loading_seconds: float = 30) -> Snapshot:
        """A snapshot of `version` of the knowledge or a later one; raises as `AssistantIndex.at` does."""
        serving, successor = self._chosen(version)
        if successor is not None and version > self._interim[0] and self._built.wait(_PATIENCE_SECONDS):
            serving, successor = self._chosen(version)
        if successor is not None:
            reached, interim = self._interim
            if interim is None or version > reached:
                interim = self._interim_snapshot(serving, successor.model, version)
            if interim.words is not None:
                return interim
            serving = successor
        return serving.at(version, loading_seconds)

    def close(self) -> bool:
        """Close the indexes, unless one is being changed or built right now; returns whether it did."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if self._successor is not None or (self._serving is not None and not self._serving.close()):
                return False
            self._close_locked()
        finally:
            self._lock.release()
        return True

    def destroy(self) -> None:
        """Close the indexes and delete the files of all models."""
        with self._lock:
            for index in (self._serving, self._successor):
                if index is not None:
                    index.destroy()
            self._close_locked()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _close_locked(self) -> None:
        self._closed = True
        self._serving = self._successor = None
        self._interim = (-1, None)

    def _require_open(self) -> None:
        if self._closed:
            raise ClosedError

    def _chosen(self, version: int) -> tuple[AssistantIndex, AssistantIndex | None]:
        """The index that is searched, and the one that is being built to replace it."""
        with self._lock:
            self._require_open()
            if self._serving is None or version > self._chosen_at:
                self._serving, self._successor = self._choose(version)
                self._chosen_at = version
            return self._serving, self._successor

    def _choose(self, version: int) -> tuple[AssistantIndex, AssistantIndex | None]:
        """Choose the index by the model that is to answer; have it built if it is not complete."""
        model = self._dependencies.source.serving_model(self._assistant_id, self._preferred)
        serving = self._serving or self._first(model)
        if serving.model == model:
            return serving, None
        successor = self._successor
        if successor is None or successor.model != model:
            successor = self._index(model)
            if successor.is_complete:
                return successor, None
        self._built.clear()
        build = partial(self._build, successor, version)
        self._dependencies.background.submit(f"build {successor.folder}", build)
        return serving, successor

    def _first(self, model: str) -> AssistantIndex:
        """The index of `model`, or of the model before if only that one is complete."""
        index = self._index(model)
        if not index.is_complete:
            complete = [
                (path.stat().st_mtime, header.model)
                for path in self._folder.glob("*/manifest")
                if (header := header_of(path)) and path.parent.name == folder_of(header.model)
            ]
            if complete:
                return self._index(max(complete)[1])
            self._remove_other_folders(index)
        return index

    def _index(self, model: str) -> AssistantIndex:
        return AssistantIndex(self._assistant_id, self._folder / folder_of(model), model, self._dependencies)

    def _build(self, successor: AssistantIndex, version: int) -> None:
        try:
            self._swap_to(successor, version)
        finally:
            self._built.set()

    def _swap_to(self, successor: AssistantIndex, version: int) -> None:
        try:
            successor.at(version)
        except ClosedError:
            return
        except Exception:
            self._chosen_at = -1  # so that the next question has it tried again
            raise
        with self._lock:
            if self._successor is not successor:
                return
            previous, self._serving, self._successor = self._serving, successor, None
            self._interim = (-1, None)
        _log.info("Assistant %s is answered from the index of %s now", self._assistant_id, successor.model)
        self._remove_other_folders(successor, *([previous] if previous else []))

    def _interim_snapshot(self, serving: AssistantIndex, model: str, version: int) -> Snapshot:
        """The old index's latest snapshot, without documents that `model` has not embedded."""
        documents = self._dependencies.source.indexed_documents(self._assistant_id, model)
        interim = serving.as_it_is().with_documents(documents)
        self._interim = (version, interim)
        return interim

    def _remove_other_folders(self, *keep: AssistantIndex) -> None:
        """Delete all folders but those of these indexes and of the model of the settings."""
        kept = {index.folder for index in keep} | {self._folder / folder_of(self._preferred)}
        for path in self._folder.glob("*"):
            if path in kept:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def folder_of(model: str) -> str:
    """The name of a model's folder, safe in any file system: what is readable of the model's name, and a hash."""
    readable = re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")[:_LONGEST_NAME]
    return f"{readable}-{hashlib.sha256(model.encode()).hexdigest()[:8]}"
