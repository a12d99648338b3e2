import numpy as np
import pytest

from app.knowledge.embedding.embedder import Embedder, clean, unit_rows
from tests.fakes.embedder import HashingEmbedder


def test_unit_rows_have_length_one_and_keep_their_direction() -> None:
    rows = unit_rows(np.array([[3, 4], [0.001, 0]], np.float32))
    assert rows.dtype == np.float32
    assert rows == pytest.approx(np.array([[0.6, 0.8], [1, 0]]))


def test_a_row_of_zeros_stays_zero() -> None:
    assert unit_rows(np.zeros((1, 3), np.float32)).tolist() == [[0, 0, 0]]


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [("a\0b", "a b"), ("prazo \ud800 final", "prazo ? final"), ("ação 🎉", "ação 🎉"), ("", "")],
)
def test_clean_replaces_what_tokenizers_choke_on(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


def test_the_hashing_embedder_puts_shared_words_close_together() -> None:
    embedder: Embedder = HashingEmbedder()
    question = embedder.embed_query("prazo de entrega")
    passages = embedder.embed_passages(["O prazo de entrega é de 5 dias.", "Fechado aos domingos", ""])
    assert passages.shape == (3, embedder.dimension)
    assert np.linalg.norm(passages, axis=1) == pytest.approx(np.ones(3))
    assert passages[0] @ question > passages[1] @ question


def test_the_hashing_embedder_is_deterministic_and_of_the_size_asked_for() -> None:
    first, second = HashingEmbedder(16), HashingEmbedder(16)
    assert first.model == "hashing-16"
    assert first.embed_query("olá mundo").tolist() == second.embed_query("olá mundo").tolist()
    assert first.embed_passages([]).shape == (0, 16)
