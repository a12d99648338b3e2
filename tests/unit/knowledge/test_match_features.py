"""What a chunk's words say about a question."""

import pytest

from app.knowledge.analysis import PortugueseAnalyzer
from app.knowledge.match_features import MatchFeatures, QuestionTerms, match_features

ANALYZER = PortugueseAnalyzer()


def about(question: str, text: str, **idf: float) -> MatchFeatures:
    """The match_features of a text; each content word of the question has an idf of 1 unless told."""
    weights = {ANALYZER.terms(word)[0]: value for word, value in idf.items()}
    terms = {term: weights.get(term, 1.0) for term in ANALYZER.terms(question)}
    return match_features(QuestionTerms(terms, ANALYZER.sequence(question)), ANALYZER.outline(text))


def test_all_of_it_is_one() -> None:
    assert about("prazo de entrega", "O prazo de entrega é curto.") == pytest.approx(MatchFeatures(1, 1, 1))


def test_nothing_of_it_is_none() -> None:
    assert about("prazo de entrega", "Trocas em trinta dias.") == MatchFeatures(0, 0, 0)
    assert about("", "Trocas.") == MatchFeatures(0, 0, 0)
    assert about("trocas", "") == MatchFeatures(0, 0, 0)


def test_rare_words_count_more() -> None:
    assert about("entrega expressa", "Entrega.", entrega=1, expressa=3).coverage == pytest.approx(0.1)


def test_words_of_two_sentences_in_a_row_are_together() -> None:
    near = about("prazo entrega", "O prazo é curto. A entrega é nossa. E nada mais.")
    far = about("prazo entrega", "O prazo é curto. E nada mais. A entrega é nossa.")

    assert (near.together, far.together) == (1, 0.5)
    assert near.coverage == far.coverage == 1


def test_neighbours_count_as_they_stand_within_one_sentence() -> None:
    assert about("prazo da entrega", "entrega da prazo").pairs == 0
    assert about("prazo da entrega", "O prazo da entrega").pairs == 1
    assert about("prazo entrega", "O prazo. Entrega grátis.").pairs == 0
