"""A question that was asked before costs no second computation."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from app.knowledge.embedding.embedder import Vector
from app.knowledge.embedding.query_cache import QueryCache
from tests.fakes.embedder import HashingEmbedder


class Counting(HashingEmbedder):
    """Keeps the questions that it computed; `before` is called first."""

    def __init__(self) -> None:
        super().__init__()
        self.computed: list[str] = []
        self.before: Callable[[], object] = lambda: None

    def embed_query(self, text: str) -> Vector:
        self.before()
        self.computed.append(text)
        return super().embed_query(text)


@pytest.fixture
def embedder() -> Counting:
    return Counting()


def test_the_same_question_is_computed_once(embedder: Counting) -> None:
    cache = QueryCache(embedder)

    first, again = cache.embed_query("qual o frete?"), cache.embed_query("qual o frete?")

    assert np.array_equal(first, HashingEmbedder().embed_query("qual o frete?"))
    assert again is first
    assert embedder.computed == ["qual o frete?"]


@pytest.mark.parametrize("same", [" qual  o\nfrete?", "qual o frete? "])
def test_white_space_makes_no_difference(embedder: Counting, same: str) -> None:
    cache = QueryCache(embedder)
    cache.embed_query(same)
    cache.embed_query("qual o frete?")

    assert embedder.computed == ["qual o frete?"]


def test_nor_do_accents_that_stand_by_themselves(embedder: Counting) -> None:
    cache = QueryCache(embedder)
    cache.embed_query("promoc\u0327a\u0303o")
    cache.embed_query("promoção")

    assert embedder.computed == ["promoção"]


@pytest.mark.parametrize("other", ["Qual o frete?", "qual o frete", "qual ofrete?"])
def test_letters_and_signs_do(embedder: Counting, other: str) -> None:
    cache = QueryCache(embedder)
    cache.embed_query("qual o frete?")
    cache.embed_query(other)

    assert len(embedder.computed) == 2


def test_the_longest_unused_question_is_forgotten_first(embedder: Counting) -> None:
    cache = QueryCache(embedder, size=2)
    for question in ("a", "b", "a", "c", "a", "b"):
        cache.embed_query(question)

    assert embedder.computed == ["a", "b", "c", "b"]


def test_nobody_can_change_what_is_remembered(embedder: Counting) -> None:
    with pytest.raises(ValueError, match="read-only"):
        QueryCache(embedder).embed_query("a")[0] = 1


def test_a_failure_is_not_remembered(embedder: Counting) -> None:
    cache = QueryCache(embedder)

    def fail() -> None:
        raise OSError

    embedder.before = fail
    with pytest.raises(OSError):  # noqa: PT011 - the one above
        cache.embed_query("a")
    embedder.before = lambda: None
    assert cache.embed_query("a").shape == (64,)


def test_many_threads_ask_at_once(embedder: Counting) -> None:
    cache = QueryCache(embedder, size=3)
    barrier, failures = threading.Barrier(6), []

    def ask() -> None:
        barrier.wait(60)
        for number in range(300):
            question = f"pergunta {number % 5}"
            if not np.array_equal(cache.embed_query(question), HashingEmbedder().embed_query(question)):
                failures.append(question)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []


def test_it_is_an_embedder_in_all_else(embedder: Counting) -> None:
    cache = QueryCache(embedder)

    assert (cache.model, cache.dimension) == (embedder.model, 64)
    assert np.array_equal(cache.embed_passages(["a", "b"]), embedder.embed_passages(["a", "b"]))
