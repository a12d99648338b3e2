"""A cache of the vectors of recent questions."""

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence

from app.knowledge.embedding.embedder import Embedder, Matrix, Vector

_QUESTIONS = 1_000


class QueryCache:
    """An embedder with an LRU cache of `size` questions; threads may share it.

    Differences in white space and in the encoding of accents are ignored.
    """

    def __init__(self, embedder: Embedder, size: int = _QUESTIONS) -> None:
        self._embedder = embedder
        self._size = size
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vector] = OrderedDict()

    @property
    def model(self) -> str:
        """Names what made the vectors."""
        return self._embedder.model

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._embedder.dimension

    def embed_query(self, text: str) -> Vector:
        """A question's vector, float32 of shape (dimension,), unit length; not to be written to."""
        question = unicodedata.normalize("NFC", " ".join(text.split()))
        with self._lock:
            if (known := self._vectors.get(question)) is not None:
                self._vectors.move_to_end(question)
                return known
        vector = self._embedder.embed_query(question)
        vector.setflags(write=False)
        with self._lock:
            self._vectors[question] = vector
            if len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """The passages' vectors; these are not cached."""
        return self._embedder.embed_passages(texts)
