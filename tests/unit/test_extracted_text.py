"""Tables, Markdown and the lines of PDFs become text that reads well line by line."""

import pytest

from app.knowledge.extraction.csv_files import csv_to_lines
from app.knowledge.extraction.markdown import tidy, without_front_matter
from app.knowledge.extraction.tables import rows_to_lines


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


def test_two_columns_are_a_name_and_its_value_except_in_spreadsheets() -> None:
    table = "| Prazo | 3 dias |\n| --- | --- |\n| Frete | R$ 10 |"

    assert tidy(table) == "Prazo: 3 dias\nFrete: R$ 10"
    assert tidy(table, spreadsheet=True) == "Prazo: Frete; 3 dias: R$ 10"


def test_dates_of_spreadsheets_lose_their_midnight() -> None:
    assert tidy(
        "| Início | Fim |\n| --- | --- |\n| 2024-03-01 00:00:00 | 2024-03-01 12:30:00 |", spreadsheet=True
    ) == ("Início: 2024-03-01; Fim: 2024-03-01 12:30:00")


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
