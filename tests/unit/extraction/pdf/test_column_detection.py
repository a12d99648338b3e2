"""The columns of tables without ruling lines."""

import pytest

from tests.fakes.pdf_files import sheets
from tests.unit.extraction.pdf.reading import read


@pytest.mark.parametrize("ruled", [True, False])
def test_names_may_stand_at_the_left_and_numbers_at_the_right(ruled: bool) -> None:
    rows = [["Produto", "Unidade", "Preço", "Estoque"], *(["Lâmpada", "un", f"R$ {n}", f"{n}"] for n in range(5))]
    rows.append(["Luminária dourada", "un", "", "7"])

    assert read(sheets(rows, widths=[150, 60, 98, 70], ruled=ruled)) == [
        *(f"Produto: Lâmpada; Unidade: un; Preço: R$ {n}; Estoque: {n}" for n in range(5)),
        "Produto: Luminária dourada; Unidade: un; Estoque: 7",
    ]


def test_values_of_two_columns_may_stand_close_together() -> None:
    rows = [
        ["Cidade", "Frete", "Bairro", "Cor"],
        ["Santos", "R$ 10", "Gonzaga", "azul"],
        ["Peruíbe", "R$ 2", "Itatins"],
    ]

    assert read(sheets(rows, widths=[140, 120, 80, 60])) == [
        "Cidade: Santos; Frete: R$ 10; Bairro: Gonzaga; Cor: azul",
        "Cidade: Peruíbe; Frete: R$ 2; Bairro: Itatins",
    ]


def test_values_that_may_be_of_either_column_get_no_name() -> None:
    rows = [["Produto", "Preço", "Desconto"], *(["Lâmpada", f"R$ {n}", ""] for n in range(5))]

    assert read(sheets(rows, widths=[150, 98, 70])) == [f"Produto: Lâmpada; R$ {n}" for n in range(5)]


def test_two_columns_of_numbers_have_names() -> None:
    rows = [["Preço", "Estoque"], *([f"R$ {n}0.00", f"{n}"] for n in range(3))]

    assert read(sheets(rows, widths=[98, 70])) == [f"Preço: R$ {n}0.00; Estoque: {n}" for n in range(3)]
