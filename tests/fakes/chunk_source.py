"""Chunks in memory, in the place of the database."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from app.domain.documents import Chunk, IndexedDocument, Visibility
from app.domain.ids import new_id
from app.knowledge.embedding import Embedder
from app.knowledge.embedding.embedder import Vector

ALWAYS = Visibility()


class FakeChunkSource:
    """Documents of any number of assistants, embedded by one model or by several.

    `documents_read`, `chunks_read` (their texts) and `listed` say what was asked for. `while_reading` is called
    before each chunk is handed out. `serving` names the model that answers, where that isn't the preferred one.
    """

    def __init__(self, *embedders: Embedder) -> None:
        self.embedders = list(embedders)
        self._documents: dict[str, dict[str, IndexedDocument]] = {}
        self._editions: dict[tuple[str, str, str], list[str]] = {}
        self._chunks: dict[tuple[str, str], Chunk] = {}
        self.documents_read: list[str] = []
        self.chunks_read: list[str] = []
        self.listed: list[str] = []
        self.serving: str | None = None
        self.while_reading: Callable[[], None] = lambda: None

    def put(
        self,
        assistant_id: str,
        document_id: str,
        filename: str,
        texts: Sequence[str],
        visibility: Visibility = ALWAYS,
    ) -> None:
        """Add a document, or replace it; a chunk for each text, the same one for the same text."""
        self.remove(assistant_id, document_id)
        revision = new_id()
        for embedder in self.embedders:
            vectors = embedder.embed_passages(texts)
            chunks = [
                _chunk(assistant_id, document_id, embedder.model, text, vector)
                for text, vector in zip(texts, vectors, strict=True)
            ]
            self._editions[document_id, revision, embedder.model] = [chunk.id for chunk in chunks]
            self._chunks |= {(document_id, chunk.id): chunk for chunk in chunks}
        self._set(assistant_id, document_id, IndexedDocument(revision, filename, len(texts), visibility))

    def show(self, assistant_id: str, document_id: str, visibility: Visibility) -> None:
        """Change when a document may be found."""
        self._set(
            assistant_id, document_id, self._documents[assistant_id][document_id]._replace(visibility=visibility)
        )

    def rename(self, assistant_id: str, document_id: str, filename: str) -> None:
        """Give a document another file name."""
        self._set(assistant_id, document_id, self._documents[assistant_id][document_id]._replace(filename=filename))

    def remove(self, assistant_id: str, document_id: str) -> None:
        """Remove a document and its chunks, if it is there."""
        documents = dict(self._documents.get(assistant_id, {}))
        document = documents.pop(document_id, None)
        self._documents[assistant_id] = documents
        if document:
            for embedder in self.embedders:
                for chunk_id in self._editions.pop((document_id, document.revision, embedder.model), []):
                    self._chunks.pop((document_id, chunk_id), None)

    def serving_model(self, assistant_id: str, preferred: str) -> str:
        """As `ChunkSource`."""
        return self.serving or preferred

    def indexed_documents(self, assistant_id: str, model: str) -> Mapping[str, IndexedDocument]:
        """As `ChunkSource`."""
        self.listed.append(assistant_id)
        return {
            document_id: document
            for document_id, document in self._documents.get(assistant_id, {}).items()
            if (document_id, document.revision, model) in self._editions
        }

    def chunk_ids(self, document_id: str, revision: str, model: str) -> Sequence[str]:
        """As `ChunkSource`."""
        return self._editions.get((document_id, revision, model), [])

    def chunks(self, document_id: str, chunk_ids: Sequence[str]) -> Iterable[Chunk]:
        """As `ChunkSource`; a replacement in the middle cuts the reading short."""
        self.documents_read.append(document_id)
        return self._read(document_id, chunk_ids)

    def _read(self, document_id: str, chunk_ids: Sequence[str]) -> Iterator[Chunk]:
        for wanted in reversed(chunk_ids):
            self.while_reading()
            chunk = self._chunks.get((document_id, wanted))
            if chunk is not None:
                self.chunks_read.append(chunk.text)
                yield chunk

    def _set(self, assistant_id: str, document_id: str, document: IndexedDocument) -> None:
        self._documents[assistant_id] = {**self._documents.get(assistant_id, {}), document_id: document}


def _chunk(assistant_id: str, document_id: str, model: str, text: str, vector: Vector) -> Chunk:
    return Chunk(
        id=hashlib.sha256(f"{document_id} {model} {text}".encode("utf-8", "replace")).hexdigest(),
        assistant_id=assistant_id,
        document_id=document_id,
        heading="",
        text=text,
        digest="",
        model=model,
        embedding=vector.astype("<f2").tobytes(),
    )
