"""Tables that continue on the next page, and tables below each other."""

import pytest

from tests.fakes.pdf_files import sheets, space, story, table
from tests.unit.extraction.pdf.reading import NAMED, PRICES, read


@pytest.mark.parametrize("repeat", [0, 1])
def test_a_table_goes_on_over_the_pages(repeat: int) -> None:
    rows = [PRICES[0], *([f"Produto {n}", f"R$ {n},00", "azul"] for n in range(120))]

    text = read(story(table(rows, repeat=repeat), page="Loja do João, telefone 0800 123 4567, página {}"))

    assert [line for line in text if line.startswith("Produto")] == [
        f"Produto: Produto {n}; Preço: R$ {n},00; Cor: azul" for n in range(120)
    ]
    assert sum("0800 123 4567" in line for line in text) == 1


def test_a_table_on_the_next_page_may_be_another_one() -> None:
    cities = [["Cidade", "Bairro", "Frete"], ["Santos", "Gonzaga", "R$ 10"], ["Guarujá", "Enseada", "R$ 20"]]
    facts = [["Telefone", "(13) 3222-1111"], ["Horário", "9h às 18h"]]

    assert read(sheets(cities, facts, widths=[140, 120, 80])) == [
        "Cidade: Santos; Bairro: Gonzaga; Frete: R$ 10",
        "Cidade: Guarujá; Bairro: Enseada; Frete: R$ 20",
        "Telefone: (13) 3222-1111",
        "Horário: 9h às 18h",
    ]


def test_a_row_may_go_on_in_the_next_page() -> None:
    names = ["Serviço", "Dias", "Valor"]
    top = [names, ["Serviço especial", "2", "R$ 20"], ["Serviço especial", "3", "R$ 30"]]
    below = [names, ["número 3", "", ""], ["Serviço comum", "4", "R$ 40"]]

    assert read(sheets(top, below, widths=[140, 60, 80], ruled=True)) == [
        "Serviço: Serviço especial; Dias: 2; Valor: R$ 20",
        "Serviço: Serviço especial número 3; Dias: 3; Valor: R$ 30",
        "Serviço: Serviço comum; Dias: 4; Valor: R$ 40",
    ]


def test_two_columns_are_named_where_the_second_has_prices() -> None:
    prices = story(table([["Produto", "Preço"], ["Meia", "R$ 9"], ["Boné", "R$ 20"]]))
    facts = story(table([["Telefone", "(13) 98859-3464"], ["Horário", "das 8 às 18 horas"]]))

    assert read(prices) == ["Produto: Meia; Preço: R$ 9", "Produto: Boné; Preço: R$ 20"]
    assert read(facts) == ["Telefone: (13) 98859-3464", "Horário: das 8 às 18 horas"]


def test_tables_one_below_the_other_keep_their_own_names() -> None:
    other = [["Cidade", "Prazo", "Frete"], ["Santos", "3 dias", "R$ 10"], ["São Paulo", "5 dias", "R$ 12"]]

    assert read(story(table(PRICES), space(), table(other), space(), table(PRICES, ruled=True))) == [
        *NAMED,
        "Cidade: Santos; Prazo: 3 dias; Frete: R$ 10",
        "Cidade: São Paulo; Prazo: 5 dias; Frete: R$ 12",
        *NAMED,
    ]
