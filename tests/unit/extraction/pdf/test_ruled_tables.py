"""Ruling lines decide which row and column a text is in."""

from tests.fakes.pdf_files import paragraph, story, table
from tests.unit.extraction.pdf.reading import read


def test_names_may_be_grouped_and_cells_of_the_same_table_wrap() -> None:
    rows = [
        ["Plano", "Preço", "", "Fidelidade"],
        ["", "Mensal", "Anual", ""],
        ["Básico", "R$ 89,90", "R$ 899,00", "nenhuma"],
        ["Premium", "R$ 149,90", "R$ 1.499,00", "12 meses, com renovação\nautomática após o vencimento"],
    ]
    merged = [((0, 0), (0, 1)), ((1, 0), (2, 0)), ((3, 0), (3, 1))]

    assert read(story(table(rows, ruled=True, merged=merged))) == [
        "Plano: Básico; Preço Mensal: R$ 89,90; Preço Anual: R$ 899,00; Fidelidade: nenhuma",
        "Plano: Premium; Preço Mensal: R$ 149,90; Preço Anual: R$ 1.499,00; "
        "Fidelidade: 12 meses, com renovação automática após o vencimento",
    ]


def test_cells_that_reach_down_are_said_in_each_row_and_titles_by_themselves() -> None:
    rows = [
        ["Categoria", "Serviço", "Preço"],
        ["Cabelo", "Corte", "R$ 80"],
        ["", "Escova", "R$ 250"],
        ["Promoções da semana", "", ""],
        ["Unhas", "Manicure", "R$ 35"],
    ]

    assert read(story(table(rows, ruled=True, merged=[((0, 1), (0, 2)), ((0, 3), (2, 3))]))) == [
        "Categoria: Cabelo; Serviço: Corte; Preço: R$ 80",
        "Categoria: Cabelo; Serviço: Escova; Preço: R$ 250",
        "Promoções da semana",
        "Categoria: Unhas; Serviço: Manicure; Preço: R$ 35",
    ]


def test_rows_may_have_lines_below_the_names_only() -> None:
    two = [["Produto", "Preço", "Cor"], ["Meia\nBoné", "R$ 9\nR$ 20", "azul\npreto"]]
    three = [["Item", "Vale"], ["um par\ndois\ntrês", "uma hora\num dia\num mês"]]

    assert read(story(table(two, ruled=True))) == [
        "Produto: Meia; Preço: R$ 9; Cor: azul",
        "Produto: Boné; Preço: R$ 20; Cor: preto",
    ]
    assert read(story(table(three, ruled=True)))[1:] == ["um par: uma hora", "dois: um dia", "três: um mês"]


def test_a_cell_full_of_text_costs_no_names() -> None:
    long = [f"linha {number} do texto" for number in range(20)]
    rows = [
        ["Produto", "Detalhes", "Cor"],
        ["Meia", paragraph("<br/>".join(long)), "azul"],
        ["Boné", "curto", "preto"],
        ["Luva", "curta", "bege"],
    ]

    assert read(story(table(rows, ruled=True, widths=[100, 200, 80]))) == [
        f"Produto: Meia; Detalhes: {' '.join(long)}; Cor: azul",
        "Produto: Boné; Detalhes: curto; Cor: preto",
        "Produto: Luva; Detalhes: curta; Cor: bege",
    ]


def test_a_table_in_a_cell_is_said_in_its_row() -> None:
    sizes = [["Tamanho", "Preço"], ["P", "R$ 10"], ["G", "R$ 12"]]
    rows = [["Produto", "Detalhes", "Cor"], ["Meia", table(sizes, ruled=True), "azul"], ["Boné", "único", "preto"]]

    assert read(story(table(rows, ruled=True), paragraph("Fim da tabela."))) == [
        "Produto: Meia; Detalhes: Tamanho: P, Preço: R$ 10; Tamanho: G, Preço: R$ 12; Cor: azul",
        "Produto: Boné; Detalhes: único; Cor: preto",
        "Fim da tabela.",
    ]


def test_a_table_that_fills_its_cell_adds_no_names_to_the_other_columns() -> None:
    sizes = table([["Tamanho", "Preço"], ["P", "R$ 10"]], ruled=True)
    padding = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]

    assert read(story(table([["Produto", "Detalhes", "Cor"], ["Meia", sizes, "azul"]], ruled=True, style=padding)))[
        1:
    ] == ["Produto: Meia; Detalhes: P; Detalhes: R$ 10; Cor: azul"]


def test_tables_whose_grids_touch_keep_their_own_names() -> None:
    fees = [["Cidade", "Dias", "Frete"], ["Santos", "3", "10,50"], ["Recife", "9", "32,00"]]
    prices = [["Produto", "Peso", "Preço"], ["Meia", "50", "9,90"], ["Boné", "90", "20,00"]]

    assert read(story(table(fees, ruled=True, widths=[90] * 3), table(prices, ruled=True, widths=[90] * 3))) == [
        *(f"Cidade: {city}; Dias: {days}; Frete: {fee}" for city, days, fee in fees[1:]),
        *(f"Produto: {product}; Peso: {weight}; Preço: {price}" for product, weight, price in prices[1:]),
    ]
