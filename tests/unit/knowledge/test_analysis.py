"""Question and text meet in the same terms, however they were typed."""

import pytest

from app.knowledge.analysis import PortugueseAnalyzer

ANALYZER = PortugueseAnalyzer()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("informacoes", "informações"),
        ("INFORMAÇÕES", "informações"),
        ("inscricao", "inscrição"),
        ("cafe\u0301", "café"),
        ("trocas", "troca"),
        ("entregamos", "entregam"),
        ("artigo 7", "Artigo 7º"),
        ("R$1444", "R$ 1.444,00"),
        ("dez por cento", "10%"),
        ("3mil", "três mil"),
    ],
)
def test_spellings_of_one_word_have_one_term(typed: str, written: str) -> None:
    assert ANALYZER.terms(typed) == ANALYZER.terms(written) != []


def test_an_outline_has_numbers_as_terms_do() -> None:
    assert " 1444 " in ANALYZER.outline("Fogão: R$ 1.444,00. Frete grátis.")


def test_words_that_say_nothing_are_left_out() -> None:
    assert ANALYZER.terms("Olá, gostaria de saber onde não é, por favor") == []


def test_stop_words_are_known_without_their_accents_too() -> None:
    assert ANALYZER.terms("voce nao esta ate so") == ANALYZER.terms("você não está até só") == []


def test_numbers_and_names_are_kept_in_order_with_repetitions() -> None:
    assert ANALYZER.terms("Art. 49, CNPJ 49") == ["art", "49", "cnpj", "49"]


@pytest.mark.parametrize("text", ["", "?!… —", "👍", "\x00", "\ud800"])
def test_text_without_words_has_no_terms(text: str) -> None:
    assert ANALYZER.terms(text) == []


def test_an_endless_word_is_no_term() -> None:
    assert ANALYZER.terms("a" * 10_000 + " prazo") == ANALYZER.terms("prazo")
