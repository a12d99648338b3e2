"""From one state of an index to the next."""

from collections.abc import Mapping
from pathlib import Path

from app.domain.documents import IndexedDocument
from app.knowledge.lexical import LexicalWriter, StoredText
from app.knowledge.ports import ChunkSource
from app.knowledge.snapshot import Snapshot


class Change:
    """Copies of a state's parts on the way to the next one; `complete` says whether no chunk was missing."""

    def __init__(self, base: Snapshot, writer: LexicalWriter, source: ChunkSource) -> None:
        self.manifest = base.manifest.copy()
        self.vectors = base.vectors.copy()
        self.complete = True
        self._writer = writer
        self._source = source
        if base.words is None:
            writer.clear()

    def apply(self, wanted: Mapping[str, IndexedDocument]) -> None:
        """Remove what is held and not wanted, add what is wanted and not held."""
        for held in list(self.manifest):
            if wanted.get(held.document_id) != held.document:
                self._writer.remove(held.document_id)
                self.vectors.remove(range(held.first_row, held.first_row + held.rows))
                self.manifest.remove(held.document_id)
        for document_id, document in wanted.items():
            if self.manifest.get(document_id) is None:
                self._add(document_id, document)

    def _add(self, document_id: str, document: IndexedDocument) -> None:
        title = Path(document.filename).stem
        first_row = self.manifest.next_row
        embeddings = bytearray()
        count = 0
        ids = self._source.chunk_ids(document_id, document.revision, self.manifest.model)
        found = {chunk.id: chunk for chunk in self._source.chunks(document_id, ids)}
        for chunk in (found[one] for one in ids if one in found):
            self._writer.add(first_row + count, document_id, title, StoredText(chunk.heading, chunk.text))
            embeddings += chunk.embedding
            count += 1
        self.vectors.add(first_row, bytes(embeddings))
        self.manifest.add(document_id, document, count)
        self.complete &= count == document.chunks
