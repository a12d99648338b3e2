"""Web pages read as a browser shows them; every value of a table keeps its row and its column."""

import pytest

from app.extraction.html_files import read_html
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
    text = read_html(f"<html><body><table>{rows}</table></body></html>".encode()).text

    assert text.strip().split("\n")[: len(lines)] == lines


@pytest.mark.timeout(20)
def test_cells_that_reach_down_without_end_are_refused() -> None:
    cells = f"<td rowspan=60000>{'x' * 900}</td>" * 1000

    with pytest.raises(ProblemError):
        read_html((f"<table><tr>{cells}</tr>" + "<tr><td>y" * 60_000).encode())


def test_line_breaks_of_the_source_are_spaces() -> None:
    links = "<a href='/b'>em\ntodos</a><a href='/c'>os bairros</a>"
    page = f"<p>Batata R$\n  32,00<br>com <i>molho\n rosé</i>, {links}</p><pre>a\n b[0](x)</pre>"

    paragraph = read_html(page.encode()).text.split("\n\n")[0]
    assert [line.strip() for line in paragraph.splitlines()] == [
        "Batata R$ 32,00",
        "com molho rosé, em todos os bairros",
    ]
    assert "a\n b[0](x)" in read_html(page.encode()).text


def test_line_breaks_that_a_style_shows_stay() -> None:
    assert "um\ndois" in read_html(b"<div style='white-space: pre-wrap'>um\ndois</div>").text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p><i>Promo</i>ção <b>Promo</b>ção <em>Pro</em><strong>mo</strong>ção", "Promoção Promoção Promoção"),
        ("<p>R$ <b>399</b>,90 R$ 399<sup>90</sup> R$ 399<sup>,90</sup>", "R$ 399,90 R$ 399,90 R$ 399,90"),
        ("<p>H<sub>2</sub>O 10<sup>o</sup> N<sup>o</sup> 1<sup>a</sup> 50 m<sup>2</sup>", "H2O 10º Nº 1ª 50 m²"),
        ("<p>10<sup>6</sup> e grátis<sup>1</sup> Marca<sup>®</sup>", "10⁶ e grátis¹ Marca®"),
        ("<p>De <s>R$ 2</s> por <ins>150</ins> <del>ontem</del> <mark>hoje</mark>", "De R$ 2 por 150 ontem hoje"),
        ("<p><u>um</u><kbd>a</kbd><code>b_c</code> <small>d</small><span>e</span>f", "umab_c def"),
        ("<p>2*3*4 _a_ **b** a|b # [c](d)", "2*3*4 _a_ **b** a|b # [c](d)"),
        ("<p>um<br>dois<br/>três", "um\ndois\ntrês"),
        ("<div>um<div>dois</div>três</div>", "um\n\ndois\n\ntrês"),
        ("<h2>Qual o <b>prazo</b>?</h2>3 dias", "## Qual o prazo?\n\n3 dias"),
        ("<dl><dt>Prazo<dd>3 dias<dt>Frete:<dd>grátis</dl>", "Prazo: 3 dias\n\nFrete: grátis"),
        ("<ol start=3><li>a<ul><li>b</ul><li><p>c<p>d</ol>", "3. a\n  - b\n4. c\n  d"),
        ("<details><summary>Troca?</summary>Sim</details>", "Troca?\n\nSim"),
        ("<a href='https://a.example/x'>Site</a> <a href='#y'>aqui</a> <a href='tel:+55'>(12) 3</a>",
         "[Site](https://a.example/x) aqui (12) 3"),
        ("<a href='https://a.example'>a.example</a>, <a href='mailto:a@b.example'>a@b.example</a>",
         "a.example, a@b.example"),
        ("<a href='https://a.example'><div>Oferta</div><div>R$ 5</div></a>", "Oferta\n\nR$ 5"),
        ("<p>a<script>x</script><style>y</style><!-- z --><noscript>w</noscript>b", "ab"),
        ("<img alt='Mapa da loja' src=x><svg><text>no</text></svg>", "Mapa da loja"),
        ("<p>caf&eacute; &#127881; R$&nbsp;5", "café 🎉 R$ 5"),
    ],
)  # fmt: skip
def test_pages_read_as_they_are_seen(page: str, text: str) -> None:
    assert read_html(page.encode()).text == text


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        (
            "<tr><td>Plano<td>Preços<tr><td>Ouro<td><table><tr><td>Mensal<td>R$ 9<tr><td>Anual<td>R$ 90</table>",
            ["Plano: Ouro; Preços: Mensal: R$ 9; Anual: R$ 90"],
        ),
        (
            "<tr><td><table><tr><td><h2>Oferta</h2><p>só hoje</table><tr><td>rodapé",
            ["## Oferta", "", "só hoje", "", "rodapé"],
        ),
        (
            "<tr><th><a href='https://x.example/a'>Produto</a><th>Preço<th>Cores"
            "<tr><td>Meia<td>R$ 9<td><ul><li>azul<li>preta</ul>",
            ["Produto: Meia; Preço: R$ 9; Cores: azul, preta"],
        ),
        (
            "<caption>Fretes</caption><tr><th>Cidade<th>Frete<th>Dias<tr><td>Santos<td>R$ 5<td>2",
            ["Fretes", "", "Cidade: Santos; Frete: R$ 5; Dias: 2"],
        ),
        ("<tr><td>só um<tr><td>embaixo", ["só um", "", "embaixo"]),
    ],
    ids=["a table in a cell", "a layout", "linked names and lists", "a caption", "one column"],
)  # fmt: skip
def test_tables(table: str, lines: list[str]) -> None:
    assert read_html(f"<table>{table}</table>".encode()).text.split("\n") == lines


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset='iso-8859-2'>", "iso-8859-2"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>", "cp1251"),
    ],
)
def test_the_encoding_a_page_names(head: str, encoding: str) -> None:
    text = {"iso-8859-2": "Łódź", "cp1251": "Цена"}[encoding]

    assert read_html(f"<head>{head}</head><p>{text}".encode(encoding)).text == text


def test_a_bad_byte_costs_one_character_and_a_warning() -> None:
    text, warning = read_html("<p>ação</p>\n<p>é! fim".encode().replace(b"!", b"\xff"))

    assert text == "ação\n\né� fim"
    assert warning == "Characters that could not be read: 1, in line 2. Save the file as UTF-8."


def test_what_comes_before_elements_nested_too_deeply_is_read() -> None:
    text, warning = read_html(b"<p>antes</p>\n" + b"<div>" * 300 + b"fundo")

    assert text == "antes"
    assert warning == (
        "The page is nested too deeply or too large: what follows line 2 of its source was not read."
    )


@pytest.mark.parametrize("page", [b"<!-- nada -->", b"", b"<html></html>"])
def test_an_empty_page(page: bytes) -> None:
    assert read_html(page).text == ""
