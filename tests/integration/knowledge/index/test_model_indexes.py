"""Another embedding model: the old index answers until the new one is complete, and is kept for the way back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.documents import Visibility
from app.knowledge.embedding import Embedder
from app.knowledge.index.model_indexes import folder_of
from app.knowledge.retriever import Retriever
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

AS_NEAR_AS_CAN_BE: Any = pytest.approx(1, abs=0.01)
OLD, NEW, NEWEST = HashingEmbedder(64), HashingEmbedder(96), HashingEmbedder(32)


class FakeEmbedders:
    """Models at hand, the last one being that of the settings."""

    def __init__(self, *embedders: Embedder) -> None:
        self._embedders = {embedder.model: embedder for embedder in embedders}
        self.current = embedders[-1]

    def by_model(self, model: str) -> Embedder | None:
        return self._embedders.get(model)


Start = Callable[..., Retriever]


@pytest.fixture
def source() -> FakeChunkSource:
    source = FakeChunkSource(OLD)
    source.put("a1", "d1", "frete.md", ["O frete é grátis.", "A entrega leva 2 dias."])
    source.put("a1", "d2", "trocas.md", ["Trocas em até 30 dias."])
    return source


@pytest.fixture
def start(source: FakeChunkSource, tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as closing:

        def start(*embedders: Embedder) -> Retriever:
            retriever = Retriever(source, FakeEmbedders(*embedders), tmp_path, 6000)
            closing.callback(retriever.close)
            return retriever

        yield start


def embed_anew(source: FakeChunkSource, *embedders: Embedder) -> None:
    """Have the documents' chunks under these models, as after an indexing by the new one."""
    source.embedders = list(embedders)
    source.put("a1", "d1", "frete.md", ["O frete é grátis.", "A entrega leva 2 dias."])
    source.put("a1", "d2", "trocas.md", ["Trocas em até 30 dias."])


def wait_for(event: threading.Event) -> None:
    event.wait(60)


def best(retriever: Retriever, version: int, question: str = "o frete é grátis") -> tuple[str, float | None]:
    found = retriever.search("a1", version, question)[0]
    return found.document_id, found.dense


def folders(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "a1").iterdir()}


def test_while_documents_are_embedded_anew_the_old_model_answers(source: FakeChunkSource, start: Start) -> None:
    start(OLD).refresh("a1", 1)
    source.serving = OLD.model
    retriever = start(OLD, NEW)

    assert best(retriever, 2) == ("d1", AS_NEAR_AS_CAN_BE)
    assert retriever.settle(60)


def test_the_new_index_is_built_while_the_old_one_answers(
    source: FakeChunkSource, start: Start, tmp_path: Path
) -> None:
    source.serving = OLD.model
    retriever = start(OLD, NEW)
    retriever.refresh("a1", 1)
    embed_anew(source, OLD, NEW)
    source.serving = NEW.model
    reading, go_on = threading.Event(), threading.Event()

    def hold_up() -> None:
        reading.set()
        go_on.wait(60)

    source.while_reading = hold_up
    assert best(retriever, 2) == ("d1", AS_NEAR_AS_CAN_BE)
    assert reading.wait(60)
    assert best(retriever, 2) == ("d1", AS_NEAR_AS_CAN_BE)
    assert folder_of(OLD.model) in folders(tmp_path)
    go_on.set()
    assert retriever.settle(60)

    embed_anew(source, NEW)
    assert best(retriever, 3) == ("d1", AS_NEAR_AS_CAN_BE)
    assert folders(tmp_path) == {folder_of(OLD.model), folder_of(NEW.model)}


def test_what_is_removed_or_hidden_meanwhile_is_not_found(source: FakeChunkSource, start: Start) -> None:
    source.serving = OLD.model
    retriever = start(OLD, NEW)
    retriever.refresh("a1", 1)
    embed_anew(source, NEW)
    source.serving = NEW.model
    go_on = threading.Event()
    source.while_reading = partial(wait_for, go_on)
    retriever.refresh("a1", 2)

    source.remove("a1", "d2")
    assert {one.document_id for one in retriever.search("a1", 3, "trocas e frete")} == {"d1"}
    source.show("a1", "d1", Visibility(enabled=False))
    assert retriever.search("a1", 4, "trocas e frete") == ()
    go_on.set()
    assert retriever.settle(60)
    assert retriever.search("a1", 4, "trocas e frete") == ()


def test_an_old_model_that_cannot_be_opened_leaves_the_words(source: FakeChunkSource, start: Start) -> None:
    start(OLD).refresh("a1", 1)
    source.serving = OLD.model
    retriever = start(NEW)

    (found, *_) = retriever.search("a1", 1, "o frete é grátis")

    assert found.document_id == "d1"
    assert found.lexical > 0.9


def test_after_a_restart_the_old_files_answer_until_the_new_ones_are_there(
    source: FakeChunkSource, start: Start
) -> None:
    start(OLD).refresh("a1", 1)
    embed_anew(source, NEW)
    go_on = threading.Event()
    source.while_reading = partial(wait_for, go_on)
    retriever = start(OLD, NEW)

    assert best(retriever, 1) == ("d1", AS_NEAR_AS_CAN_BE)
    go_on.set()
    assert retriever.settle(60)
    assert best(retriever, 1) == ("d1", AS_NEAR_AS_CAN_BE)


def test_going_back_reads_what_changed_only(source: FakeChunkSource, start: Start) -> None:
    start(OLD).refresh("a1", 1)
    embed_anew(source, OLD, NEW)
    forth = start(OLD, NEW)
    forth.refresh("a1", 2)
    assert forth.settle(60)
    source.put("a1", "d3", "garantia.md", ["A garantia é de um ano."])
    forth.refresh("a1", 3)
    source.chunks_read.clear()

    back = start(NEW, OLD)

    assert best(back, 3, "a garantia é de um ano") == ("d3", AS_NEAR_AS_CAN_BE)
    assert source.chunks_read == ["A garantia é de um ano."]


def test_folders_of_models_long_gone_are_removed(source: FakeChunkSource, start: Start, tmp_path: Path) -> None:
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "manifest.json").write_text("of an earlier release")
    for version, models in enumerate(([OLD], [OLD, NEW], [NEW, NEWEST]), 1):
        embed_anew(source, *models)
        retriever = start(*models)
        retriever.refresh("a1", version)
        assert retriever.settle(60)

    assert folders(tmp_path) == {folder_of(NEW.model), folder_of(NEWEST.model)}
    retriever.forget("a1")
    assert not (tmp_path / "a1").exists()


def test_a_build_that_fails_is_tried_again(
    source: FakeChunkSource, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    start(OLD).refresh("a1", 1)
    embed_anew(source, NEW)

    def fail() -> None:
        source.while_reading = lambda: None
        raise OSError("the disk is full")

    source.while_reading = fail
    retriever = start(OLD, NEW)
    for _ in range(2):
        assert best(retriever, 1)[0] == "d1"
        assert retriever.settle(60)

    assert "cannot be brought up to date" in caplog.text
    source.put("a1", "d3", "garantia.md", ["A garantia é de um ano."])
    assert best(retriever, 2, "a garantia é de um ano") == ("d3", AS_NEAR_AS_CAN_BE)


def test_a_model_whose_vectors_change_their_length_is_searched_by_words(
    source: FakeChunkSource, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    start(OLD).refresh("a1", 1)
    impostor = HashingEmbedder(16)
    impostor.model = OLD.model
    retriever = start(impostor)

    for _ in range(3):
        assert retriever.search("a1", 1, "o frete é grátis")[0].document_id == "d1"

    assert caplog.text.count("words alone") == 1


@pytest.mark.parametrize("model", ["intfloat/multilingual-e5-small", "../../etc", "", "modèle ☃", "x" * 500])
def test_a_folders_name_is_safe_whatever_the_model_is_called(model: str) -> None:
    name = folder_of(model)

    assert name == Path(name).name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(name) <= 49
    assert name != folder_of(model + "?")
