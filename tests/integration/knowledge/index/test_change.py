"""A new version of a document costs as much as what changed in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.documents import Chunk, Visibility
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.index.assistant_index import AssistantIndex, IndexDependencies
from app.knowledge.index.background_tasks import BackgroundTasks
from app.knowledge.index.snapshot import Snapshot
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

NOW = datetime(2026, 5, 4, tzinfo=UTC)
PARAGRAPHS = [f"Parágrafo {number} do contrato." for number in range(20)]


@pytest.fixture
def source() -> FakeChunkSource:
    source = FakeChunkSource(HashingEmbedder())
    source.put("a1", "d1", "contrato.md", PARAGRAPHS)
    return source


@pytest.fixture
def reopen(source: FakeChunkSource, tmp_path: Path) -> Iterator[Callable[[], AssistantIndex]]:
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), BackgroundTasks())
    yield lambda: AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)
    dependencies.background.close()


def edition(snapshot: Snapshot, document_id: str = "d1") -> list[str]:
    """A document's texts in order."""
    assert snapshot.words is not None
    rows = snapshot.manifest.documents[document_id].rows.tolist()
    found = snapshot.words.rows(rows)
    return [found[row].stored.text for row in rows]


def test_one_changed_paragraph_is_one_row(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    index = reopen()
    before = index.at(1).manifest.documents["d1"].rows.tolist()
    source.chunks_read.clear()
    changed = ["Um preâmbulo.", *PARAGRAPHS[:7], *PARAGRAPHS[8:]]

    source.put("a1", "d1", "contrato.md", changed)
    after = index.at(2)

    assert source.chunks_read == ["Um preâmbulo."]
    assert edition(after) == changed
    assert after.manifest.documents["d1"].rows.tolist() == [20, *before[:7], *before[8:]]
    assert edition(reopen().at(2)) == changed


def test_what_left_is_found_by_neither_leg(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    source.put("a1", "d1", "contrato.md", [*PARAGRAPHS, "Ornitorrinco."])
    index = reopen()
    row = int(index.at(1).manifest.documents["d1"].rows[-1])
    source.put("a1", "d1", "contrato.md", PARAGRAPHS)

    snapshot = index.at(2)

    assert snapshot.words is not None
    assert snapshot.vectors is not None
    assert snapshot.words.search(snapshot.words.question("ornitorrinco"), 5) == {}
    allowed = snapshot.at(NOW).allowed
    found = snapshot.vectors.search(HashingEmbedder().embed_query("ornitorrinco"), 100, allowed)
    assert set(found) == set(range(21)) - {row}


def test_order_alone_writes_no_text(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    index = reopen()
    index.at(1)
    source.chunks_read.clear()
    source.put("a1", "d1", "contrato.md", PARAGRAPHS[::-1])

    assert edition(index.at(2)) == PARAGRAPHS[::-1]
    assert source.chunks_read == []


def test_a_paragraph_that_comes_twice_has_one_row(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    source.put("a1", "d1", "contrato.md", ["A.", "Assinatura.", "B.", "Assinatura."])

    snapshot = reopen().at(1)

    assert edition(snapshot) == ["A.", "Assinatura.", "B.", "Assinatura."]
    assert snapshot.manifest.live_rows == 3
    assert edition(reopen().at(2)) == ["A.", "Assinatura.", "B.", "Assinatura."]


def test_a_new_name_is_a_new_title_for_every_chunk(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    index = reopen()
    index.at(1)
    source.rename("a1", "d1", "garantia.md")

    snapshot = index.at(2)

    assert snapshot.words is not None
    assert len(snapshot.words.search(snapshot.words.question("garantia"), 100)) == 20
    assert edition(snapshot) == PARAGRAPHS


def test_who_may_find_a_document_is_no_matter_of_files(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource, tmp_path: Path
) -> None:
    index = reopen()
    index.at(1)
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "a1").rglob("*")}
    hidden = Visibility(enabled=False)

    source.show("a1", "d1", hidden)

    assert index.at(2).documents["d1"].visibility == hidden
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "a1").rglob("*")} == files
    assert reopen().at(2).documents["d1"].visibility == hidden


def test_missing_chunks_are_asked_for_again_with_the_next_version(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource, caplog: pytest.LogCaptureFixture
) -> None:
    lost: dict[tuple[str, str], Chunk] = dict(list(source._chunks.items())[:1])
    source._chunks = {key: chunk for key, chunk in source._chunks.items() if key not in lost}
    index = reopen()

    assert edition(index.at(1)) == PARAGRAPHS[1:]
    assert "missing" in caplog.text
    source._chunks |= lost
    source.chunks_read.clear()
    assert edition(index.at(2)) == PARAGRAPHS
    assert source.chunks_read == [PARAGRAPHS[0]]


def test_an_embedding_of_another_length_leaves_the_words(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource, caplog: pytest.LogCaptureFixture
) -> None:
    index = reopen()
    index.at(1)
    source.embedders = [Shortened()]
    source.put("a1", "d2", "novo.md", ["Ornitorrinco."])

    snapshot = index.at(2)

    assert snapshot.words is not None
    assert snapshot.vectors is not None
    assert set(snapshot.words.search(snapshot.words.question("ornitorrinco"), 5)) == {20}
    view = snapshot.at(NOW)
    assert 20 not in snapshot.vectors.search(HashingEmbedder().embed_query("ornitorrinco"), 100, view.allowed)
    assert "another length" in caplog.text


class Shortened(HashingEmbedder):
    """A model that was replaced by another one of the same name."""

    def __init__(self) -> None:
        super().__init__(dimension=8)
        self.model = HashingEmbedder().model
