"""Slips of the finger in words that no document has."""

import pytest

from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.spelling import corrected

ANALYZER = PortugueseAnalyzer()
ROWS = {
    ANALYZER.terms(word)[0]: rows for word, rows in {"garantia": 3, "entrega": 9, "entregas": 9, "frete": 2}.items()
}


def meant(word: str) -> str | None:
    return corrected(word, ANALYZER, lambda term: ROWS.get(term, 0))


@pytest.mark.parametrize("word", ["garatia", "garanttia", "garnatia", "gsrantia", "agrantia"])
def test_one_slip_is_undone(word: str) -> None:
    assert meant(word) == ANALYZER.terms("garantia")[0]


@pytest.mark.parametrize("word", ["grntia", "gar", "garantia2", "x" * 200, "ornitorrinco"])
def test_what_is_further_away_stays(word: str) -> None:
    assert meant(word) is None


def test_of_several_the_one_that_most_rows_have_is_meant() -> None:
    rows = {ANALYZER.terms("casa")[0]: 2, ANALYZER.terms("cama")[0]: 5}

    assert corrected("cava", ANALYZER, lambda term: rows.get(term, 0)) == ANALYZER.terms("cama")[0]
