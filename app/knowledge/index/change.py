"""Updates the files of an index to what the database holds, row by row."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from app.domain.documents import Chunk, IndexedDocument
from app.knowledge.index.chunk_keys import ChunkKeyWriter, chunk_key, read_keys
from app.knowledge.index.index_manifest import HeldDocument, IndexManifest
from app.knowledge.index.vectors import VectorWriter
from app.knowledge.lexical import LexicalWriter, StoredText
from app.knowledge.ports import ChunkSource

VECTORS = "vectors.faiss"
KEYS = "keys.u64"

_BYTES_PER_VALUE = 2
_BATCH = 500


class Change:
    """Removes the rows of deleted chunks and adds those of new ones; all others keep their rows of `base`.

    `complete` says whether no chunk was missing, `misfits` how many have an embedding of another length.
    `between` is called before each batch of chunks is read.
    """

    def __init__(
        self,
        base: IndexManifest,
        folder: Path,
        writer: LexicalWriter,
        source: ChunkSource,
        between: Callable[[], None],
    ) -> None:
        self._base = base
        self._folder = folder
        self._writer = writer
        self._source = source
        self._between = between
        self._documents = dict(base.documents)
        self._unembedded = set(base.unembedded)
        self._dimension = base.dimension
        self._files = ExitStack()
        self._vectors: VectorWriter | None = None
        self._keys: ChunkKeyWriter | None = None
        self.complete = True
        if not base.used_rows:
            writer.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._files.close()

    @property
    def misfits(self) -> int:
        """How many of the added chunks have an embedding of another length."""
        return len(self._unembedded - self._base.unembedded)

    def apply(self, wanted: Mapping[str, IndexedDocument]) -> None:
        """Remove held documents that are not wanted, add wanted ones that are not held."""
        for document_id in [held for held in self._documents if held not in wanted]:
            self._writer.remove(document_id)
            del self._documents[document_id]
        for document_id, document in wanted.items():
            held = self._documents.get(document_id)
            if held is None or (held.revision, held.filename) != (document.revision, document.filename):
                self._documents[document_id] = self._updated(document_id, document, held)

    def commit(self) -> IndexManifest:
        """Commit the vectors and keys to disk, and return the new manifest; the words have their own writer."""
        if self._vectors and self._keys:
            self._vectors.commit()
            self._keys.commit()
        return IndexManifest(
            self._base.model,
            self._dimension,
            self._documents,
            self._vectors.rows if self._vectors else self._base.used_rows,
            lineage=self._base.lineage,
            unembedded=frozenset(self._unembedded),
        )

    def _updated(self, document_id: str, document: IndexedDocument, held: HeldDocument | None) -> HeldDocument:
        """The document with those of its rows that it still needs, and new ones."""
        if held and Path(held.filename).stem != Path(document.filename).stem:
            # The title is indexed with each text.
            self._writer.remove(document_id)
            held = None
        ids = self._source.chunk_ids(document_id, document.revision, self._base.model)
        wanted = {chunk_key(chunk_id): chunk_id for chunk_id in ids}
        rows = self._rows_of(held)
        self._writer.remove_rows(row for key, row in rows.items() if key not in wanted)
        new = {key: chunk_id for key, chunk_id in wanted.items() if key not in rows}
        rows |= self._added(document_id, Path(document.filename).stem, new)
        found = [rows[key] for key in map(chunk_key, ids) if key in rows]
        whole = len(found) == len(ids) and (bool(ids) or not document.chunks)
        self.complete &= whole
        revision = document.revision if whole else ""
        return HeldDocument(document_id, revision, document.filename, np.array(found, np.int32))

    def _rows_of(self, held: HeldDocument | None) -> dict[int, int]:
        """Rows by key."""
        if held is None:
            return {}
        return dict(zip(read_keys(self._folder / KEYS, held.rows), held.rows.tolist(), strict=True))

    def _added(self, document_id: str, title: str, new: Mapping[int, str]) -> dict[int, int]:
        """New rows by key, for the chunks that still exist."""
        added: dict[int, int] = {}
        for chunk in self._read(document_id, list(new.values())):
            key = chunk_key(chunk.id)
            if key in new and key not in added:
                added[key] = self._add(key, document_id, title, chunk)
        return added

    def _read(self, document_id: str, chunk_ids: list[str]) -> Iterator[Chunk]:
        waiting = iter(chunk_ids)
        while portion := list(islice(waiting, _BATCH)):
            self._between()
            yield from self._source.chunks(document_id, portion)

    def _add(self, key: int, document_id: str, title: str, chunk: Chunk) -> int:
        if self._vectors is None or self._keys is None:
            self._dimension = self._dimension or max(1, len(chunk.embedding) // _BYTES_PER_VALUE)
            used = self._base.used_rows
            vectors = VectorWriter(self._folder / VECTORS, self._dimension, used)
            self._vectors = self._files.enter_context(vectors)
            self._keys = self._files.enter_context(ChunkKeyWriter(self._folder / KEYS, used))
        row = self._vectors.rows
        if not self._vectors.add(chunk.embedding):
            self._unembedded.add(row)
        self._keys.add([key])
        self._writer.add(row, document_id, title, StoredText(chunk.heading, chunk.text))
        return row
