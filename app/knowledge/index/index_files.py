"""The files of one index, derived from the database and trusted only while their manifest is there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.index import inverted_lists
from app.knowledge.index.change import KEYS, VECTORS, Change
from app.knowledge.index.chunk_keys import require_keys
from app.knowledge.index.index_manifest import IndexManifest, ManifestHeader, header_of
from app.knowledge.index.inverted_lists import InvertedLists
from app.knowledge.index.snapshot import Snapshot
from app.knowledge.index.vectors import Vectors
from app.knowledge.lexical import LexicalIndex, LexicalSearcher, LexicalWriter

_MANIFEST = "manifest"
_BYTES_PER_ROW = 13
_BYTES_OF_AN_OPEN_INDEX = 300_000


class IndexFiles:
    """`folder` of the index of `model`: manifest, vectors, keys, lists, and a folder of words.

    The manifest is deleted before a change and written after it.
    """

    def __init__(self, folder: Path, model: str, analyzer: PortugueseAnalyzer) -> None:
        self.folder = folder
        self.model = model
        self._analyzer = analyzer
        self._words: LexicalIndex | None = None

    def header(self) -> ManifestHeader | None:
        """The manifest's header; None if the files are missing, of another format, or being changed."""
        return header_of(self.folder / _MANIFEST)

    def load(self) -> Snapshot | None:
        """A snapshot of the files; None without files or after a broken-off change; `ValueError` if damaged."""
        manifest = IndexManifest.read(self.folder / _MANIFEST, self.model)
        if manifest is None:
            if (self.folder / _MANIFEST).exists():
                raise ValueError("not a readable manifest")
            return None
        require_keys(self.folder / KEYS, manifest.used_rows)
        words = self.searcher()
        if len(words) != manifest.live_rows:
            raise ValueError("rows are missing")
        return Snapshot(manifest, self.vectors(manifest), words)

    def vectors(self, manifest: IndexManifest) -> Vectors | None:
        """The vectors of a manifest, with their inverted lists if there are any; `ValueError` if damaged."""
        if not manifest.used_rows:
            return None
        vectors = Vectors.open(self.folder / VECTORS, manifest.dimension, manifest.used_rows)
        path = self._lists_path(manifest)
        return (
            vectors.with_lists(InvertedLists.open(path, manifest.dimension, len(vectors)))
            if path.exists()
            else vectors
        )

    def searcher(self) -> LexicalSearcher:
        """The words as last committed."""
        return self._open_words().searcher()

    @contextmanager
    def change(self, *, large: bool) -> Iterator[LexicalWriter]:
        """The only writer of the files; raises `UnavailableError` while there is another one."""
        try:
            words = self._open_words()
        except ValueError:
            shutil.rmtree(self.folder / "words")
            words = self._open_words()
        with words.change(large=large) as writer:
            yield writer

    def commit(self, change: Change, writer: LexicalWriter) -> IndexManifest:
        """Commit a change to disk."""
        (self.folder / _MANIFEST).unlink(missing_ok=True)
        writer.commit()
        manifest = change.commit()
        for path in self.folder.glob("lists-*"):
            if path != self._lists_path(manifest):
                path.unlink()
        manifest.write(self.folder / _MANIFEST)
        return manifest

    def build_lists(self, vectors: Vectors) -> Path:
        """Build inverted lists of all vectors in a file for `adopt_lists`."""
        path = self.folder / "lists.new"
        inverted_lists.build(path, vectors.dimension, len(vectors), vectors.matrix)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        return path

    def adopt_lists(self, path: Path, snapshot: Snapshot) -> Snapshot:
        """The same snapshot, searched through the new lists."""
        path.replace(self._lists_path(snapshot.manifest))
        vectors = self.vectors(snapshot.manifest)
        return snapshot.with_vectors(vectors) if vectors else snapshot

    def replace_by(self, other: "IndexFiles") -> None:
        """Replace the files by those of another folder, which is moved here."""
        self.close()
        other.close()
        shutil.rmtree(self.folder)
        other.folder.rename(self.folder)

    def bytes_open(self, snapshot: Snapshot) -> int:
        """The memory of an open index in bytes, with its mapped files as if all of them were resident."""
        size = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        return size + _BYTES_PER_ROW * snapshot.manifest.used_rows + _BYTES_OF_AN_OPEN_INDEX

    def close(self) -> None:
        """Release all files."""
        self._words = None

    def destroy(self) -> None:
        """Delete all files."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _open_words(self) -> LexicalIndex:
        if self._words is None:
            self._words = LexicalIndex(self.folder / "words", self._analyzer)
        return self._words

    def _lists_path(self, manifest: IndexManifest) -> Path:
        return self.folder / f"lists-{manifest.lineage}"
