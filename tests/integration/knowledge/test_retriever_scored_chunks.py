"""What was weighed for a question, whether or not it would be used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.knowledge.embedding import ModelRegistry
from app.knowledge.retriever import Retriever
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

QUESTION = "quanto custa o frete?"


@pytest.fixture
def source() -> FakeChunkSource:
    source = FakeChunkSource(HashingEmbedder())
    source.put("a1", "d1", "frete.md", ["O frete custa R$ 20.", "Entrega em 2 dias.", "Retirada na loja."])
    source.put("a1", "d2", "geral.md", [f"Artigo {number} sobre o pedido." for number in range(120)])
    return source


@pytest.fixture
def retriever(source: FakeChunkSource, tmp_path: Path) -> Iterator[Retriever]:
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path, 300)
    yield retriever
    retriever.close()


def test_chunks_come_alone_and_best_first(retriever: Retriever) -> None:
    best, *others = retriever.scored_chunks("a1", 1, QUESTION, 10)

    assert (best.document_id, best.filename, best.position) == ("d1", "frete.md", 0)
    assert (best.heading, best.text) == ("", "O frete custa R$ 20.")
    assert len(others) == 9
    scores = [one.score for one in (best, *others)]
    assert scores == sorted(scores, reverse=True)


def test_the_figures_are_those_of_the_passage(retriever: Retriever) -> None:
    best = retriever.scored_chunks("a1", 1, QUESTION, 1)[0]
    passage = retriever.search("a1", 1, QUESTION)[0]

    assert (best.dense, best.lexical, best.score) == (passage.dense, passage.lexical, passage.score)


def test_used_is_what_is_in_a_passage(retriever: Retriever) -> None:
    candidates = retriever.scored_chunks("a1", 1, QUESTION, 100)
    passages = retriever.search("a1", 1, QUESTION)

    for one in candidates:
        within = any(one.document_id == passage.document_id and one.text in passage.text for passage in passages)
        assert one.used is within
    assert {one.used for one in candidates} == {True, False}


def test_there_are_a_hundred_at_most(retriever: Retriever) -> None:
    assert len(retriever.scored_chunks("a1", 1, QUESTION, 1000)) == 100


@pytest.mark.parametrize("question", ["", "?!", "👍"])
def test_a_question_without_words_has_none(retriever: Retriever, question: str) -> None:
    assert retriever.scored_chunks("a1", 1, question, 10) == []


def test_nor_has_an_assistant_without_documents(retriever: Retriever) -> None:
    assert retriever.scored_chunks("a9", 1, QUESTION, 10) == []
