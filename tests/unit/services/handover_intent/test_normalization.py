"""Sentences in the words of the vocabulary."""

import pytest

from app.services.handover_intent.normalization import Normalizer

NORMALIZER = Normalizer()


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Vc pode me transferir p/ uma pessoa de vdd?", ["posso", "me transfere", "para", "humano", "?"]),
        ("GOSTARIA de conversar com o gerente, por favor", ["quero", "falar com", "o", "gerente"]),
        ("qro flr c um atendnte", ["quero", "falar com", "atendente"]),
        ("quero falar muito urgente com alguéeeem", ["quero", "falar com", "alguem"]),
        ("é um robô", ["eh", "robo"]),
        ("me liga no (11) 99999-0000", ["me liga", "no", "numero"]),
        ("são 2 de 300", ["sao", "2", "de", "300"]),
        ("", []),
    ],
)
def test_words_and_phrases_become_those_that_stand_for_them(sentence: str, words: list[str]) -> None:
    assert NORMALIZER.words(sentence) == words


@pytest.mark.parametrize("word", ["quer", "pessoas", "humanos", "precisa", "falam", "vendedora"])
def test_words_of_their_own_are_no_slips(word: str) -> None:
    assert NORMALIZER.words(f"xyz {word}")[1] in {word, "gerente"}


def test_a_word_is_of_its_kind_and_of_the_kinds_above() -> None:
    assert list(NORMALIZER.kinds("humano")) == ["humano", "atendente", "alguem"]
    assert list(NORMALIZER.kinds("pedido")) == ["pedido"]
