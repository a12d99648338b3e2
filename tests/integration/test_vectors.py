"""Vectors are found exactly, changed row by row, and survive in a file or not at all."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.knowledge.vectors import VectorIndex

DIMENSION = 16


def unit_vectors(count: int, seed: int = 1) -> NDArray[np.float32]:
    matrix = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), np.float32)


def as_stored(matrix: NDArray[np.float32]) -> bytes:
    return matrix.astype("<f2").tobytes()


def index_of(matrix: NDArray[np.float32], first_row: int = 0) -> VectorIndex:
    index = VectorIndex.empty(DIMENSION)
    index.add(first_row, as_stored(matrix))
    return index


def test_the_nearest_come_first_with_their_cosines() -> None:
    matrix = unit_vectors(200)

    found = index_of(matrix, first_row=1000).search(matrix[7], 5)

    cosines = matrix @ matrix[7]
    assert list(found) == [1000 + row for row in np.argsort(-cosines)[:5]]
    assert list(found.values()) == pytest.approx(sorted(cosines, reverse=True)[:5], abs=2e-3)


def test_fewer_rows_than_asked_for() -> None:
    matrix = unit_vectors(3)

    assert set(index_of(matrix).search(matrix[0], 100)) == {0, 1, 2}
    assert VectorIndex.empty(DIMENSION).search(matrix[0], 100) == {}


def test_removed_rows_are_not_found() -> None:
    matrix = unit_vectors(10)
    index = index_of(matrix)

    index.remove(range(2, 5))
    index.remove(range(90, 95))

    assert len(index) == 7
    assert set(index.search(matrix[3], 100)) == {0, 1, 5, 6, 7, 8, 9}


def test_a_copy_changes_alone() -> None:
    matrix = unit_vectors(4)
    index = index_of(matrix)

    copy = index.copy()
    copy.remove(range(4))
    copy.add(9, as_stored(matrix[:1]))

    assert set(index.search(matrix[0], 10)) == {0, 1, 2, 3}
    assert set(copy.search(matrix[0], 10)) == {9}


def test_embeddings_of_another_dimension_are_refused() -> None:
    with pytest.raises(ValueError, match="dimension"):
        VectorIndex.empty(DIMENSION).add(0, b"\0" * (2 * DIMENSION + 1))


def test_a_file_brings_everything_back(tmp_path: Path) -> None:
    matrix = unit_vectors(50)
    index = index_of(matrix, first_row=3)
    index.remove(range(10, 20))
    index.write(tmp_path / "v.faiss")

    back = VectorIndex.read(tmp_path / "v.faiss", DIMENSION)

    assert back.search(matrix[0], 50) == index.search(matrix[0], 50)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage", "dimension"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "v.faiss"
    index_of(unit_vectors(50)).write(path)
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage != "dimension":
        path.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "garbage": os.urandom(len(whole))}[damage])

    with pytest.raises(ValueError, match="vector file"):
        VectorIndex.read(path, DIMENSION + (damage == "dimension"))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in /proc")
def test_searching_threads_get_no_threads_of_their_own() -> None:
    matrix = unit_vectors(5000)
    index = index_of(matrix)
    barrier = threading.Barrier(9)

    def search() -> None:
        for row in range(20):
            index.search(matrix[row], 100)
        barrier.wait(60)
        barrier.wait(60)

    before = len(list(Path("/proc/self/task").iterdir()))
    threads = [threading.Thread(target=search) for _ in range(8)]
    for thread in threads:
        thread.start()
    barrier.wait(60)
    during = len(list(Path("/proc/self/task").iterdir()))
    barrier.wait(60)
    for thread in threads:
        thread.join(60)

    assert during <= before + len(threads)
