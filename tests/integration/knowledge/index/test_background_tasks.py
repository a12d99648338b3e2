"""InvertedLists and tidying up are made in the background, while everything is searched and changed."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.index.assistant_index import AssistantIndex, IndexDependencies
from app.knowledge.index.background_tasks import BackgroundTasks, Stopped
from app.knowledge.index.snapshot import Snapshot
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

ROWS = 2_400


@pytest.fixture
def background() -> Iterator[BackgroundTasks]:
    background = BackgroundTasks()
    yield background
    background.close()


@pytest.fixture
def source() -> FakeChunkSource:
    source = FakeChunkSource(HashingEmbedder())
    for part in range(4):
        source.put("a1", f"d{part}", f"parte{part}.md", articles(part))
    return source


def articles(part: int, edition: str = "") -> list[str]:
    return [f"Artigo {number} da parte {part}{edition}." for number in range(ROWS // 4)]


def held(snapshot: Snapshot) -> set[str]:
    assert snapshot.words is not None
    rows = [int(row) for row in snapshot.manifest.live.nonzero()[0]]
    return {row.stored.text for row in snapshot.words.rows(rows).values()}


def test_lists_are_built_swapped_in_and_found_again(
    source: FakeChunkSource, background: BackgroundTasks, tmp_path: Path
) -> None:
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), background, lists_from=2_000)
    index = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)
    flat = index.at(1)
    assert background.wait(60)

    listed, again = index.at(1), AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies).at(1)

    question = HashingEmbedder().embed_query("artigo 7 da parte 2")
    assert flat.vectors is not None
    assert flat.vectors.lists is None
    for snapshot in (listed, again):
        assert snapshot.vectors is not None
        assert snapshot.vectors.lists is not None
        assert len(snapshot.vectors.lists) == ROWS
        assert next(iter(snapshot.vectors.search(question, 5).values())) == pytest.approx(1, abs=1e-2)
    assert flat.vectors.search(question, 5)


def test_few_new_rows_are_found_beside_the_lists_and_many_make_new_ones(
    source: FakeChunkSource, background: BackgroundTasks, tmp_path: Path
) -> None:
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), background, lists_from=2_000)
    index = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)
    index.at(1)
    assert background.wait(60)

    source.put("a1", "new", "novo.md", ["Ornitorrinco."])
    few = index.at(2)
    assert background.wait(60)
    assert index.at(2) is few
    assert few.vectors is not None
    assert ROWS in few.vectors.search(HashingEmbedder().embed_query("ornitorrinco"), 1)

    source.put("a1", "more", "mais.md", [f"Adendo {number}." for number in range(400)])
    index.at(3)
    assert background.wait(60)
    many = index.at(3).vectors
    assert many is not None
    assert many.lists is not None
    assert len(many.lists) == (ROWS + 401) // 8 * 8


def test_damaged_lists_cost_the_index_nothing_but_time(
    source: FakeChunkSource, background: BackgroundTasks, tmp_path: Path
) -> None:
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), background, lists_from=2_000)
    index = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)
    expected = held(index.at(1))
    assert background.wait(60)
    (path,) = (tmp_path / "a1").glob("lists-*")
    path.write_bytes(path.read_bytes()[:1000])

    assert held(AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies).at(1)) == expected


def test_lists_that_were_built_while_the_index_was_closed_are_found_again(
    source: FakeChunkSource, background: BackgroundTasks, tmp_path: Path
) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        busy.set()
        go_on.wait(60)

    background.submit("before", wait)
    assert busy.wait(60)
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), background, lists_from=2_000)
    index = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)
    index.at(1)
    building = index._files.build_lists

    def put_away_while_building(vectors: Any) -> Path:
        path = building(vectors)
        index.close()
        return path

    index._files.build_lists = put_away_while_building  # type: ignore[method-assign]
    go_on.set()
    assert background.wait(60)

    again = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies).at(1)
    assert again.vectors is not None
    assert again.vectors.lists is not None


def test_rows_that_are_gone_leave_a_large_index_in_the_background(
    source: FakeChunkSource, background: BackgroundTasks, tmp_path: Path
) -> None:
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), background)
    index = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)
    index.at(1)
    for part in range(2):
        source.put("a1", f"d{part}", f"parte{part}.md", articles(part, " (nova)"))
    reading, go_on = threading.Event(), threading.Event()

    def hold_up() -> None:
        if threading.current_thread().name == "index-background":
            reading.set()
            go_on.wait(60)

    source.while_reading = hold_up
    grown = index.at(2)
    assert grown.manifest.used_rows == 1.5 * ROWS
    assert reading.wait(60)
    source.put("a1", "last", "ultimo.md", ["Mudou enquanto isso."])
    assert "Mudou enquanto isso." in held(index.at(3))
    go_on.set()
    assert background.wait(60)

    compact = index.at(3)
    assert compact.manifest.used_rows == compact.manifest.live_rows == ROWS + 1
    assert held(compact) == held(grown) | {"Mudou enquanto isso."}
    assert [path.name for path in tmp_path.iterdir()] == ["a1"]
    again = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies).at(3)
    assert held(again) == held(compact)
    assert held(grown)


def test_an_index_that_was_closed_meanwhile_stays_as_it_is(
    source: FakeChunkSource, background: BackgroundTasks, tmp_path: Path
) -> None:
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), background)
    index = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)
    index.at(1)
    for part in range(2):
        source.put("a1", f"d{part}", f"parte{part}.md", articles(part, " (nova)"))
    index.at(2)
    index.close()
    assert background.wait(60)

    again = AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies).at(2)

    assert len(held(again)) == ROWS


def test_tasks_come_one_after_the_other_and_never_twice_at_once(background: BackgroundTasks) -> None:
    done: list[str] = []
    go_on = threading.Event()

    def wait() -> None:
        go_on.wait(60)
        done.append("a")

    background.submit("a", wait)
    for name in ("a", "b", "b"):
        background.submit(name, partial(done.append, name))
    go_on.set()

    assert background.wait(60)
    assert done == ["a", "b"]
    background.submit("a", lambda: done.append("again"))
    assert background.wait(60)
    assert done == ["a", "b", "again"]


def test_a_task_that_fails_is_logged_and_the_next_one_done(
    background: BackgroundTasks, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    background.submit("bad", fail)
    background.submit("good", lambda: done.append("good"))

    assert background.wait(60)
    assert done == ["good"]
    assert "ZeroDivisionError" in caplog.text


def test_the_end_of_the_service_ends_a_task_that_asks(
    background: BackgroundTasks, caplog: pytest.LogCaptureFixture
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        try:
            while True:
                background.check()
        except Stopped:
            ended.set()
            raise

    background.submit("endless", work)
    background.submit("never", lambda: pytest.fail("begun after the end"))
    assert begun.wait(60)
    background.close()

    assert ended.wait(60)
    background.submit("too late", lambda: pytest.fail("begun after the end"))
    assert background.wait(60)
    background.check()
    assert caplog.text == ""
