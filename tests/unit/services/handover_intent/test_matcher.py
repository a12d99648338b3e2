"""What the examples say of a message's sentences."""

import pytest

from app.services.handover_intent.matcher import Matcher, Reading
from app.services.handover_intent.normalization import Normalizer

NORMALIZER = Normalizer()
MATCHER = Matcher(NORMALIZER)


def read(*sentences: str) -> Reading:
    return MATCHER.read([NORMALIZER.words(sentence) for sentence in sentences])


def test_an_example_fits_wherever_it_stands_in_a_sentence() -> None:
    assert read("oi, quero falar com atendente agora") == Reading("quero falar com", is_denied=False)


def test_words_may_stand_in_the_gap_of_an_example() -> None:
    assert read("quero falar do meu pedido com um atendente").example == "quero falar … com alguém"


def test_an_example_may_fit_two_sentences_and_no_three() -> None:
    assert read("você não entende", "quero uma pessoa").example == "não adianta. … quero alguém."
    assert read("você não entende", "que horas abre", "quero uma pessoa").example is None


@pytest.mark.parametrize("sentence", ["não quero atendente", "se não der, quero falar com o gerente"])
def test_a_longer_example_that_does_not_ask_denies(sentence: str) -> None:
    assert read(sentence) == Reading(None, is_denied=True)


def test_a_sentence_that_withdraws_denies_whatever_the_others_say() -> None:
    assert read("quero falar com um atendente", "deixa pra lá") == Reading(None, is_denied=True)


def test_a_request_in_another_sentence_counts_all_the_same() -> None:
    assert read("não quero robô aspirador", "chama o gerente").example == "chama gerente"


@pytest.mark.parametrize("sentence", ["qual o preço", "", "um humano usa quantos litros"])
def test_of_anything_else_the_examples_say_nothing(sentence: str) -> None:
    assert read(sentence) == Reading(None, is_denied=False)
