"""In web pages, what holds for several rows of a table is said in each of them."""

import pytest

from app.extraction.html_tables import repeat_cells
from app.extraction.office import read_html
from app.extraction.problems import ProblemError


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            "<tr><th>Região<th>Cidade<th>Frete"
            '<tr><td ROWSPAN="2">Litoral<td>Santos<td>R$ 10<tr><td>Guarujá<td>R$ 15',
            ["Região: Litoral; Cidade: Santos; Frete: R$ 10", "Região: Litoral; Cidade: Guarujá; Frete: R$ 15"],
        ),
        (
            "<tr><th>Plano</th><th>Preço</th><th>Prazo</th></tr><!-- <td rowspan=9> -->"
            "<tr><td>Ouro</td><td>R$ 9</td><td rowspan=2>1 mês</td></tr><tr><td>Prata</td><td>R$ 5</td></tr>"
            "<tr><td>Lata</td><td>R$ 1</td></tr>",
            ["Plano: Ouro; Preço: R$ 9; Prazo: 1 mês", "Plano: Prata; Preço: R$ 5; Prazo: 1 mês"],
        ),
        (
            "<thead><tr><th rowspan=2>Plano</th><th colspan=2>Preço</th><th rowspan=5>Prazo</th></tr>"
            "<tr><th>Mensal</th><th>Anual</th></tr></thead>"
            "<tbody><tr><td>Ouro</td><td>R$ 9</td><td>R$ 90</td><td>1 mês</td></tr></tbody>",
            ["Plano: Ouro; Preço Mensal: R$ 9; Preço Anual: R$ 90; Prazo: 1 mês"],
        ),
    ],
    ids=["first column, no closing tags", "last column", "header of two rows"],
)
def test_cells_that_reach_down(rows: str, lines: list[str]) -> None:
    text = read_html(f"<html><body><table>{rows}</table></body></html>".encode())

    assert text.strip().split("\n")[: len(lines)] == lines


def test_pages_without_such_cells_stay_as_they_are() -> None:
    page = "<table><tr><td colspan=2>a</td></tr></table>"

    assert repeat_cells(page) == page


@pytest.mark.timeout(20)
def test_cells_that_reach_down_without_end_are_refused() -> None:
    cells = f"<td rowspan=60000>{'x' * 900}</td>" * 1000

    with pytest.raises(ProblemError):
        repeat_cells(f"<table><tr>{cells}</tr>" + "<tr><td>y" * 60_000)


def test_line_breaks_of_the_source_are_spaces() -> None:
    links = "<a href='/b'>em\ntodos</a><a href='/c'>os bairros</a>"
    page = f"<p>Batata R$\n  32,00<br>com <i>molho\n rosé</i>, {links}</p><pre>a\n b[0](x)</pre>"

    paragraph = read_html(page.encode()).split("\n\n")[0]
    assert [line.strip() for line in paragraph.splitlines()] == [
        "Batata R$ 32,00",
        "com molho rosé, em todos os bairros",
    ]
    assert "a\n b[0](x)" in read_html(page.encode())


def test_line_breaks_that_a_style_shows_stay() -> None:
    assert "um\ndois" in read_html(b"<div style='white-space: pre-wrap'>um\ndois</div>")
