"""Tells which questions ask for the same, by their embeddings."""

from collections.abc import Sequence

import numpy as np

from app.knowledge.embedding import Embedder
from app.knowledge.fusion import CosineRange

_STORED = np.dtype("<f2")


class QuestionVectors:
    """Embeddings of questions by one model, as bytes: little-endian float16 values of unit length."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._alike = CosineRange.of(embedder.model).high

    @property
    def model(self) -> str:
        """The embedding model; vectors of others cannot be compared with its."""
        return self._embedder.model

    def embed(self, question: str) -> bytes:
        """The vector of a question; raises `ModelError`."""
        return self._embedder.embed_query(question).astype(_STORED).tobytes()

    def closest(self, vector: bytes, others: Sequence[bytes]) -> int | None:
        """Which of the others is closest to a vector; None if none of them asks for the same."""
        fitting = [position for position, other in enumerate(others) if len(other) == len(vector)]
        if not fitting:
            return None
        matrix = np.frombuffer(b"".join(others[position] for position in fitting), _STORED)
        cosines = matrix.reshape(len(fitting), -1).astype(np.float32) @ np.frombuffer(vector, _STORED).astype(
            np.float32
        )
        best = int(np.argmax(cosines))
        return fitting[best] if cosines[best] >= self._alike else None
