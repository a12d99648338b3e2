"""What goes into a prompt: the best chunks first, joined with their neighbours, within a budget."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from app.domain.documents import Passage
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.fusion import Hit
from app.knowledge.index.index_manifest import HeldDocument, IndexManifest
from app.knowledge.lexical import LexicalIndex, LexicalSearcher, StoredText
from app.knowledge.passages import chunk_spans


class Knowledge:
    """Documents of chunks, by id; rows count through them in order."""

    def __init__(self, folder: Path, documents: Mapping[str, Sequence[StoredText]]) -> None:
        index, used = LexicalIndex(folder, PortugueseAnalyzer()), 0
        held = {}
        with index.change(large=False) as writer:
            for document_id, chunks in documents.items():
                rows = np.arange(used, used + len(chunks), dtype=np.int32)
                for row, chunk in enumerate(chunks, used):
                    writer.add(row, document_id, document_id, chunk)
                held[document_id] = HeldDocument(document_id, "r", f"{document_id}.md", rows)
                used += len(chunks)
            writer.commit()
        self.manifest = IndexManifest("hashing", 8, held, used, lineage="l")
        self.words: LexicalSearcher = index.searcher()

    def passages(self, *rows: int, characters: int = 6000) -> tuple[Passage, ...]:
        """For hits on `rows`, best first, with scores 1.0, 0.9, 0.8, …"""
        hits = [Hit(row, 1 - place / 10, 0.9 - place / 100, 0.5) for place, row in enumerate(rows)]
        return tuple(found.passage() for found in chunk_spans(hits, self.words, self.manifest, characters, {}))


def chunks(count: int, name: str, heading: str = "", length: int = 0) -> list[StoredText]:
    return [StoredText(heading, f"{name}{number}.".ljust(length, "x")) for number in range(count)]


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    return Knowledge(tmp_path, {"a": chunks(5, "A"), "b": chunks(3, "B"), "c": chunks(20, "C", length=99)})


def test_a_chunk_comes_with_its_neighbours(knowledge: Knowledge) -> None:
    (passage,) = knowledge.passages(2)

    assert passage == Passage("a", "a.md", 1, "A1.\nA2.\nA3.", score=1.0, dense=0.9, lexical=0.5)


@pytest.mark.parametrize(("row", "text"), [(0, "A0.\nA1."), (4, "A3.\nA4."), (5, "B0.\nB1."), (7, "B1.\nB2.")])
def test_neighbours_are_of_the_same_document(knowledge: Knowledge, row: int, text: str) -> None:
    assert [passage.text for passage in knowledge.passages(row)] == [text]


def test_passages_that_touch_become_one_with_the_best_score(knowledge: Knowledge) -> None:
    first, second = knowledge.passages(6, 3, 1)

    assert (first.document_id, first.text, first.score) == ("b", "B0.\nB1.\nB2.", 1.0)
    assert (second.document_id, second.text, second.position) == ("a", "A0.\nA1.\nA2.\nA3.\nA4.", 0)
    assert second.score == pytest.approx(0.9)


@pytest.mark.parametrize("characters", [0, 1, 2, 99, 100, 250, 500, 1000, 1700])
def test_the_budget_holds_whatever_it_is(knowledge: Knowledge, characters: int) -> None:
    found = knowledge.passages(12, 16, 20, 24, 8, 1, characters=characters)

    assert sum(len(passage.text) for passage in found) <= characters
    assert bool(found) is (characters > 0)


def test_the_best_chunks_come_before_the_neighbours(knowledge: Knowledge) -> None:
    found = knowledge.passages(10, 14, 18, 22, characters=400)

    assert [passage.text.rstrip("x") for passage in found] == ["C2.", "C6.", "C10.", "C14."]


def test_what_does_not_fit_makes_room_for_what_does(tmp_path: Path) -> None:
    texts = {"a": chunks(1, "A", length=500), "b": chunks(1, "B", length=900), "c": chunks(1, "C", length=300)}

    found = Knowledge(tmp_path, texts).passages(0, 1, 2, characters=1000)

    assert [passage.document_id for passage in found] == ["a", "c"]


def test_a_best_chunk_that_is_too_long_is_cut(tmp_path: Path) -> None:
    (passage,) = Knowledge(tmp_path, {"a": chunks(1, "A", "Título", length=900)}).passages(0, characters=100)

    assert passage.text == "A0.".ljust(100, "x")


def test_headings_stand_above_what_they_head(tmp_path: Path) -> None:
    texts = [StoredText("Prazos", "A."), StoredText("Prazos", "B."), StoredText("Prazos > Sul", "C.")]

    (passage,) = Knowledge(tmp_path, {"a": texts}).passages(1)

    assert passage.text == "## Prazos\nA.\nB.\n## Prazos > Sul\nC."


def test_many_documents_of_one_chunk_keep_their_ranking(tmp_path: Path) -> None:
    knowledge = Knowledge(tmp_path, {f"d{number}": chunks(1, "T") for number in range(30)})
    rows = [7, 3, 29, 0, 11, 5, 2, 21, 13, 1]

    assert [passage.document_id for passage in knowledge.passages(*rows)] == [f"d{row}" for row in rows]


def test_neighbours_are_those_by_position_wherever_their_rows_are(knowledge: Knowledge) -> None:
    rows = np.array([4, 8, 0, 8, 2], np.int32)
    documents = knowledge.manifest.documents
    moved = {"a": documents["a"]._replace(rows=rows), "c": documents["c"]._replace(rows=documents["c"].rows[1:])}
    manifest = IndexManifest("hashing", 8, moved, 28, lineage="l")

    (passage,) = (found.passage() for found in chunk_spans([Hit(0, 1, 1, 1)], knowledge.words, manifest, 6000, {}))

    assert (passage.position, passage.text.replace("x", "")) == (1, "C0.\nA0.")
