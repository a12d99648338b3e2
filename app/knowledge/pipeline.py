"""From a file to embedded chunks: extract, chunk, embed."""

from collections.abc import Iterator
from pathlib import Path

from app.domain.documents import Chunk, Document
from app.domain.ids import new_id
from app.knowledge.chunking import Piece, split
from app.knowledge.embedding import Embedder
from app.knowledge.extraction import Extractor

_BATCH = 32


class Pipeline:
    """Reads documents for the index."""

    def __init__(self, extractor: Extractor, embedder: Embedder) -> None:
        self._extractor = extractor
        self._embedder = embedder

    @property
    def model(self) -> str:
        """The embedding model that makes the chunks' vectors."""
        return self._embedder.model

    def text(self, path: Path, filename: str) -> str:
        """The text of a file; raises `ExtractionError`."""
        return self._extractor.extract(path, filename)

    def chunks(self, document: Document, text: str) -> Iterator[list[Chunk]]:
        """The chunks of a document's text, in order, embedded a batch at a time."""
        pieces = split(text)
        for start in range(0, len(pieces), _BATCH):
            yield self._embed(document, start, pieces[start : start + _BATCH])

    def _embed(self, document: Document, start: int, pieces: list[Piece]) -> list[Chunk]:
        vectors = self._embedder.embed_passages([_with_heading(piece) for piece in pieces])
        return [
            Chunk(
                id=new_id(),
                assistant_id=document.assistant_id,
                document_id=document.id,
                revision=document.revision,
                position=start + offset,
                heading=piece.heading,
                text=piece.text,
                model=self._embedder.model,
                embedding=vector.astype("<f2").tobytes(),
            )
            for offset, (piece, vector) in enumerate(zip(pieces, vectors, strict=True))
        ]


def _with_heading(piece: Piece) -> str:
    return f"{piece.heading}\n{piece.text}" if piece.heading else piece.text
