"""Numbers written in one way."""

import time

import pytest

from app.knowledge.number_normalization import with_plain_numbers


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("R$1444", "1444 reais"),
        ("R$ 1.444,00", "1444 reais"),
        ("r$ 199,90", "199,90 reais"),
        ("cinco reais", "5 reais"),
        ("1.299", "1299"),
        ("1.234.567,00", "1234567"),
        ("3mil", "3000"),
        ("3k", "3000"),
        ("1,5K", "1500"),
        ("3 mil e 500", "3500"),
        ("1,5 mil", "1500"),
        ("R$ 2 milhões", "2000000 reais"),
        ("dois bilhões", "2000000000"),
        ("três mil", "3000"),
        ("TRES MIL E QUINHENTOS", "3500"),
        ("mil duzentos e trinta", "1230"),
        ("cento e vinte e cinco mil", "125000"),
        ("dois mil e dez", "2010"),
        ("vinte e uma parcelas", "21 parcelas"),
        ("10%", "10 porcento"),
        ("dez por cento", "10 porcento"),
        ("2x de 50", "2 vezes de 50"),
        ("duas vezes de cinquenta", "2 vezes de 50"),
        ("2 x de R$ 50,00", "2 vezes de 50 reais"),
        ("das 08h às 18 h", "das 8 horas às 18 horas"),
    ],
)
def test_spellings_of_one_number_become_one(written: str, plain: str) -> None:
    assert with_plain_numbers(written) == plain


@pytest.mark.parametrize("text", ["dois e três", "trinta e um e dois", "cinco ou seis", "vinte e dez", "duas três"])
def test_numbers_side_by_side_stay_several(text: str) -> None:
    assert len([word for word in with_plain_numbers(text).split() if word.isdigit()]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "um",
        "uma pessoa",
        "10x15 cm",
        "8h30",
        "3.5",
        "v1.299.1",
        "192.168.0.1",
        "milho",
        "dezembro",
        "por cento",
        "",
    ],
)
def test_what_is_no_such_number_stays(text: str) -> None:
    assert with_plain_numbers(text) == text


@pytest.mark.parametrize("repeated", ["1.111", "mil ", "dois e ", "1 ", ",0", "R$ ", "9,9", "vinte "])
def test_the_time_is_linear_in_the_length(repeated: str) -> None:
    started = time.process_time()
    with_plain_numbers((repeated * 100_000)[:100_000])

    assert time.process_time() - started < 10
