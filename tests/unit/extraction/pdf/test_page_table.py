"""Tables keep the names of their columns, with cells that are empty or wrap."""

import pytest

from tests.fakes.pdf_files import lines, paragraph, story, table
from tests.unit.extraction.pdf.reading import LONG, NAMED, PRICES, read


@pytest.mark.parametrize("ruled", [True, False])
def test_rows_of_a_table_keep_the_names_of_its_columns(ruled: bool) -> None:
    assert read(story(paragraph("Preços", "Heading1"), table(PRICES, ruled=ruled), paragraph(LONG)))[:3] == [
        "# Preços",
        *NAMED,
    ]


@pytest.mark.parametrize(
    "style",
    [
        [("LINEBELOW", (0, 1), (-1, -1), 0.5, "#999999")],
        [("BACKGROUND", (0, row), (-1, row), "#dddddd") for row in (2, 4)],
    ],
)
def test_rows_below_names_that_no_line_parts_from_them(style: list[tuple[object, ...]]) -> None:
    rows = [*PRICES, ["Meia", "R$ 9", "preta"], ["Cinto", "R$ 40", "preto"]]

    assert read(story(table(rows, style=style))) == [
        *NAMED,
        "Produto: Meia; Preço: R$ 9; Cor: preta",
        "Produto: Cinto; Preço: R$ 40; Cor: preto",
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_cells_may_be_empty(ruled: bool) -> None:
    rows = [PRICES[0], ["Boné", "", "preto"], ["Meia", "R$ 9", ""], ["", "R$ 7", "branca"], ["Luva", "", ""]]

    assert read(story(table([*rows, ["Cinto", "R$ 40", "preto"]], ruled=ruled))) == [
        "Produto: Boné; Cor: preto",
        "Produto: Meia; Preço: R$ 9",
        "Preço: R$ 7; Cor: branca",
        "Luva",
        "Produto: Cinto; Preço: R$ 40; Cor: preto",
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_cells_may_wrap_over_several_lines(ruled: bool) -> None:
    rows = [
        ["Produto", "Descrição", "Preço"],
        [paragraph("Camiseta de algodão penteado"), paragraph("Boa para o verão e também para o inverno"), "R$ 50"],
        ["Calça", paragraph("Jeans azul escuro de corte bem reto"), "R$ 80"],
    ]

    assert read(story(table(rows, ruled=ruled, widths=[80, 120, 60]))) == [
        "Produto: Camiseta de algodão penteado; Descrição: Boa para o verão e também para o inverno; Preço: R$ 50",
        "Produto: Calça; Descrição: Jeans azul escuro de corte bem reto; Preço: R$ 80",
    ]


def test_wrapped_cells_may_be_drawn_line_by_line() -> None:
    places = [(60, 0, "Produto"), (250, 0, "Descrição"), (450, 0, "Preço")]
    for row in range(3):
        top = 30 + 40 * row
        places += [(60, top, f"Camisa {row}"), (250, top, "Algodão fino,"), (450, top, f"R$ {row}0")]
        places += [(250, top + 12, "lavável")]

    assert read(lines(places)) == [
        f"Produto: Camisa {row}; Descrição: Algodão fino, lavável; Preço: R$ {row}0" for row in range(3)
    ]
