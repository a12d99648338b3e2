"""An assistant's index follows the database, and is built anew when its files can't be trusted."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.index.assistant_index import AssistantIndex, ClosedError, IndexDependencies
from app.knowledge.index.background_tasks import BackgroundTasks
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

PROJECT = Path(__file__).resolve().parents[4]
NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def source(embedder: HashingEmbedder) -> FakeChunkSource:
    source = FakeChunkSource(embedder)
    source.put("a1", "d1", "frete.md", ["O frete é grátis.", "A entrega leva 2 dias."])
    source.put("a1", "d2", "trocas.md", [f"Trocas: artigo {number}." for number in range(8)])
    return source


@pytest.fixture
def dependencies(source: FakeChunkSource) -> Iterator[IndexDependencies]:
    dependencies = IndexDependencies(source, PortugueseAnalyzer(), BackgroundTasks())
    yield dependencies
    dependencies.background.close()


@pytest.fixture
def reopen(dependencies: IndexDependencies, tmp_path: Path) -> Callable[[], AssistantIndex]:
    return lambda: AssistantIndex("a1", tmp_path / "a1", HashingEmbedder().model, dependencies)


def texts(index: AssistantIndex, version: int) -> set[str]:
    """Every text the index holds at a version; both legs have to agree on the rows."""
    snapshot = index.at(version)
    if snapshot.words is None:
        return set()
    rows = {int(row) for held in snapshot.manifest for row in held.rows}
    allowed = snapshot.at(NOW).allowed
    found = snapshot.vectors.search(HashingEmbedder().embed_query("x"), 1000, allowed) if snapshot.vectors else {}
    assert set(found) == rows
    assert len(snapshot.words) == len(rows)
    return {row.stored.text for row in snapshot.words.rows(rows).values()}


def test_it_holds_what_the_database_has(reopen: Callable[[], AssistantIndex]) -> None:
    found = texts(reopen(), 1)

    assert len(found) == 10
    assert "O frete é grátis." in found


def test_only_what_changed_is_read(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    index = reopen()
    index.at(1)
    source.documents_read.clear()

    source.put("a1", "d1", "frete.md", ["O frete custa R$ 20."])
    source.put("a1", "d3", "novo.md", ["Novidade."])

    assert texts(index, 2) >= {"O frete custa R$ 20.", "Novidade."}
    assert sorted(source.documents_read) == ["d1", "d3"]
    source.remove("a1", "d3")
    assert "Novidade." not in texts(index, 3)
    assert "O frete é grátis." not in texts(index, 3)


def test_a_known_version_is_not_looked_up(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    index = reopen()
    before = index.at(5)
    source.put("a1", "d3", "novo.md", ["Novidade."])

    assert index.at(5) is before
    assert index.at(4) is before
    assert "Novidade." in texts(index, 6)


def test_a_document_under_a_new_name_is_found_under_it(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    index = reopen()
    index.at(1)
    source.put("a1", "d1", "garantia.md", ["O frete é grátis."])

    snapshot = index.at(2)

    assert snapshot.words is not None
    assert snapshot.words.search(snapshot.words.question("garantia"), 5)


def test_an_assistant_without_documents_leaves_no_files(
    dependencies: IndexDependencies, source: FakeChunkSource, tmp_path: Path
) -> None:
    index = AssistantIndex("a2", tmp_path / "a2", HashingEmbedder().model, dependencies)

    assert texts(index, 1) == set()
    assert not (tmp_path / "a2").exists()
    source.put("a2", "d9", "x.md", ["Agora sim."])
    assert texts(index, 2) == {"Agora sim."}
    source.remove("a2", "d9")
    assert texts(index, 3) == set()


def test_the_files_bring_everything_back(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    before = texts(reopen(), 1)
    source.documents_read.clear()

    assert texts(reopen(), 1) == before
    assert source.documents_read == []


def test_what_changed_while_nobody_looked_is_caught_up(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    reopen().at(7)
    source.put("a1", "d1", "frete.md", ["O frete custa R$ 20."])
    source.documents_read.clear()

    assert "O frete custa R$ 20." in texts(reopen(), 1)
    assert source.documents_read == ["d1"]


def test_removed_rows_do_not_pile_up(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    index = reopen()
    for version in range(1, 12):
        source.put("a1", "d1", "frete.md", [f"O frete custa R$ {version}.", "A entrega leva 2 dias."])
        snapshot = index.at(version)
        assert snapshot.words is not None
        assert snapshot.words.removed <= 0.25 * len(snapshot.words) + 2


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGE: dict[str, Callable[[Path], object]] = {
    "manifest missing": lambda folder: (folder / "manifest").unlink(),
    "manifest cut": lambda folder: _cut(folder / "manifest"),
    "manifest garbage": lambda folder: (folder / "manifest").write_bytes(os.urandom(300)),
    "keys missing": lambda folder: (folder / "keys.u64").unlink(),
    "vectors missing": lambda folder: (folder / "vectors.faiss").unlink(),
    "vectors cut": lambda folder: _cut(folder / "vectors.faiss"),
    "vectors garbage": lambda folder: (folder / "vectors.faiss").write_bytes(os.urandom(500)),
    "words missing": lambda folder: shutil.rmtree(folder / "words"),
    "words meta garbage": lambda folder: (folder / "words" / "meta.json").write_text("garbage"),
    "words meta missing": lambda folder: (folder / "words" / "meta.json").unlink(),
    "words store cut": lambda folder: _cut(next((folder / "words").glob("*.store"))),
    "everything missing": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_files_are_built_anew(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource, tmp_path: Path, damage: str
) -> None:
    before = texts(reopen(), 1)
    DAMAGE[damage](tmp_path / "a1")
    source.documents_read.clear()

    assert texts(reopen(), 1) == before
    assert sorted(source.documents_read) == ["d1", "d2"]
    source.documents_read.clear()
    assert texts(reopen(), 1) == before
    assert source.documents_read == []


@pytest.mark.parametrize("place", [0, 1, 2], ids=["format", "analysis", "model"])
def test_files_of_another_make_are_built_anew(
    source: FakeChunkSource, tmp_path: Path, reopen: Callable[[], AssistantIndex], place: int
) -> None:
    reopen().at(1)
    manifest = tmp_path / "a1" / "manifest"
    header, _, rest = manifest.read_bytes().partition(b"\n")
    content = json.loads(header)
    content["made_by"][place] = "another"
    manifest.write_bytes(json.dumps(content).encode() + b"\n" + rest)
    source.documents_read.clear()

    assert len(texts(reopen(), 1)) == 10
    assert sorted(source.documents_read) == ["d1", "d2"]


def test_a_document_replaced_while_it_is_read_is_read_again(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    def replace_once() -> None:
        if source.documents_read.count("d2") == 1 and len(source.documents_read) > 1:
            source.while_reading = lambda: None
            source.put("a1", "d2", "trocas.md", ["Trocas: tudo novo.", "Trocas: de novo."])

    source.while_reading = replace_once

    found = texts(reopen(), 1)

    assert found == {"O frete é grátis.", "A entrega leva 2 dias.", "Trocas: tudo novo.", "Trocas: de novo."}


def test_a_failure_in_the_middle_keeps_the_old_state_and_is_made_up_for(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    index = reopen()
    before = texts(index, 1)
    source.put("a1", "d3", "novo.md", ["Novidade."])

    def fail() -> None:
        raise OSError("the disk is full")

    source.while_reading = fail
    with pytest.raises(UnavailableError):
        index.at(2)

    assert texts(index, 1) == before
    source.while_reading = lambda: None
    assert texts(index, 2) == before | {"Novidade."}


def test_files_are_not_trusted_after_a_change_was_cut_off(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource, tmp_path: Path
) -> None:
    index = reopen()
    before = texts(index, 1)
    source.put("a1", "d3", "novo.md", ["Novidade."])
    (tmp_path / "a1" / "manifest.new").mkdir()  # in the way of the file

    with pytest.raises(UnavailableError):
        index.at(2)

    assert not (tmp_path / "a1" / "manifest").exists()
    assert texts(index, 1) == before
    (tmp_path / "a1" / "manifest.new").rmdir()
    assert texts(index, 2) == texts(reopen(), 1) == before | {"Novidade."}


def test_others_search_the_old_state_during_a_long_change(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    index = reopen()
    before = texts(index, 1)
    source.put("a1", "d3", "novo.md", ["Novidade."])
    reading, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reading.set()
        go_on.wait(60)

    source.while_reading = wait
    changing = threading.Thread(target=index.at, args=(2,))
    changing.start()
    assert reading.wait(60)

    assert texts(index, 1) == before
    assert texts(index, 2) == before
    assert not index.close()
    go_on.set()
    changing.join(60)
    assert texts(index, 2) == before | {"Novidade."}


def test_many_threads_see_the_old_or_the_new_and_never_neither(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    index = reopen()
    index.at(0)
    latest = [0]
    seen: list[tuple[int, set[str]]] = []
    failures: list[BaseException] = []

    def search() -> None:
        try:
            while latest[0] < 8:
                asked_for = latest[0]
                snapshot = index.at(asked_for)
                assert snapshot.words is not None
                rows = snapshot.words.search(snapshot.words.question("frete"), 10)
                seen.append((asked_for, {row.stored.text for row in snapshot.words.rows(rows).values()}))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for version in range(1, 9):
        source.put("a1", "d1", "frete.md", [f"O frete custa {version}.", "A entrega leva 2 dias."])
        index.at(version)
        latest[0] = version
    for thread in threads:
        thread.join(60)

    assert failures == []
    for asked_for, found in seen:
        prices = {int(text.split()[-1][:-1]) for text in found if text.startswith("O frete custa")}
        assert found
        assert all(price >= asked_for for price in prices)
        assert prices or asked_for == 0


def test_two_indexes_on_one_folder_do_not_corrupt_it(
    reopen: Callable[[], AssistantIndex], source: FakeChunkSource
) -> None:
    first, second = reopen(), reopen()
    first.at(1)
    second.at(1)
    source.put("a1", "d3", "novo.md", ["Novidade."])

    assert "Novidade." in texts(first, 2)
    assert "Novidade." in texts(second, 2)
    source.remove("a1", "d3")
    assert len(texts(first, 3)) == len(texts(second, 3)) == len(texts(reopen(), 3)) == 10


def test_a_folder_in_use_is_a_clear_error(reopen: Callable[[], AssistantIndex], source: FakeChunkSource) -> None:
    first, second = reopen(), reopen()
    errors: list[str] = []

    def change_the_other() -> None:
        source.while_reading = lambda: None
        with pytest.raises(UnavailableError, match="another process") as caught:
            second.at(1)
        errors.append(caught.value.message)

    source.while_reading = change_the_other

    assert len(texts(first, 1)) == 10
    assert len(errors) == 1
    assert len(texts(second, 1)) == 10


def test_closed_is_closed(reopen: Callable[[], AssistantIndex], tmp_path: Path) -> None:
    index = reopen()
    index.at(1)

    assert index.close()
    with pytest.raises(ClosedError):
        index.at(1)
    assert (tmp_path / "a1" / "manifest").exists()
    index.destroy()
    assert not (tmp_path / "a1").exists()


CHANGE_FOR_EVER = """
import sys
from pathlib import Path
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.index.assistant_index import AssistantIndex, IndexDependencies
from app.knowledge.index.background_tasks import BackgroundTasks
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

embedder = HashingEmbedder()
source = FakeChunkSource(embedder)
source.put("a1", "d1", "frete.md", ["O frete é grátis.", "A entrega leva 2 dias."])
dependencies = IndexDependencies(source, PortugueseAnalyzer(), BackgroundTasks())
index = AssistantIndex("a1", Path(sys.argv[1]), embedder.model, dependencies)
index.at(0)
for version in range(1, 1_000_000):
    source.put("a1", "d2", "trocas.md", [f"Trocas: versão {version}, artigo {number}." for number in range(40)])
    index.at(version)
    print(version, flush=True)
"""


@pytest.mark.parametrize("after_changes", [1, 4, 9])
def test_a_killed_process_leaves_nothing_that_is_trusted_wrongly(
    reopen: Callable[[], AssistantIndex], tmp_path: Path, after_changes: int
) -> None:
    command = [sys.executable, "-c", CHANGE_FOR_EVER, str(tmp_path / "a1")]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(after_changes):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)

    found = texts(reopen(), 1)

    assert len(found) == 10
    assert not any("versão" in text for text in found)
