"""Rows of a table become lines that can be understood one by one."""

import pytest

from app.extraction.tables.lines import pairs_to_lines, rows_to_lines


def test_headers_alone_are_not_lost_and_sentences_are_no_headers() -> None:
    long = "Uma resposta comprida demais para ser o nome de uma coluna de tabela, não é?"

    assert list(rows_to_lines([["Produto", "Preço"], ["", ""]])) == ["Produto; Preço"]
    assert list(rows_to_lines([["Oi", long], ["Tchau", long]])) == [f"Oi; {long}", f"Tchau; {long}"]


@pytest.mark.parametrize(
    "header",
    [
        [["Plano", "Preço", "", "Prazo"], ["", "Mensal", "Anual", ""]],
        [["Plano", "Preço", "", "Prazo"], ["Plano", "Mensal", "Anual", "Prazo"]],
        [["Plano", "Preço", "Preço", "Prazo"], ["Plano", "Mensal", "Anual", "Prazo"]],
        [["Tabela", "Tabela", "Tabela", "Tabela"], ["Plano", "Preço Mensal", "Preço Anual", "Prazo"]],
    ],
    ids=["merged cells are empty", "repeated downwards", "repeated", "a title across"],
)
def test_names_of_groups_of_columns(header: list[list[str]]) -> None:
    *titles, line = rows_to_lines([*header, ["Ouro", "R$ 9", "R$ 90", "1 mês"]])

    assert titles in ([], ["Tabela"])
    assert line == "Plano: Ouro; Preço Mensal: R$ 9; Preço Anual: R$ 90; Prazo: 1 mês"


def test_groups_of_columns_beside_columns_that_are_in_none() -> None:
    header = [
        ["", "", "Varejo", "", "Atacado", ""],
        ["Cód.", "Produto", "À vista", "A prazo", "À vista", "A prazo"],
    ]

    assert list(rows_to_lines([*header, ["M01", "Mesa", "899", "999", "820", "900"]])) == [
        "Cód.: M01; Produto: Mesa; Varejo À vista: 899; Varejo A prazo: 999; "
        "Atacado À vista: 820; Atacado A prazo: 900"
    ]


def test_a_value_in_another_column_than_the_first_keeps_its_name() -> None:
    rows = [["Segunda", "Terça", "Quarta"], ["Yoga", "Yoga", "Yoga"], ["", "", "Plantão da Ana"]]

    assert list(rows_to_lines(rows)) == ["Segunda: Yoga; Terça: Yoga; Quarta: Yoga", "Quarta: Plantão da Ana"]


@pytest.mark.parametrize("cells", [1, 2, 4, 6])
def test_rows_may_be_of_any_length(cells: int) -> None:
    groups, names = ["", "", "Varejo", "", "Atacado"], ["Cód.", "Produto", "À vista", "A prazo", "À vista"]
    row = ["M01", "Mesa", "899", "9", "8", "7"]

    assert "M01" in list(rows_to_lines([groups, names, row[:cells], ["C01"]]))[-2]


def test_a_value_with_its_name_above_a_wide_table_is_a_title() -> None:
    names = ["Ref.", "Produto", "Tamanho", "Preço"]
    above = ["Atualizado em", "20/11/2026", "", ""]

    assert list(rows_to_lines([above, names, ["BK-01", "Biquíni", "P", "R$ 129"]])) == [
        "Atualizado em: 20/11/2026",
        "Ref.: BK-01; Produto: Biquíni; Tamanho: P; Preço: R$ 129",
    ]


def test_a_group_that_only_its_first_column_names_holds_for_the_others_too() -> None:
    names = ["Serviço", "Cabelo curto Seg-Qui", "Sex-Sáb", "Cabelo longo Seg-Qui", "Sex-Sáb"]

    assert list(rows_to_lines([names, ["Luzes", "250", "280", "380", "420"]])) == [
        "Serviço: Luzes; Cabelo curto Seg-Qui: 250; Cabelo curto Sex-Sáb: 280; "
        "Cabelo longo Seg-Qui: 380; Cabelo longo Sex-Sáb: 420"
    ]


def test_names_of_groups_of_rows_and_remarks_are_lines_of_their_own() -> None:
    rows = [
        ["Exame", "Particular", "Convênio"],
        ["IMAGEM"] * 3,
        ["Raio X", "R$ 90", "R$ 30"],
        ["Obs.: em jejum", "", ""],
    ]

    assert list(rows_to_lines(rows)) == [
        "IMAGEM",
        "Exame: Raio X; Particular: R$ 90; Convênio: R$ 30",
        "Obs.: em jejum",
    ]


@pytest.mark.parametrize(
    "row", [["Ouro", "pix", "boleto"], ["Ouro", "pix", "pix"], ["Plano", "pix", "Forma"], ["Plano", "", "boleto"]]
)
def test_a_row_of_words_is_no_second_row_of_names(row: list[str]) -> None:
    lines = list(rows_to_lines([["Plano", "Forma", "Outra"], row, ["Prata", "pix", "boleto"]]))

    assert len(lines) == 2


def test_an_empty_row_may_separate_names_and_data() -> None:
    rows = [["Tabela de maio", ""], ["Produto", "Preço"], ["", ""], ["Meia", "R$ 9"], [], ["Boné", "R$ 20"]]

    assert list(rows_to_lines(rows)) == [
        "Tabela de maio",
        "Produto: Meia; Preço: R$ 9",
        "Produto: Boné; Preço: R$ 20",
    ]


def test_linked_names_lose_their_targets() -> None:
    names = [f"[{name}](https://loja.example/ordenar?campo={name}&{'x' * 200})" for name in ("Produto", "Preço")]

    assert list(rows_to_lines([names, ["[Meia](https://loja.example/meia)", "R$ 9"]])) == [
        "Produto: [Meia](https://loja.example/meia); Preço: R$ 9"
    ]


def test_cells_with_labels_of_their_own_are_no_names() -> None:
    rows = [["Cliente: Ana", "Fone: 3222-1111", "Pedido: 12"], ["Cidade: Santos", "Frete: R$ 10", "Prazo: 3 dias"]]

    assert list(rows_to_lines(rows)) == ["; ".join(row) for row in rows]
    assert list(pairs_to_lines([row[:2] for row in rows])) == ["; ".join(row[:2]) for row in rows]
