"""Running headers and footers are read once, page numbers never."""

import pytest

from tests.fakes.pdf_files import lines
from tests.unit.extraction.pdf.reading import read


def test_heads_and_feet_are_read_once_and_numbers_of_pages_never() -> None:
    pages = [
        [
            (60, 0, "Distribuidora Silva Ltda"),
            (400, 0, f"Página {number} de 3"),
            (60, 60, f"Capítulo {'ABC'[number - 1]}"),
            (60, 80, "Garantia: um ano"),
            (60, 726, "Telefone (13) 3222-1111"),
            (300, 740, f"- {number} -"),
        ]
        for number in (1, 2, 3)
    ]

    assert read(lines(*pages)) == [
        "Distribuidora Silva Ltda",
        *("Capítulo A", "Garantia: um ano", "Telefone (13) 3222-1111"),
        *("Capítulo B", "Garantia: um ano", "Capítulo C", "Garantia: um ano"),
    ]


@pytest.mark.parametrize("texts", [["Pedido 1", "Pedido 2"], ["R$ 50", "R$ 51"], ["2 kg", "3 kg"]])
def test_what_stands_at_the_foot_of_one_page_only_stays(texts: list[str]) -> None:
    pages = [[(60, 0, f"Folheto {'AB'[number]}"), (60, 700, text)] for number, text in enumerate(texts)]

    assert read(lines(*pages)) == ["Folheto A", texts[0], "Folheto B", texts[1]]
