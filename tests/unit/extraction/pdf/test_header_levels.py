"""Which columns the cells of header rows name."""

import pytest

from app.extraction.pdf.cells import Cell, CellRow
from app.extraction.pdf.header_levels import place_header_cells
from app.extraction.pdf.ruling_lines import NO_RULING_LINES, RulingLines
from app.extraction.pdf.text_spans import TextSpan

COLUMNS = [(0.0, 60.0), (100.0, 140.0), (160.0, 200.0), (220.0, 260.0), (280.0, 320.0), (340.0, 380.0)]
YEARS = [
    ("Cidade", 0, 60),
    *((year, left, right) for year, (left, right) in zip("12121", COLUMNS[1:], strict=True)),
]


def row(top: float, *cells: tuple[str, float, float]) -> CellRow:
    return [Cell(TextSpan(text, left, right, top, top + 10, 10, bold=False)) for text, left, right in cells]


def ranges(cells: list[CellRow], ruling: RulingLines = NO_RULING_LINES) -> list[tuple[int, int]]:
    return [columns for _, columns in place_header_cells(cells, COLUMNS, ruling)[0]]


@pytest.mark.parametrize(
    ("groups", "named"),
    [
        ([("Varejo", 130, 170), ("Atacado", 250, 290)], [(1, 2), (3, 4)]),
        ([("Varejo", 100, 140), ("Atacado", 220, 260)], [(1, 2), (3, 4)]),
        ([("Praça", 0, 40), ("Varejo", 130, 170), ("Atacado", 250, 290)], [(0, 0), (1, 2), (3, 4)]),
        ([("Resultado dos últimos anos", 100, 260)], [(1, 3)]),
    ],
    ids=["centred, without the last column", "at the left", "beside the first column", "as wide as its columns"],
)
def test_names_of_groups(groups: list[tuple[str, float, float]], named: list[tuple[int, int]]) -> None:
    assert ranges([row(0, *groups), row(20, *YEARS)]) == named


def test_the_first_line_of_a_name_that_wraps_names_one_column() -> None:
    lower = [("Cidade", 0, 60), ("de pedidos", 100, 140), ("Prazo", 160, 200), ("líquida", 220, 260)]

    assert ranges([row(0, ("Número", 100, 140), ("Receita", 220, 260)), row(12, *lower)]) == [(1, 1), (3, 3)]


def test_a_line_below_a_name_shows_its_columns() -> None:
    ruling = RulingLines([(11.0, 155.0, 265.0)], [])

    assert ranges([row(0, ("Varejo", 160, 200)), row(14, *YEARS)], ruling) == [(2, 3)]
