"""Words are found by BM25 on a scale from 0 to about 1; changes are seen whole or not at all."""

import math
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.domain.errors import UnavailableError
from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.lexical import LexicalIndex, LexicalSearcher, StoredText
from app.knowledge.match_features import match_features

TEXTS = {
    10: "O frete para o Norte custa R$ 20,00.",
    11: "Trocas são aceitas em até 30 dias.",
    12: "O telefone é 3222-4455.",
    20: "Informações sobre inscrição e matrícula.",
}


def open_index(folder: Path) -> LexicalIndex:
    return LexicalIndex(folder, PortugueseAnalyzer())


def fill(index: LexicalIndex, texts: Mapping[int, str], title: str = "rag", heading: str = "") -> None:
    with index.change() as writer:
        for row, text in texts.items():
            writer.add(row, f"d{row // 10}", title, StoredText(heading, text))
        writer.commit()


def search(searcher: LexicalSearcher, question: str, limit: int) -> dict[int, float]:
    return searcher.search(searcher.question(question), limit)


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    index = open_index(tmp_path / "words")
    fill(index, TEXTS)
    return index


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("quanto custa o frete?", 10),
        ("TROCA", 11),
        ("informacao inscricao", 20),
        ("tele\u0301fone telefones", 12),
        ("3222", 12),
    ],
)
def test_rows_are_found_by_their_words(index: LexicalIndex, question: str, row: int) -> None:
    found = search(index.searcher(), question, 10)

    assert next(iter(found)) == row


@pytest.mark.parametrize(
    "question",
    ["", "?!", "onde é", "\x00", "\ud800", 'IN "frete', "a AND (OR] NOT", "text:frete^2 ~ * \\"],
)
def test_no_question_breaks_the_search(index: LexicalIndex, question: str) -> None:
    assert set(search(index.searcher(), question, 10)) <= {10}


def test_a_row_with_every_word_once_scores_about_one(tmp_path: Path) -> None:
    index = open_index(tmp_path / "one")
    fill(index, {0: "prazo entrega norte"}, title="")

    scores = [search(index.searcher(), question, 1)[0] for question in ("prazo entrega", "entrega de ontem")]

    assert scores == pytest.approx([1.0, 0.5])


def test_a_score_is_bm25_over_the_sum_of_idf(tmp_path: Path) -> None:
    index = open_index(tmp_path / "bm25")
    fill(index, {0: "frete frete norte", 1: "frete sul", 2: "troca norte leste oeste"}, title="")

    found = search(index.searcher(), "frete norte ausente", 10)

    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    rarest = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 3 / 3)
    expected = idf * (2 * 2.2 / (2 + norm) + 1 * 2.2 / (1 + norm)) / (2 * idf + rarest)
    assert found[0] == pytest.approx(expected, rel=1e-5)
    assert list(found) == [0, 1, 2] or list(found) == [0, 2, 1]


def test_title_and_heading_are_searched_too(tmp_path: Path) -> None:
    index = open_index(tmp_path / "titles")
    fill(index, {0: "São 7 dias."}, title="politica_de_devolucao", heading="Prazos > Arrependimento")

    assert set(search(index.searcher(), "devolução", 5)) == {0}
    assert set(search(index.searcher(), "arrependimentos", 5)) == {0}


def test_an_endless_question_is_bounded(index: LexicalIndex) -> None:
    question = "frete " + " ".join(f"palavra{number}" for number in range(5000))

    assert set(search(index.searcher(), question, 10)) == {10}


def test_texts_come_back_as_they_were(tmp_path: Path) -> None:
    index = open_index(tmp_path / "texts")
    text = "Café\tcom açúcar\n- não: R$ 5,00 👍 cafe\u0301"
    fill(index, {5: text, 6: "outro"}, heading="A > Ç")

    found = index.searcher().rows([6, 5, 99])

    assert {row: one.stored for row, one in found.items()} == {
        5: StoredText("A > Ç", text),
        6: StoredText("A > Ç", "outro"),
    }
    assert index.searcher().rows([]) == {}


def test_removing_a_document_removes_its_rows_only(index: LexicalIndex) -> None:
    with index.change() as writer:
        writer.remove("d1")
        writer.commit()

    searcher = index.searcher()
    assert len(searcher) == 1
    assert searcher.removed == 3
    assert search(searcher, "frete troca telefone", 10) == {}


def test_a_searcher_keeps_its_state(index: LexicalIndex) -> None:
    before = index.searcher()
    with index.change() as writer:
        writer.clear()
        writer.commit()

    assert len(index.searcher()) == 0
    assert set(search(before, "frete", 10)) == {10}
    assert before.rows([10])[10].stored.text == TEXTS[10]


def test_a_change_that_fails_leaves_nothing(index: LexicalIndex) -> None:
    def fail() -> None:
        with index.change() as writer:
            writer.clear()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert len(index.searcher()) == len(TEXTS)
    with index.change() as writer:
        writer.commit()
    assert len(index.searcher()) == len(TEXTS)


def test_a_second_writer_is_refused_and_not_kept_waiting(index: LexicalIndex, tmp_path: Path) -> None:
    other = open_index(tmp_path / "words")

    with index.change(), pytest.raises(UnavailableError, match="another process"), other.change():
        pass

    fill(other, {30: "agora sim"})
    assert set(search(index.searcher(), "agora", 5)) == {30}


def test_a_folder_brings_everything_back(index: LexicalIndex, tmp_path: Path) -> None:
    again = open_index(tmp_path / "words").searcher()

    assert search(again, "frete", 5) == search(index.searcher(), "frete", 5)


@pytest.mark.parametrize("file", ["meta.json", ".term", ".store", ".idx", ".fast"])
@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_a_damaged_folder_is_refused(index: LexicalIndex, tmp_path: Path, file: str, damage: str) -> None:
    (path,) = (path for path in (tmp_path / "words").iterdir() if path.name.endswith(file))
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size // 2] if damage == "cut" else os.urandom(size))

    with pytest.raises(ValueError, match="not a readable"):
        open_index(tmp_path / "words")


@pytest.mark.parametrize("question", ["quanto custa o fretr?", "quanto custa o rfete?", "quanto custa o frte?"])
def test_a_word_that_no_row_has_is_taken_for_the_one_it_was_meant_to_be(index: LexicalIndex, question: str) -> None:
    assert next(iter(search(index.searcher(), question, 10))) == 10


def test_chat_spelling_costs_nothing(index: LexicalIndex) -> None:
    searcher = index.searcher()

    assert searcher.question("vc sabe qto custa o frete hj?").idf == searcher.question("custa frete hoje sabe").idf


def test_match_features_are_of_the_chunk_and_its_title(tmp_path: Path) -> None:
    index = open_index(tmp_path / "features")
    fill(
        index,
        {0: "O prazo de entrega é de 5 dias.", 1: "Entrega.\nOutra coisa.\nMais outra.\nO prazo."},
        title="loja",
    )
    searcher = index.searcher()

    question = searcher.question("Qual é o prazo de entrega da loja?")
    found = {row: match_features(question, one.outline) for row, one in searcher.rows([0, 1]).items()}

    assert found[0].coverage == found[1].coverage == pytest.approx(1)
    assert found[0].together > found[1].together
    assert found[0].pairs > found[1].pairs


def test_only_so_many_unknown_words_are_corrected(index: LexicalIndex) -> None:
    unknown = " ".join(f"xyzw{letter}" for letter in "abcdefg")

    corrected = index.searcher().question(f"{unknown} frtee")
    left_alone = index.searcher().question(f"{unknown} xyzwh frtee")

    assert "fret" in corrected.idf
    assert "fret" not in left_alone.idf
