"""Questions find the passages of the right assistant, at the right version."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import ModelUnavailableError
from app.knowledge.embedding import ModelRegistry
from app.knowledge.embedding.embedder import Vector
from app.knowledge.retriever import Retriever
from tests.fakes.chunk_source import FakeChunkSource
from tests.fakes.embedder import HashingEmbedder

ROOM_FOR_TWO = 700_000


@pytest.fixture
def source() -> FakeChunkSource:
    source = FakeChunkSource(HashingEmbedder())
    source.put("a1", "d1", "frete.md", ["O frete é grátis acima de R$ 199.", "A entrega leva 2 dias úteis."])
    source.put("a1", "d2", "trocas.md", ["Trocas em até 30 dias, com a etiqueta."])
    source.put("a2", "d3", "clinica.md", ["A consulta custa R$ 250."])
    return source


@pytest.fixture
def retriever(source: FakeChunkSource, tmp_path: Path) -> Iterator[Retriever]:
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path / "index", 6000)
    yield retriever
    retriever.close()


def test_the_best_document_comes_first(retriever: Retriever) -> None:
    best, *others = retriever.search("a1", 1, "quanto custa o frete?")

    assert (best.document_id, best.filename, best.position) == ("d1", "frete.md", 0)
    assert best.text == "O frete é grátis acima de R$ 199.\nA entrega leva 2 dias úteis."
    assert best.score > 0.3
    assert best.lexical > 0
    assert [passage.document_id for passage in others] == ["d2"]


def test_the_question_in_a_long_message_is_found(retriever: Retriever) -> None:
    chatter = "Ontem eu liguei três vezes e ninguém atendeu, fiquei meia hora na linha. " * 20
    alone = retriever.search("a1", 1, "Quanto custa afinal o frete?")

    assert retriever.search("a1", 1, f"{chatter}Quanto custa afinal o frete? {chatter}") == alone


def test_a_long_message_costs_no_more_than_its_part(source: FakeChunkSource, tmp_path: Path) -> None:
    class Recording(HashingEmbedder):
        asked: list[str] = []  # noqa: RUF012

        def embed_query(self, text: str) -> Vector:
            self.asked.append(text)
            return super().embed_query(text)

    embedder = Recording()
    retriever = Retriever(source, ModelRegistry(embedder), tmp_path / "other", 6000)
    embedder.asked.clear()

    for characters in (500, 1000, 4096):
        retriever.search("a1", 1, ("frete e entrega " * 300)[:characters])
    retriever.close()

    assert len(embedder.asked) == 3
    assert max(map(len, embedder.asked)) <= 450  # 400, with abbreviations written out


def test_assistants_know_only_their_own(retriever: Retriever) -> None:
    found = retriever.search("a2", 1, "quanto custa o frete?")

    assert [passage.document_id for passage in found] == ["d3"]


@pytest.mark.parametrize("question", ["", "?!…", "👍 —", "\x00", " \n"])
def test_a_question_without_words_finds_nothing(retriever: Retriever, question: str) -> None:
    assert retriever.search("a1", 1, question) == ()


@pytest.mark.parametrize(
    "question", ["frete " * 5000, "\ud800 frete", "onde é?", '\'"(frete)" AND IN', "frete\x00"]
)
def test_no_question_breaks_the_search(retriever: Retriever, question: str) -> None:
    assert retriever.search("a1", 1, question)


def test_while_the_embedding_server_is_down_words_have_to_do(
    source: FakeChunkSource, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Down(HashingEmbedder):
        def embed_query(self, text: str) -> Vector:
            raise ModelUnavailableError("The embedding server could not be reached.")

    retriever = Retriever(source, ModelRegistry(Down()), tmp_path / "index", 6000)

    best, *_ = retriever.search("a1", 1, "quanto custa o frete?")

    assert best.document_id == "d1"
    assert "words alone" in caplog.text
    retriever.close()


def test_an_assistant_without_documents_finds_nothing(retriever: Retriever, tmp_path: Path) -> None:
    assert retriever.search("a9", 1, "quanto custa o frete?") == ()
    assert not (tmp_path / "index" / "a9").exists()


def test_a_new_version_is_seen_at_once(retriever: Retriever, source: FakeChunkSource) -> None:
    retriever.search("a1", 1, "frete")
    source.put("a1", "d4", "garantia.md", ["A garantia é de um ano."])

    assert retriever.search("a1", 2, "qual a garantia?")[0].document_id == "d4"
    source.remove("a1", "d4")
    assert "d4" not in {passage.document_id for passage in retriever.search("a1", 3, "qual a garantia?")}


def test_refreshing_ahead_spares_the_question_the_work(retriever: Retriever, source: FakeChunkSource) -> None:
    retriever.refresh("a1", 1)
    source.documents_read.clear()

    retriever.refresh("a1", 1)
    assert retriever.search("a1", 1, "frete")
    assert source.documents_read == []


def test_the_index_folder_can_be_lost(source: FakeChunkSource, tmp_path: Path) -> None:
    def search() -> list[str]:
        retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path / "index", 6000)
        try:
            return [passage.text for passage in retriever.search("a1", 1, "frete e trocas")]
        finally:
            retriever.close()

    before = search()
    shutil.rmtree(tmp_path / "index")

    assert search() == before


def test_a_forgotten_assistant_leaves_no_files(
    retriever: Retriever, source: FakeChunkSource, tmp_path: Path
) -> None:
    retriever.refresh("a1", 1)
    retriever.refresh("a2", 1)
    source.remove("a1", "d1")
    source.remove("a1", "d2")

    retriever.forget("a1")
    retriever.forget("never seen")

    assert [path.name for path in (tmp_path / "index").iterdir()] == ["a2"]
    assert retriever.search("a1", 1, "frete") == ()
    assert retriever.search("a2", 1, "consulta")


def test_the_budget_of_characters_holds(source: FakeChunkSource, tmp_path: Path) -> None:
    source.put("a1", "d5", "longo.md", ["O frete é assim. " * 50] * 20)
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path / "small", 1500)

    found = retriever.search("a1", 1, "frete")

    assert 0 < sum(len(passage.text) for passage in found) <= 1500
    retriever.close()
    silent = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path / "small", 0)
    assert silent.search("a1", 1, "frete") == ()


def test_more_assistants_than_are_kept_open(source: FakeChunkSource, tmp_path: Path) -> None:
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path, 6000, memory_bytes=ROOM_FOR_TWO)
    names = ["b1", "b2", "b3", "b4"]
    for name in names:
        source.put(name, f"{name}-d", f"{name}.md", [f"Este é o frete de {name}."])
        retriever.refresh(name, 1)
    source.documents_read.clear()
    source.listed.clear()

    for name in reversed(names):
        assert retriever.search(name, 1, "frete")[0].filename == f"{name}.md"
    assert source.listed == ["b2", "b1"]
    assert source.documents_read == []
    retriever.close()


def test_indexes_stay_open_as_long_as_there_is_room(source: FakeChunkSource, tmp_path: Path) -> None:
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path, 6000, memory_bytes=5 * ROOM_FOR_TWO)
    names = [f"b{number}" for number in range(9)]

    for name in [*names, *names]:
        retriever.refresh(name, 1)

    assert source.listed == names


def test_a_hundred_indexes_are_open_at_most_however_small_they_are(source: FakeChunkSource, tmp_path: Path) -> None:
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path, 6000, memory_bytes=2**40)
    names = [f"b{number}" for number in range(101)]
    for name in [*names, *names[1:], names[0]]:
        retriever.refresh(name, 1)

    assert source.listed == [*names, names[0]]
    retriever.close()


def test_an_index_that_is_asked_for_may_take_more_than_all_may(source: FakeChunkSource, tmp_path: Path) -> None:
    retriever = Retriever(source, ModelRegistry(HashingEmbedder()), tmp_path, 6000, memory_bytes=1)

    for assistant_id in ("a1", "a1", "a2", "a1"):
        assert retriever.search(assistant_id, 1, "frete ou consulta")
    assert source.listed == ["a1", "a2", "a1"]
    retriever.close()


def test_searches_go_on_while_everything_is_closed(retriever: Retriever) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()

    def search() -> None:
        try:
            while not stop.is_set():
                assert retriever.search("a1", 1, "frete")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        retriever.close()
    stop.set()
    for thread in threads:
        thread.join(60)

    assert failures == []


@pytest.mark.parametrize(
    ("question", "document_id"),
    [
        ("R$1444", "R$ 1.444,00"),
        ("quanto é o de 1299?", "1.299"),
        ("tem por 3mil", "R$ 3.000"),
        ("qual tem 10%", "dez por cento"),
        ("o de R$ 1.200", "R$ 1.200,00"),
        ("o de 5 reais", "R$ 5,00"),
        ("qual é 2x de 50", "2 vezes de R$ 50,00"),
        ("o de mil e duzentos", "R$ 1.200,00"),
    ],
)
def test_numbers_are_found_however_they_are_written(tmp_path: Path, question: str, document_id: str) -> None:
    source = FakeChunkSource(HashingEmbedder(4096))
    others = ["R$ 1.440,00", "R$ 444,00", "1.300", "299", "R$ 30.000", "R$ 3,00", "cinco por cento", "12%"]
    others += ["R$ 15,00", "3 vezes de R$ 50,00", "2 vezes de R$ 70,00", "R$ 1.000,00", "R$ 200,00"]
    wanted = ["R$ 1.444,00", "1.299", "R$ 3.000", "dez por cento", "R$ 5,00"]
    wanted += ["2 vezes de R$ 50,00", "R$ 1.200,00"]
    for price in (*others, *wanted):
        source.put("a1", price, "precos.md", [f"Este modelo: {price}."])
    retriever = Retriever(source, ModelRegistry(HashingEmbedder(4096)), tmp_path, 6000)

    assert retriever.search("a1", 1, question)[0].document_id == document_id

    retriever.close()
