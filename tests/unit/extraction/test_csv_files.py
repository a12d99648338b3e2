"""CSV files become lines that carry the names of their columns."""

import pytest

from app.extraction.csv_files import csv_to_lines


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
