"""The dense index: cosines over half-precision vectors in an append-only file."""

import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from app.knowledge.index.inverted_lists import InvertedLists

Matrix = NDArray[np.float32]

_faiss: Any = faiss  # its type stubs know little of how it may be called
_BYTES_PER_VALUE = 2
_FEW = 20
_CANDIDATES = 3


class Vectors:
    """Unit vectors of shape (d,) by row, as float16 in a memory-mapped FAISS file (its scalar quantizer).

    With `lists` given, the rows they cover are searched through them, and the candidates compared exactly.
    """

    def __init__(self, index: Any, lists: InvertedLists | None = None) -> None:
        self._index = index
        self.lists = lists
        self._codes = _codes(index)
        self._tail = _part(index, self._codes, len(lists)) if lists else index

    @classmethod
    def open(cls, path: Path, dimension: int, rows: int) -> Self:
        """The first `rows` rows of a `VectorWriter`'s file at `path`; raises `ValueError` if it is damaged."""
        try:
            index = _faiss.read_index(str(path), _faiss.IO_FLAG_MMAP_IFC)
        except (RuntimeError, MemoryError) as error:
            raise ValueError("not a readable vector file") from error
        if not isinstance(index, _faiss.IndexScalarQuantizer) or index.d != dimension or index.ntotal < rows:
            raise ValueError("a vector file of another kind")
        return cls(_part(index, _codes(index), 0, rows))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def with_lists(self, lists: InvertedLists | None) -> Self:
        """The same vectors, searched through `lists`."""
        return type(self)(self._index, lists)

    def search(self, vector: Matrix, limit: int, allowed: NDArray[np.uint8] | None = None) -> dict[int, float]:
        """The `limit` rows nearest to `vector`, with their cosines, best first.

        `allowed` has a bit for each row that may be found (least significant first); None: all may.
        """
        question = np.ascontiguousarray(vector, np.float32)
        # OpenMP keeps this number per thread; without it every request thread would get a team of its own.
        _faiss.omp_set_num_threads(1)
        if self.lists is None or _few(allowed, len(self)):
            return _best(*_scan(self._index, question, limit, allowed), limit)
        first = len(self.lists)
        near = self.lists.near(question, _CANDIDATES * limit, allowed)
        tail = None if allowed is None else allowed[first // 8 :]
        rows, cosines = _scan(self._tail, question, limit, tail)
        exact = np.concatenate([np.einsum("rd,d->r", self.matrix(near), question), cosines])
        return _best(np.concatenate([near, rows + first]), exact, limit)

    def matrix(self, rows: NDArray[np.int64] | slice) -> Matrix:
        """These rows' vectors, float32 of shape (rows, d)."""
        return np.ascontiguousarray(self._codes[rows]).view("<f2").astype(np.float32)


class VectorWriter:
    """Appends rows to a file from `first_row` on; who opens the file after `commit` sees them.

    With `first_row` 0 it writes a new file, which replaces the old one at `commit`.
    """

    def __init__(self, path: Path, dimension: int, first_row: int) -> None:
        self._path = path
        self._dimension = dimension
        self._header = _header(dimension)
        self.rows = first_row
        self._working_path = path if first_row else path.with_suffix(".new")
        self._file = self._working_path.open("rb+" if first_row else "wb")
        # What a change that was broken off has left behind the last row is written over.
        self._file.seek(len(self._header) + first_row * dimension * _BYTES_PER_VALUE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, embedding: bytes) -> bool:
        """Append a row, or zeros for an embedding of another dimension; returns whether it fits."""
        fits = len(embedding) == self._dimension * _BYTES_PER_VALUE
        self._file.write(embedding if fits else bytes(self._dimension * _BYTES_PER_VALUE))
        self.rows += 1
        return fits

    def commit(self) -> None:
        """Commit the rows to disk."""
        size = self.rows * self._dimension * _BYTES_PER_VALUE
        rows, size_bytes = self.rows.to_bytes(8, "little"), size.to_bytes(8, "little")
        self._file.seek(0)
        self._file.write(self._header[:8] + rows + self._header[16:-8] + size_bytes)
        self._file.flush()
        os.fsync(self._file.fileno())
        if self._working_path != self._path:
            self._working_path.replace(self._path)


def _header(dimension: int) -> bytes:
    """FAISS's header: the number of vectors at offset 8, and their size in bytes at its end (both uint64)."""
    return bytes(_faiss.serialize_index(_empty(dimension)))


def _empty(dimension: int) -> Any:
    return _faiss.IndexScalarQuantizer(dimension, _faiss.ScalarQuantizer.QT_fp16, _faiss.METRIC_INNER_PRODUCT)


def _codes(index: Any) -> NDArray[np.uint8]:
    """A view of the vectors' bytes, of shape (rows, bytes)."""
    width = index.d * _BYTES_PER_VALUE
    return np.asarray(_faiss.rev_swig_ptr(index.codes.data(), index.ntotal * width)).reshape(-1, width)


def _part(index: Any, codes: NDArray[np.uint8], start: int, stop: int | None = None) -> Any:
    """An index over some of the rows, without copying them."""
    rows = codes[start:stop]
    part = _empty(index.d)
    if len(rows):
        part.codes = _faiss.MaybeOwnedVectorUInt8.create_view(_faiss.swig_ptr(rows), rows.size, index.codes.owner)
        part.ntotal = len(rows)
    return part


def _scan(
    index: Any, question: Matrix, limit: int, allowed: NDArray[np.uint8] | None
) -> tuple[NDArray[np.int64], Matrix]:
    """Rows and cosines, best first."""
    limit = min(limit, int(index.ntotal))
    if not limit:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    selector = None if allowed is None else _faiss.IDSelectorBitmap(allowed)
    parameters = None if selector is None else _faiss.SearchParameters(sel=selector)
    cosines, rows = index.search(question.reshape(1, -1), limit, params=parameters)
    found = rows[0] >= 0
    return rows[0][found], cosines[0][found]


def _best(rows: NDArray[np.int64], cosines: Matrix, limit: int) -> dict[int, float]:
    order = np.argsort(-cosines, kind="stable")[:limit]
    return dict(zip(rows[order].tolist(), cosines[order].tolist(), strict=True))


def _few(allowed: NDArray[np.uint8] | None, rows: int) -> bool:
    """Whether so few rows may be found that an exact scan is quicker than the lists."""
    return allowed is not None and int(np.bitwise_count(allowed).sum()) * _FEW <= rows
