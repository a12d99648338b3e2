"""From a file to embedded chunks: extract, chunk, embed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.documents import Piece
from app.domain.file_text import FileText
from app.extraction.extractor import Extractor
from app.knowledge.chunking import TEXT_VERSION, split
from app.knowledge.embedding import Embedders


class Pipeline:
    """Reads documents for the index."""

    text_version = TEXT_VERSION

    def __init__(self, extractor: Extractor, embedders: Embedders) -> None:
        self._extractor = extractor
        self._embedders = embedders

    @property
    def model(self) -> str:
        """The embedding model that the settings name."""
        return self._embedders.current.model

    def can_embed(self, model: str) -> bool:
        """Whether that model is at hand."""
        return self._embedders.by_model(model) is not None

    def text(self, path: Path, filename: str, check: Callable[[float], None]) -> FileText:
        """The text of a file; raises `ExtractionError`, and what `check` raises: see `Extractor.extract`."""
        return self._extractor.extract(path, filename, check)

    def pieces(self, text: str) -> list[Piece]:
        """What a text is cut into, in order."""
        return split(text)

    def embed(self, model: str, pieces: Sequence[Piece]) -> list[bytes]:
        """The pieces' vectors by a model, float16 as chunks have them; raises `ModelError`."""
        embedder = self._embedders.by_model(model)
        if embedder is None:
            raise ValueError("an embedding model that is not at hand")
        vectors = embedder.embed_passages([_with_heading(piece) for piece in pieces])
        return [vector.astype("<f2").tobytes() for vector in vectors]


def _with_heading(piece: Piece) -> str:
    return f"{piece.heading}\n{piece.text}" if piece.heading else piece.text
