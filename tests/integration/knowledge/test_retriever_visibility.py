"""A document is found while it is enabled and valid, to the second, and takes nobody's place when it isn't."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.documents import Visibility
from app.knowledge.embedding import ModelRegistry
from app.knowledge.retriever import Retriever
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

SECOND = timedelta(seconds=1)
QUESTION = "qual o preço do frete?"


class StoppedClock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def source() -> FakeChunkSource:
    source = FakeChunkSource(HashingEmbedder())
    source.put("a1", "old", "antigo.md", [f"O preço do frete é {number}." for number in range(150)])
    source.put("a1", "new", "novo.md", ["Sobre o frete: é grátis.", "Entregamos em dois dias."])
    return source


@pytest.fixture
def retriever(source: FakeChunkSource, clock: StoppedClock, tmp_path: Path) -> Iterator[Retriever]:
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path, 6000, clock=clock)
    yield retriever
    retriever.close()


def found(retriever: Retriever, version: int) -> set[str]:
    """Where passages and candidates come from, which are the same documents."""
    passages = {passage.document_id for passage in retriever.search("a1", version, QUESTION)}
    candidates = {one.document_id for one in retriever.scored_chunks("a1", version, QUESTION, 100)}
    assert passages <= candidates
    return candidates


def test_what_is_hidden_takes_no_place_among_the_best(retriever: Retriever, source: FakeChunkSource) -> None:
    assert "old" in found(retriever, 1)

    source.show("a1", "old", Visibility(enabled=False))

    candidates = retriever.scored_chunks("a1", 2, QUESTION, 100)
    assert [(one.document_id, one.position) for one in candidates] == [("new", 0), ("new", 1)]
    assert (candidates[0].dense or 0) > 0
    assert candidates[0].lexical > 0
    assert {passage.document_id for passage in retriever.search("a1", 2, QUESTION)} == {"new"}


def test_it_is_found_from_its_first_second_to_its_last(
    retriever: Retriever, source: FakeChunkSource, clock: StoppedClock
) -> None:
    begin, end = clock.now + 10 * SECOND, clock.now + 20 * SECOND
    source.show("a1", "old", Visibility(enabled=False))
    source.show("a1", "new", Visibility(valid_from=begin, valid_until=end))
    seen = []

    for clock.now in (begin - SECOND, begin, end - SECOND, end, begin):
        seen.append("new" in found(retriever, 1))

    assert seen == [False, True, True, False, True]


def test_several_periods_each_count(retriever: Retriever, source: FakeChunkSource, clock: StoppedClock) -> None:
    midnight = datetime(2026, 11, 27, tzinfo=UTC)
    source.show("a1", "old", Visibility(valid_until=midnight))
    source.show("a1", "new", Visibility(valid_from=midnight))

    clock.now = midnight - timedelta(microseconds=1)
    assert found(retriever, 1) == {"old"}
    clock.now = midnight
    assert found(retriever, 1) == {"new"}


def test_hiding_reads_nothing_and_showing_neither(retriever: Retriever, source: FakeChunkSource) -> None:
    before = retriever.search("a1", 1, QUESTION)
    source.chunks_read.clear()

    for version, enabled in ((2, False), (3, True)):
        source.show("a1", "old", Visibility(enabled=enabled))
        retriever.refresh("a1", version)

    assert source.chunks_read == []
    assert retriever.search("a1", 3, QUESTION) == before


def test_where_everything_is_hidden_nothing_is_found(retriever: Retriever, source: FakeChunkSource) -> None:
    for document_id in ("old", "new"):
        source.show("a1", document_id, Visibility(enabled=False))

    assert retriever.search("a1", 1, QUESTION) == ()
    assert retriever.scored_chunks("a1", 1, QUESTION, 10) == []


def test_a_new_version_of_a_hidden_document_stays_hidden(retriever: Retriever, source: FakeChunkSource) -> None:
    source.put("a1", "new", "novo.md", ["O preço do frete mudou."], Visibility(enabled=False))

    assert found(retriever, 1) == {"old"}
