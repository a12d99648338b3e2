"""An embedder without a model."""

import re
import zlib
from collections.abc import Sequence

import numpy as np

from app.knowledge.embedding.embedder import Matrix, Vector, unit_rows


class HashingEmbedder:
    """Each word adds 1 to one component, so texts that share words are near each other; always the same.

    Feature hashing (Weinberger et al., 2009). A text without words points along the first component.
    """

    def __init__(self, dimension: int = 64) -> None:
        self.dimension = dimension
        self.model = f"hashing-{dimension}"

    def embed_query(self, text: str) -> Vector:
        """A question's vector, float32 of shape (dimension,), unit length."""
        vector = np.zeros(self.dimension, np.float32)
        for word in re.findall(r"\w+", text.lower()) or [""]:
            vector[zlib.crc32(word.encode("utf-8", "replace")) % self.dimension] += 1
        return unit_rows(vector)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """The passages' vectors in their order, float32 of shape (len(texts), dimension), unit length."""
        rows = [self.embed_query(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(rows), self.dimension)
