"""The measured search is an honest one: what is made up is like what is real, and the same each time."""

from pathlib import Path

import numpy as np
import pytest

from app.knowledge.embedding.embedder import unit_rows
from bench import search
from bench.lookalikes import MODEL, Lookalikes, Matrix, Sample, embedded_sample
from bench.scale import QUICK
from tests.fakes.embedder import HashingEmbedder


@pytest.fixture(scope="module")
def sample() -> Sample:
    return embedded_sample(HashingEmbedder(), 20)


def nearest(vectors: Matrix) -> float:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    return float(np.median(cosines.max(axis=1)))


def test_neighbours_are_as_near_as_the_real_ones(sample: Sample) -> None:
    made_up = sample.made_up(len(sample.vectors), seed=1)

    assert made_up == pytest.approx(unit_rows(made_up), abs=1e-6)
    assert nearest(made_up) == pytest.approx(nearest(sample.vectors), abs=0.03)


def test_chunks_are_always_the_same_and_all_different(sample: Sample) -> None:
    first, second = Lookalikes(sample, 500), Lookalikes(sample, 500)
    numbers = ["0", "7", "20003", "999999"]

    chunks = list(first.chunks("0-1000000", numbers))

    assert list(second.chunks("0-1000000", numbers)) == chunks
    assert len({chunk.text for chunk in chunks}) == len({chunk.embedding for chunk in chunks}) == 4
    assert all(600 < len(chunk.text) <= 900 for chunk in chunks)


def test_an_assistants_documents_share_its_chunks(sample: Sample) -> None:
    source = Lookalikes(sample, 40)

    documents = source.indexed_documents("100-200", MODEL)

    assert [(name, document.chunks) for name, document in documents.items()] == [
        ("100-140", 40),
        ("140-180", 40),
        ("180-200", 20),
    ]
    ids = [one for name in documents for one in source.chunk_ids(name, "0", MODEL)]
    assert ids == [str(number) for number in range(100, 200)]


def test_an_edit_is_one_new_chunk(sample: Sample) -> None:
    source = Lookalikes(sample, 40)
    before = source.chunk_ids("0-40", "0", MODEL)
    source.edited["0-40"] = 1

    after = source.chunk_ids("0-40", "1", MODEL)

    assert len(set(after) - set(before)) == len(set(before) - set(after)) == 1
    assert source.indexed_documents("0-40", MODEL)["0-40"].revision == "1"


def test_a_small_run_measures_what_it_says(tmp_path: Path) -> None:
    section = search.run(tmp_path, HashingEmbedder(), QUICK)

    figures = section.figures["chunks"][100]
    assert figures["recall@10"] > 0.99  # of two cosines that half precision cannot tell apart either may be first
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert section.figures["assistants"]["assistants"] == 4
    assert all(row.met is not False for row in section.rows if "recall" in row.what)
    assert [path.name for path in tmp_path.iterdir()] == ["sample.pickle"]
