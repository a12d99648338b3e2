"""Embeds what a document was cut into, by any model at hand."""

from collections.abc import Sequence

from app.domain.documents import Piece
from app.knowledge.embedding.embedder import Embedders


class ChunkEmbedder:
    """Makes embeddings as chunks store them, by the model of the settings or an older one."""

    def __init__(self, embedders: Embedders) -> None:
        self._embedders = embedders

    @property
    def model(self) -> str:
        """The embedding model that the settings name."""
        return self._embedders.current.model

    def can_embed(self, model: str) -> bool:
        """Whether that model is at hand."""
        return self._embedders.by_model(model) is not None

    def embed(self, model: str, pieces: Sequence[Piece]) -> list[bytes]:
        """The pieces' vectors in their order, little-endian float16, with their headings; raises `ModelError`."""
        embedder = self._embedders.by_model(model)
        if embedder is None:
            raise ValueError(f"the embedding model {model} is not at hand")
        vectors = embedder.embed_passages([_with_heading(piece) for piece in pieces])
        return [vector.astype("<f2").tobytes() for vector in vectors]


def _with_heading(piece: Piece) -> str:
    return f"{piece.heading}\n{piece.text}" if piece.heading else piece.text
