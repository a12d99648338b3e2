"""Titles, header rows and data are told apart, also where names are years, long, or on several levels."""

import pytest

from app.extraction.tables.header_rows import HeaderRows, TableRow, find_header_rows

LONG = "Valor médio cobrado dos clientes que compraram mais de uma vez no período considerado"
DATA = [["Santos", "12,5", "30"], ["Recife", "14,1", "28"], ["Natal", "-", "25"]]


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ([["Cidade", "1994", "1997"]], (0, ("Cidade", "1994", "1997"))),
        ([["", "2010/11", "2011/12 (a)"]], (0, ("", "2010/11", "2011/12 (a)"))),
        ([["Cidade", "Taxa", LONG]], (0, ("Cidade", "Taxa", LONG))),
        ([["Cidade", "Taxa", "Dias"], ["", "(%)", "úteis"]], (0, ("Cidade", "Taxa (%)", "Dias úteis"))),
        ([["", "Prazo", "Prazo"], ["Cidade", "2022", "2023"]], (0, ("Cidade", "Prazo 2022", "Prazo 2023"))),
        (
            [["", "Varejo", "Varejo"], ["", "Prazo", "Prazo"], ["Cidade", "2022", "2023"]],
            (0, ("Cidade", "Varejo Prazo 2022", "Varejo Prazo 2023")),
        ),
        ([["Cidade", "Taxa", "Dias"], ["Litoral", "", ""]], (0, ("Cidade", "Taxa", "Dias"))),
        ([["Cidade", "Taxa", "Dias"], ["(1)", "(2)", "(3)"]], (0, ("Cidade", "Taxa", "Dias"))),
        ([["Tabela 3. " + LONG, "", ""], ["Cidade", "Taxa", "Dias"]], (1, ("Cidade", "Taxa", "Dias"))),
        ([["Tabela 3. " + LONG] * 3, ["Cidade", "Taxa", "Dias"]], (1, ("Cidade", "Taxa", "Dias"))),
        ([], (0, ())),
        ([["Manaus", "9,1", "33"]], (0, ())),
    ],
)
def test_names_above_numbers(above: list[TableRow], expected: tuple[int, TableRow]) -> None:
    titles, _, header = find_header_rows([*above, *DATA])

    assert (titles, header) == expected


@pytest.mark.parametrize("row", [["Santos", "12,5", "30", "R$ 9"], ["Santos", "baixa", "poucos", "a combinar"]])
def test_two_texts_above_a_complete_header_of_many_columns_are_a_title(row: TableRow) -> None:
    header = ["Cidade", "Taxa", "Dias", "Valor"]
    rows = [["Filial Centro", "", "Maio", ""], header, row]

    assert find_header_rows(rows) == HeaderRows(1, 2, tuple(header))


def test_years_are_data_where_all_rows_have_them() -> None:
    rows = [["Loja", "Abertura", "Reforma"], ["Santos", "1998", "2010"], ["Recife", "2001", "2015"]]

    assert find_header_rows(rows).data == 1
    assert find_header_rows(rows[1:]).header == ()


def test_words_below_a_complete_header_are_data() -> None:
    rows = [
        ["Nome", "Cidade", "Valor"],
        ["Ana", "Santos", "isento"],
        ["Bia", "Recife", "10"],
        ["Caio", "Natal", "12"],
    ]

    assert find_header_rows(rows).data == 1
