"""An inverted file over the vectors of large indexes: approximate search in fewer dimensions of 8 bits."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

SMALLEST = 30_000
"""Rows below which scanning all of them is as quick (measured: bench/README.md)."""

_faiss: Any = faiss  # its type stubs know little of how it may be called
_LISTS_PER_ROOT = 4
_PROBES_PER_ROOT = 0.32
_FEWEST_PROBES = 256
_TRAINING_VECTORS_PER_LIST = 64
_TRAINING_ROUNDS = 6
_KEPT_VARIANCE = 0.9
_BLOCK = 16_384


class InvertedLists:
    """FAISS's IVF,SQ8 over the first rows of a vector file after a projection; immutable, memory-mapped.

    Finds candidates, whose cosines are then computed exactly from their vectors.
    """

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def open(cls, path: Path, dimension: int, most_rows: int) -> Self:
        """The lists that `build` wrote to `path`; raises `ValueError` if they cannot be used."""
        try:
            index = _faiss.read_index(str(path), _faiss.IO_FLAG_MMAP_IFC)
        except (RuntimeError, MemoryError) as error:
            raise ValueError("not a readable file of lists") from error
        fits = isinstance(index, _faiss.IndexPreTransform) and index.d == dimension
        if not fits or index.ntotal > most_rows:
            raise ValueError("a file of lists of another kind")
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def near(self, question: Matrix, limit: int, allowed: NDArray[np.uint8] | None) -> NDArray[np.int64]:
        """Approximately the `limit` nearest rows; `allowed` has a bit for each row that may be found."""
        selector = None if allowed is None else _faiss.IDSelectorBitmap(allowed)
        probes = max(_FEWEST_PROBES, int(_PROBES_PER_ROOT * math.sqrt(len(self))))
        within_lists = _faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        parameters = _faiss.SearchParametersPreTransform(index_params=within_lists)
        _, (rows,) = self._index.search(question.reshape(1, -1), limit, params=parameters)
        return np.asarray(rows[rows >= 0])


def build(path: Path, dimension: int, rows: int, matrix: Callable[[NDArray[np.int64]], Matrix]) -> None:
    """Write lists of the first `rows` rows (less up to 7), whose vectors `matrix` reads, to `path`.

    Takes some 35 CPU seconds for a million rows.
    """
    rows -= rows % 8  # so that what comes after them begins a byte in a bitmap
    _faiss.omp_set_num_threads(1)
    count = int(_LISTS_PER_ROOT * math.sqrt(rows))
    size = min(rows, _TRAINING_VECTORS_PER_LIST * count)
    sample = matrix(np.sort(np.random.default_rng(0).choice(rows, size, replace=False)))
    index = _untrained(_main_directions(sample), count)
    index.train(sample)
    for start in range(0, rows, _BLOCK):
        index.add(matrix(np.arange(start, min(start + _BLOCK, rows))))
    _faiss.write_index(index, str(path))


def _untrained(directions: Matrix, count: int) -> Any:
    kept, dimension = directions.shape
    transform = _faiss.LinearTransform(dimension, kept, False)
    _faiss.copy_array_to_vector(directions.ravel(), transform.A)
    transform.is_trained = True
    index = _faiss.IndexIVFScalarQuantizer(
        _faiss.IndexFlatIP(kept),
        kept,
        count,
        _faiss.ScalarQuantizer.QT_8bit,
        _faiss.METRIC_INNER_PRODUCT,
        False,  # the vectors themselves, not what is left when their list's centre is taken away
    )
    index.cp.niter = _TRAINING_ROUNDS
    index.cp.spherical = True
    index.cp.min_points_per_centroid = 1
    return _faiss.IndexPreTransform(transform, index)


def _main_directions(sample: Matrix) -> Matrix:
    """The directions in which the vectors differ most, of shape (kept, d), so that products change little.

    A principal component analysis without centring, which would change the order of inner products: the
    first direction is then about the mean, and the others have to hold a share of what differs from it.
    """
    energies, directions = np.linalg.eigh(sample.T @ sample)
    differing = np.cumsum(energies[::-1][1:])
    kept = 2 + int(np.searchsorted(differing, _KEPT_VARIANCE * differing[-1]))
    kept = min(-(-kept // 8) * 8, len(energies))  # whole vector registers
    return np.ascontiguousarray(directions[:, ::-1][:, :kept].T, np.float32)
