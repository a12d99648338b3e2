"""What the rest of the knowledge package expects of an embedding model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import OrquestradoraError

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]


class EmbeddingModelError(OrquestradoraError):
    """The embedding model that the settings name cannot be used."""

    code = "embedding_model"


class Embedder(Protocol):
    """Turns texts into unit vectors; the dot product of two of them is their cosine.

    Questions and passages have a method each, because some models (E5) were trained with different prefixes.
    """

    @property
    def model(self) -> str:
        """Names what made the vectors; vectors of different models cannot be compared."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def embed_query(self, text: str) -> Vector:
        """A question's vector, float32 of shape (dimension,), unit length."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """The passages' vectors in their order, float32 of shape (len(texts), dimension), unit length."""
        ...


class Embedders(Protocol):
    """The embedding models at hand."""

    @property
    def current(self) -> Embedder:
        """That of the settings."""
        ...

    def by_model(self, model: str) -> Embedder | None:
        """The one of this name, maybe an older one that still answers; None where it can't be opened."""
        ...


def unit_rows(matrix: Matrix) -> Matrix:
    """Scale every row to length 1 (a row of zeros stays zero)."""
    length = np.linalg.norm(matrix, axis=-1, keepdims=True)
    return np.asarray(matrix / np.maximum(length, np.finfo(np.float32).tiny), np.float32)


def clean(text: str) -> str:
    """Replace what tokenizers choke on: a NUL ends the text for some, a lone surrogate raises."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
