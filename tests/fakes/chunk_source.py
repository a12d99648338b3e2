"""Chunks in memory, in the place of the database."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from app.domain.documents import Chunk, IndexedDocument
from app.domain.ids import new_id
from app.knowledge.embedding import Embedder


class FakeChunkSource:
    """Documents of any number of assistants; `documents_read` and `listed` say what was asked for.

    `while_reading` is called before each chunk is handed out.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._documents: dict[str, dict[str, IndexedDocument]] = {}
        self._chunks: dict[tuple[str, str], list[Chunk]] = {}
        self.documents_read: list[str] = []
        self.listed: list[str] = []
        self.while_reading: Callable[[], None] = lambda: None

    def put(self, assistant_id: str, document_id: str, filename: str, texts: Sequence[str]) -> None:
        """Add a document, or replace it and its chunks; a chunk for each text."""
        self.remove(assistant_id, document_id)
        revision = new_id()
        vectors = self._embedder.embed_passages(texts)
        self._chunks[document_id, revision] = [
            Chunk(
                id=new_id(),
                assistant_id=assistant_id,
                document_id=document_id,
                revision=revision,
                position=position,
                heading="",
                text=text,
                model=self._embedder.model,
                embedding=vector.astype("<f2").tobytes(),
            )
            for position, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
        document = IndexedDocument(revision, filename, len(texts))
        self._documents[assistant_id] = {**self._documents.get(assistant_id, {}), document_id: document}

    def remove(self, assistant_id: str, document_id: str) -> None:
        """Remove a document and its chunks, if it is there."""
        documents = dict(self._documents.get(assistant_id, {}))
        document = documents.pop(document_id, None)
        self._documents[assistant_id] = documents
        if document:
            del self._chunks[document_id, document.revision]

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """As `ChunkSource`."""
        self.listed.append(assistant_id)
        return dict(self._documents.get(assistant_id, {})) if model == self._embedder.model else {}

    def chunks(self, document_id: str, revision: str) -> Iterable[Chunk]:
        """As `ChunkSource`; a replacement in the middle cuts the reading short."""
        self.documents_read.append(document_id)
        return self._read(document_id, revision)

    def _read(self, document_id: str, revision: str) -> Iterator[Chunk]:
        for position in range(len(self._chunks.get((document_id, revision), []))):
            self.while_reading()
            left = self._chunks.get((document_id, revision), [])
            if position < len(left):
                yield left[position]
