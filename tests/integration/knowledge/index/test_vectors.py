"""Vectors are found exactly, or nearly so through lists, and survive in a file or not at all."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.knowledge.index import inverted_lists
from app.knowledge.index.inverted_lists import InvertedLists
from app.knowledge.index.vectors import Vectors, VectorWriter

DIMENSION = 16

Matrix = NDArray[np.float32]


def unit_vectors(count: int, seed: int = 1) -> Matrix:
    matrix = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), np.float32)


def write(path: Path, matrix: Matrix, first_row: int = 0) -> None:
    with VectorWriter(path, DIMENSION, first_row) as writer:
        for vector in matrix:
            assert writer.add(vector.astype("<f2").tobytes())
        writer.commit()


def stored(path: Path, matrix: Matrix) -> Vectors:
    write(path, matrix)
    return Vectors.open(path, DIMENSION, len(matrix))


def bits(*rows: int, of: int) -> NDArray[np.uint8]:
    return np.packbits(np.isin(np.arange(of), rows), bitorder="little")


def test_the_nearest_come_first_with_their_cosines(tmp_path: Path) -> None:
    matrix = unit_vectors(200)

    found = stored(tmp_path / "v.faiss", matrix).search(matrix[7], 5)

    cosines = matrix @ matrix[7]
    assert list(found) == np.argsort(-cosines)[:5].tolist()
    assert list(found.values()) == pytest.approx(sorted(cosines, reverse=True)[:5], abs=2e-3)


def test_fewer_rows_than_asked_for(tmp_path: Path) -> None:
    matrix = unit_vectors(3)

    assert set(stored(tmp_path / "v.faiss", matrix).search(matrix[0], 100)) == {0, 1, 2}


def test_only_allowed_rows_are_found(tmp_path: Path) -> None:
    matrix = unit_vectors(10)
    vectors = stored(tmp_path / "v.faiss", matrix)

    assert set(vectors.search(matrix[3], 100, bits(0, 1, 5, 9, of=10))) == {0, 1, 5, 9}
    assert vectors.search(matrix[3], 100, bits(of=10)) == {}


def test_a_file_grows_while_its_earlier_states_stay_what_they_are(tmp_path: Path) -> None:
    matrix, path = unit_vectors(30), tmp_path / "v.faiss"
    before = stored(path, matrix[:10])
    write(path, matrix[10:], first_row=10)

    after = Vectors.open(path, DIMENSION, 30)

    assert len(before) == 10
    assert set(before.search(matrix[0], 100)) == set(range(10))
    assert next(iter(after.search(matrix[20], 1))) == 20
    assert after.matrix(slice(0, 30)) == pytest.approx(matrix, abs=1e-3)


def test_what_a_broken_off_change_left_is_written_over(tmp_path: Path) -> None:
    matrix, path = unit_vectors(30), tmp_path / "v.faiss"
    write(path, matrix[:10])
    with VectorWriter(path, DIMENSION, 10) as writer:
        for vector in unit_vectors(15, seed=2):
            writer.add(vector.astype("<f2").tobytes())

    assert set(Vectors.open(path, DIMENSION, 10).search(matrix[0], 100)) == set(range(10))
    write(path, matrix[10:12], first_row=10)
    assert Vectors.open(path, DIMENSION, 12).matrix(slice(10, 12)) == pytest.approx(matrix[10:12], abs=1e-3)


def test_a_new_file_takes_the_place_of_the_old_one_at_the_end(tmp_path: Path) -> None:
    matrix, path = unit_vectors(30), tmp_path / "v.faiss"
    before = stored(path, matrix[:10])

    with VectorWriter(path, DIMENSION, 0) as writer:
        writer.add(matrix[20].astype("<f2").tobytes())
        assert len(Vectors.open(path, DIMENSION, 10)) == 10
        writer.commit()

    assert set(before.search(matrix[0], 100)) == set(range(10))
    assert next(iter(Vectors.open(path, DIMENSION, 1).search(matrix[20], 5).values())) == pytest.approx(1, abs=1e-2)


def test_an_embedding_of_another_length_leaves_an_empty_row(tmp_path: Path) -> None:
    matrix, path = unit_vectors(2), tmp_path / "v.faiss"
    with VectorWriter(path, DIMENSION, 0) as writer:
        added = [writer.add(embedding) for embedding in (matrix[0].astype("<f2").tobytes(), b"\1\2", b"")]
        writer.commit()

    assert added == [True, False, False]
    assert Vectors.open(path, DIMENSION, 3).matrix(slice(1, 3)).tolist() == np.zeros((2, DIMENSION)).tolist()


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage", "dimension", "rows"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "v.faiss"
    write(path, unit_vectors(50))
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage not in {"dimension", "rows"}:
        path.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "garbage": os.urandom(len(whole))}[damage])

    with pytest.raises(ValueError, match="vector file"):
        Vectors.open(path, DIMENSION + (damage == "dimension"), 50 + (damage == "rows"))


@pytest.fixture(scope="module")
def many() -> Matrix:
    return unit_vectors(6_003)


@pytest.fixture(scope="module")
def listed(many: Matrix, tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    """InvertedLists of 4,992 of the rows; the others come after them."""
    folder = tmp_path_factory.mktemp("lists")
    vectors = stored(folder / "v.faiss", many)
    inverted_lists.build(folder / "lists", DIMENSION, 4_999, vectors.matrix)
    return vectors.with_lists(InvertedLists.open(folder / "lists", DIMENSION, len(vectors)))


def test_lists_find_nearly_all_that_is_nearest(many: Matrix, listed: Vectors) -> None:
    questions = unit_vectors(50, seed=9)
    exact = listed.with_lists(None)
    found = [(list(listed.search(one, 10)), list(exact.search(one, 10))) for one in questions]

    assert listed.lists is not None
    assert len(listed.lists) == 4_992
    assert sum(len(set(near) & set(all_)) for near, all_ in found) >= 0.97 * 500
    assert any(row >= 4_992 for near, _ in found for row in near)


def test_lists_change_no_cosine(many: Matrix, listed: Vectors) -> None:
    (question,) = unit_vectors(1, seed=5)
    exact = listed.with_lists(None).search(question, 6_003)

    found = listed.search(question, 100)

    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert {row: exact[row] for row in found} == pytest.approx(found, abs=1e-5)


def test_lists_pass_over_what_is_not_allowed(many: Matrix, listed: Vectors) -> None:
    odd = bits(*range(1, 6_003, 2), of=6_003)
    few = bits(5_000, 5_001, 17, of=6_003)

    assert all(row % 2 for row in listed.search(many[0], 100, odd))
    assert set(listed.search(many[0], 100, few)) == {17, 5_000, 5_001}


@pytest.mark.parametrize("damage", ["missing", "cut", "garbage", "dimension", "rows"])
def test_damaged_lists_are_refused(tmp_path: Path, many: Matrix, damage: str) -> None:
    path = tmp_path / "lists"
    vectors = stored(tmp_path / "v.faiss", many[:400])
    inverted_lists.build(path, DIMENSION, 400, vectors.matrix)
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage in {"cut", "garbage"}:
        path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else os.urandom(len(whole)))

    with pytest.raises(ValueError, match="lists"):
        InvertedLists.open(path, DIMENSION + (damage == "dimension"), 400 - (damage == "rows"))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in /proc")
def test_searching_threads_get_no_threads_of_their_own(tmp_path: Path) -> None:
    matrix = unit_vectors(5000)
    vectors = stored(tmp_path / "v.faiss", matrix)
    barrier = threading.Barrier(9)

    def search() -> None:
        for row in range(20):
            vectors.search(matrix[row], 100)
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
