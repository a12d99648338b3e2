"""Drawing order tells text columns from tables."""

import pytest

from tests.fakes.pdf_files import lines
from tests.unit.extraction.pdf.reading import read


def test_a_table_may_be_drawn_column_by_column() -> None:
    columns = [["Produto", "Meia", "Boné", "Luva"], ["Preço", "R$ 9", "R$ 20", "R$ 15"]]
    places = [(60 + 200 * x, 14 * y, text) for x, column in enumerate(columns) for y, text in enumerate(column)]

    assert read(lines(places)) == [
        "Produto: Meia; Preço: R$ 9",
        "Produto: Boné; Preço: R$ 20",
        "Produto: Luva; Preço: R$ 15",
    ]


@pytest.mark.parametrize("order", ["column by column", "line by line"])
def test_columns_of_text_are_read_one_after_the_other(order: str) -> None:
    words = [f"palavra{n:02}" for n in range(120)]
    texts = [" ".join(words[start : start + 4]) for start in range(0, 120, 4)]
    left = [(50, 14 * n, text) for n, text in enumerate(texts[:15])]
    right = [(310, 14 * n, text) for n, text in enumerate(texts[15:])]
    mixed = [place for pair in zip(left, right, strict=True) for place in pair]

    text = read(lines([*left, *right] if order == "column by column" else mixed))

    assert " ".join(text).split() == words


@pytest.mark.parametrize("raised", [12, 6])
def test_a_name_that_wraps_may_start_above_the_others(raised: float) -> None:
    names = [
        (60, 0, "Produto"),
        (200, 0, "Cor"),
        (320, -raised, "Preço de"),
        (320, 12 - raised, "tabela"),
        (450, 0, "Peso"),
    ]
    rows = [["Meia", "azul", "9,90", "50"], ["Boné", "preto", "20,00", "90"]]
    places = [
        (x, 24 + 16 * y, text)
        for y, row in enumerate(rows)
        for x, text in zip((60, 200, 320, 450), row, strict=True)
    ]

    assert read(lines([*names, *places])) == [
        f"Produto: {product}; Cor: {colour}; Preço de tabela: {price}; Peso: {weight}"
        for product, colour, price, weight in rows
    ]
