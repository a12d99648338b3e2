"""The dense leg: exact cosine search over half-precision vectors."""

from pathlib import Path
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

_BYTES_PER_VALUE = 2


class VectorIndex:
    """Unit vectors of shape (d,) under row numbers, kept as float16 (FAISS's scalar quantizer).

    Not changed while it is searched: change a `copy` and search that from then on.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def empty(cls, dimension: int) -> Self:
        """An index for vectors of length `dimension`."""
        flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        return cls(faiss.IndexIDMap(flat))

    @classmethod
    def read(cls, path: Path, dimension: int) -> Self:
        """What `write` left at `path`; ValueError when it is missing, damaged or of another dimension."""
        try:
            index = faiss.read_index(str(path))
        except (RuntimeError, MemoryError) as error:
            raise ValueError("not a readable vector file") from error
        if not isinstance(index, faiss.IndexIDMap) or index.d != dimension:
            raise ValueError("a vector file of another kind")
        return cls(index)

    def write(self, path: Path) -> None:
        """Write a file that `read` understands."""
        faiss.write_index(self._index, str(path))

    def copy(self) -> Self:
        """An independent index with the same rows."""
        return type(self)(faiss.clone_index(self._index))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, first_row: int, embeddings: bytes) -> None:
        """Add float16 vectors, laid end to end, as `first_row`, `first_row` + 1, …; ValueError if misfit."""
        if len(embeddings) % (self._index.d * _BYTES_PER_VALUE):
            raise ValueError("embeddings of another dimension")
        matrix = np.frombuffer(embeddings, "<f2").reshape(-1, self._index.d).astype(np.float32)
        rows = np.arange(first_row, first_row + len(matrix), dtype=np.int64)
        self._index.add_with_ids(matrix, rows)

    def remove(self, rows: range) -> None:
        """Remove a run of rows; those that aren't there are passed over."""
        self._index.remove_ids(faiss.IDSelectorRange(rows.start, rows.stop))

    def search(self, vector: NDArray[np.float32], limit: int) -> dict[int, float]:
        """The `limit` rows nearest to `vector`, with their cosines, best first."""
        limit = min(limit, len(self))
        if not limit:
            return {}
        # OpenMP keeps this number per thread; without it every request thread would get a team of its own.
        faiss.omp_set_num_threads(1)
        cosines, rows = self._index.search(np.ascontiguousarray(vector, np.float32).reshape(1, -1), limit)
        return dict(zip(rows[0].tolist(), cosines[0].tolist(), strict=True))
