"""Whether a chunk answers a question."""

import pytest

from app.domain.documents import ScoredChunk
from app.services.evaluation.matching import KnownQuestion, answers, judge


def candidate(text: str, filename: str = "loja.md", *, heading: str = "", position: int = 0) -> ScoredChunk:
    return ScoredChunk("d1", filename, position, heading, text, 0.8, 0.5, 0.6125, used=True)


@pytest.mark.parametrize(
    "expected",
    ["5 dias úteis", "5 DIAS UTEIS", "5 dias, úteis!", " 5\n dias  úteis ", "uteis", "5 dias u\u0301teis"],
)
def test_a_text_is_found_whatever_its_case_accents_space_and_punctuation(expected: str) -> None:
    assert answers(candidate("O prazo é de **5 dias úteis**."), KnownQuestion(2, "?", expected))


@pytest.mark.parametrize("expected", ["5 dia", "15 dias úteis", "dias 5", "trocas"])
def test_a_text_is_found_as_whole_words_in_order(expected: str) -> None:
    assert not answers(candidate("O prazo é de 5 dias úteis."), KnownQuestion(2, "?", expected))


def test_a_text_may_stand_in_the_heading() -> None:
    assert answers(candidate("5 dias.", heading="Entrega > Prazo"), KnownQuestion(2, "?", "entrega prazo"))


@pytest.mark.parametrize(
    ("files", "text", "hit"),
    [
        (("loja.md",), "", True),
        (("outra.md", "LOJA.md"), "", True),
        (("outra.md",), "", False),
        (("loja.md",), "5 dias", True),
        (("loja.md",), "7 dias", False),
        (("outra.md",), "5 dias", False),
    ],
)
def test_file_and_text_have_to_fit_where_both_are_given(files: tuple[str, ...], text: str, hit: bool) -> None:
    assert answers(candidate("5 dias"), KnownQuestion(2, "?", text, files)) is hit


def test_accents_in_file_names_may_be_composed_or_not() -> None:
    assert answers(candidate("x", "Preço.pdf"), KnownQuestion(2, "?", "", ("prec\u0327o.pdf",)))


def test_the_rank_is_that_of_the_first_hit() -> None:
    known = KnownQuestion(2, "?", "5 dias")

    assert judge(known, [candidate("a"), candidate("5 dias"), candidate("5 dias")]).rank == 2
    assert judge(known, [candidate("a")]).rank is None
    assert judge(known, []).rank is None
