"""How words of messages are compared in a search."""

import pytest

from app.domain.search_words import Query, keys_of

LONG = "palavra " * 40


def test_keys_are_plain_and_cut_after_six_letters() -> None:
    assert keys_of("Qual é a PROMOÇÃO?", "Promoções: 50% até R$ 1200,00!") == ["qual", "promoc", "ate", "1200"]
    assert keys_of("é a R$ 5") == keys_of("") == keys_of("!!") == []
    assert len(keys_of(" ".join(f"p{number:05}" for number in range(300)))) == 200


@pytest.mark.parametrize(
    ("query", "text", "fits"),
    [
        ("joao", "Fala com o João", True),
        ("JOA\u0303O", "fala com o joão", True),
        ("entrega", "As ENTREGAS são grátis", True),
        ("entregas", "A entrega é grátis", False),
        ("praz", "Qual é o prazo?", False),
        ("prazo de entrega", "De quanto é o prazo da entrega?", True),
        ("prazo hoje", "Qual é o prazo?", False),
        ("5511988", "+5511988593464", True),
    ],
)
def test_all_words_have_to_be_there(query: str, text: str, fits: bool) -> None:
    assert Query(query).fits(text, "") is fits
    assert Query(query).fits("", text) is fits


def test_words_may_be_in_the_question_and_the_answer() -> None:
    assert Query("prazo dias").fits("Qual é o prazo?", "São dois dias.")


def test_a_snippet_shows_the_first_word_and_where_all_are() -> None:
    snippet = Query("PRAZO dias").snippet("O prazo é de 2 dias 👍 úteis, e o prazo vale.")

    assert snippet is not None
    assert snippet.text == "O prazo é de 2 dias 👍 úteis, e o prazo vale."
    assert [snippet.text.encode("utf-16-le")[2 * a : 2 * b].decode("utf-16-le") for a, b in snippet.places] == [
        *("prazo", "dias", "prazo"),
    ]


def test_a_snippet_of_a_long_text_is_cut_at_words() -> None:
    snippet = Query("prazo").snippet(f"{LONG}o prazo {LONG}")

    assert snippet is not None
    assert snippet.text.startswith("…palavra")
    assert snippet.text.endswith("…")
    assert len(snippet.text) < 210
    ((start, end),) = snippet.places
    assert snippet.text[start:end] == "prazo"
    assert Query("nada").snippet(LONG) is None


def test_a_text_without_blanks_is_cut_all_the_same() -> None:
    snippet = Query("prazo").snippet(f"{'x' * 300}.prazo.{'y' * 300}")

    assert snippet is not None
    assert [snippet.text[start:end] for start, end in snippet.places] == ["prazo"]
