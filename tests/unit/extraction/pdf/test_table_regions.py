"""Where unruled tables start and end."""

import pytest

from tests.fakes.pdf_files import Place, lines
from tests.unit.extraction.pdf.reading import read

NAMES = ["Cidade", "Prazo", "Frete"]
ROWS = [["Santos", "3 dias", "10,50"], ["Recife", "9 dias", "32,00"], ["Natal", "8 dias", "29,90"]]
LINES = [f"Cidade: {city}; Prazo: {days}; Frete: {fee}" for city, days, fee in ROWS]


def places(rows: list[list[str]], height: float, top: float = 0) -> list[Place]:
    return [
        (60 + 120 * x, top + height * y, text) for y, row in enumerate(rows) for x, text in enumerate(row) if text
    ]


@pytest.mark.parametrize("height", [13, 30, 50])
def test_rows_may_be_far_apart(height: float) -> None:
    assert read(lines(places([NAMES, *ROWS], height))) == LINES


def test_an_empty_row_may_separate_names_and_data() -> None:
    assert read(lines([*places([NAMES], 16), *places(ROWS, 16, top=48)])) == LINES


def test_names_of_a_table_right_below_another_are_its_own() -> None:
    other = [["Produto", "Peso", "Preço"], ["Meia", "50", "9,90"], ["Boné", "90", "20,00"]]

    assert read(lines(places([NAMES, *ROWS, *other], 16))) == [
        *LINES,
        "Produto: Meia; Peso: 50; Preço: 9,90",
        "Produto: Boné; Peso: 90; Preço: 20,00",
    ]


def test_the_first_lines_of_a_name_that_wraps_may_be_alone() -> None:
    first = [(300.0, -24.0, "Valor médio"), (300.0, -12.0, "cobrado do")]

    assert read(lines([*first, *places([[*NAMES[:2], "cliente"], *ROWS], 16)])) == [
        line.replace("Frete", "Valor médio cobrado do cliente") for line in LINES
    ]


def test_lines_of_a_text_above_a_table_are_none_of_its_names() -> None:
    assert read(lines([(60, -14, "Preços de maio"), *places([NAMES, *ROWS], 16)])) == ["Preços de maio", *LINES]
