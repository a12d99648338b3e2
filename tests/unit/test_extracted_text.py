"""Tables, Markdown and the lines of PDFs become text that reads well line by line."""

import pytest

from app.extraction.csv_files import csv_to_lines
from app.extraction.markdown import tidy, without_front_matter
from app.extraction.tables import rows_to_lines, sheet_to_lines
from app.extraction.text_files import read_text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_rows_carry_the_names_of_their_columns(delimiter: str) -> None:
    text = delimiter.join(["Produto", "Preço"]) + "\n" + delimiter.join(["Camiseta", "R$ 50"])

    assert csv_to_lines(text) == "Produto: Camiseta; Preço: R$ 50"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Produto;Preço\nCamiseta;R$ 50,00\nCalça;R$ 1.080,00", "Preço: R$ 50,00\nProduto: Calça"),
        ('Produto,Preço\nCamiseta,"R$ 50,00"', "Produto: Camiseta; Preço: R$ 50,00"),
        (
            'Pergunta,Resposta\n"Tem\nentrega?","Sim,\nem 3 dias"',
            "Pergunta: Tem entrega?; Resposta: Sim, em 3 dias",
        ),
        ("sep=;\nProduto;Preço\nMeia;5", "Produto: Meia; Preço: 5"),
        (
            "Tabela de preços;;\n;;\nProduto;Preço;Cor\nMeia;5;azul",
            "Tabela de preços\nProduto: Meia; Preço: 5; Cor",
        ),
        ("Meia;5\nBoné;20", "Meia; 5\nBoné; 20"),
        ("Produto;Preço\nMeia;5;sobra", "Produto: Meia; Preço: 5; sobra"),
        ("Produto;;Cor\nMeia;5;", "Produto: Meia; 5"),
        ("Produto;Preço", "Produto; Preço"),
        ("uma coluna\nsó", "uma coluna\nsó"),
        (";;;\n;;;", ""),
    ],
    ids=[
        "decimal commas",
        "quoted comma",
        "line end in a cell",
        "hint of Excel",
        "title above",
        "no headers",
        "more cells than names",
        "column without a name",
        "headers only",
        "one column",
        "nothing",
    ],
)
def test_csv(text: str, lines: str) -> None:
    assert lines in csv_to_lines(text)


def test_csv_that_is_none_stays_as_it_is() -> None:
    text = 'a,b\n"' + "x" * 200_000

    assert csv_to_lines(text) == text


def test_headers_alone_are_not_lost_and_sentences_are_no_headers() -> None:
    long = "Uma resposta comprida demais para ser o nome de uma coluna de tabela, não é?"

    assert list(rows_to_lines([["Produto", "Preço"], ["", ""]])) == ["Produto; Preço"]
    assert list(rows_to_lines([["Oi", long], ["Tchau", long]])) == [f"Oi; {long}", f"Tchau; {long}"]


def test_tables_in_markdown_become_lines_between_the_other_text() -> None:
    markdown = "# Preços\n\n| A | B | C |\n| --- | --- | --- |\n| x \\| y | **2** |  |\n\nfim \\*"

    assert tidy(markdown) == "# Preços\n\nA: x | y; B: 2\n\nfim *"


def test_two_columns_are_a_name_and_its_value_unless_prices_stand_below_names() -> None:
    pairs = [["Prazo", "3 dias"], ["Frete", "R$ 10"]]
    prices = [["Produto", "Preço"], ["Meia", "R$ 9"]]

    assert tidy("| Prazo | 3 dias |\n| --- | --- |\n| Frete | R$ 10 |") == "Prazo: 3 dias\nFrete: R$ 10"
    assert list(sheet_to_lines(pairs)) == ["Prazo: 3 dias", "Frete: R$ 10"]
    assert list(sheet_to_lines([["", "Loja", ""], ["", *pairs[0]], [], *prices])) == [
        "Loja",
        "Prazo: 3 dias",
        "Produto: Meia; Preço: R$ 9",
    ]
    assert list(sheet_to_lines([["Custo", "Margem"], ["1", "2"]])) == ["Custo: 1; Margem: 2"]


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


@pytest.mark.parametrize(
    "text",
    [
        "Seg\t8h\t18h\nTer\t9h\t18h\nQua\t8h\t12h",
        "Nome:\t\tAna\nCPF:\t\t111\nPlano:\t\tFamília",
        "Nome:\tAna\tx\nCPF:\t111\ty\nPlano:\t9\tz",
        "x\n\t\tfor i:\n\t\t\tprint(1)\n\t\tx = 2",
    ],
)
def test_tabs_alone_make_no_table(text: str) -> None:
    assert read_text(text.encode(), ".txt", 1000) == text


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


@pytest.mark.parametrize("ending", [".md", ".txt"])
def test_tables_of_a_text_keep_the_names_of_their_columns(ending: str) -> None:
    table = "| Item | Varejo | Atacado |\n|---|---:|---|\n| **Açúcar** | R$ 7 | R$ 6 |"
    tabbed = "Item\tVarejo\tAtacado\nSal\tR$ 3\tR$ 2\nMel\tR$ 9\tR$ 8"
    text = f"Preços: *à vista*\n\n{table}\n\n{tabbed}\n\na\tb\tc\n| não | é tabela |\n```\n{table}\n```"

    assert read_text(text.encode(), ending, 1000) == text.replace(
        table, "Item: Açúcar; Varejo: R$ 7; Atacado: R$ 6", 1
    ).replace(tabbed, "Item: Sal; Varejo: R$ 3; Atacado: R$ 2\nItem: Mel; Varejo: R$ 9; Atacado: R$ 8")


@pytest.mark.parametrize(
    "row", [["Ouro", "pix", "boleto"], ["Ouro", "pix", "pix"], ["Plano", "pix", "Forma"], ["Plano", "", "boleto"]]
)
def test_a_row_of_words_is_no_second_row_of_names(row: list[str]) -> None:
    lines = list(rows_to_lines([["Plano", "Forma", "Outra"], row, ["Prata", "pix", "boleto"]]))

    assert len(lines) == 2


def test_pictures_leave_their_description_and_bold_type_its_words() -> None:
    assert tidy("![figura](data:image/png;base64,AAAA) **Prazo:** 3 dias 2*3*4") == "figura Prazo: 3 dias 2*3*4"


def test_front_matter_goes_and_a_rule_inside_the_text_stays() -> None:
    assert without_front_matter("---\ntitle: T\n---\n\ntexto\n---\nfim") == "\ntexto\n---\nfim"
    assert without_front_matter("texto\n---\nfim") == "texto\n---\nfim"


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text", ["![" * 500_000, "![a](" * 300_000, "**a" * 500_000, "|" * 100_000, "---\n" + "-\n" * 100_000]
)
def test_tidying_is_linear(text: str) -> None:
    assert tidy(without_front_matter(text)) is not None
