"""Texts of OpenDocument: nothing is lost, and every value of a table keeps its column."""

import pytest

from app.extraction.odt_files import read_odt
from app.extraction.problems import ProblemError
from tests.fakes import files

_NAMES = "urn:oasis:names:tc:opendocument:xmlns"


def odt(body: str, styles: str | None = None) -> str:
    content = (
        f'<office:document-content xmlns:office="{_NAMES}:office:1.0" xmlns:text="{_NAMES}:text:1.0" '
        f'xmlns:table="{_NAMES}:table:1.0" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>{body}</office:text></office:body>'
        "</office:document-content>"
    )
    parts = {"content.xml": content} | ({"styles.xml": styles} if styles else {})
    return read_odt(files.archive(parts)).text


def table(*rows: str) -> str:
    """A row is its cells between bars: "2:Nome" reaches down two rows, "Nome:2" right; "-" is covered."""
    return f"<table:table>{''.join(map(_row, rows))}</table:table>"


def _row(row: str) -> str:
    cells = ""
    for cell in row.split("|"):
        down, _, name = cell.partition(":") if cell[1:2] == ":" else ("1", "", cell)
        name, _, right = name.partition(":") if name[-2:-1] == ":" else (name, "", "")
        spans = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{right or 1}"'
        shown = f"<table:table-cell {spans}><text:p>{name}</text:p></table:table-cell>"
        cells += "<table:covered-table-cell/>" if cell == "-" else shown
    return f"<table:table-row>{cells}</table:table-row>"


def test_merged_cells_move_no_value() -> None:
    rows = ["Categoria|Serviço|Preço", "2:Unhas|Manicure|R$ 35,00", "-|Pedicure|R$ 40,00"]

    assert odt(table(*rows)).split("\n") == [
        "Categoria: Unhas; Serviço: Manicure; Preço: R$ 35,00",
        "Categoria: Unhas; Serviço: Pedicure; Preço: R$ 40,00",
        "",
    ]


def test_a_header_of_two_rows() -> None:
    rows = ["2:Plano|Preço:2|-|2:Prazo", "-|Mensal|Anual|-", "Ouro|R$ 9|R$ 90|1 mês"]

    assert odt(table(*rows)).strip() == "Plano: Ouro; Preço Mensal: R$ 9; Preço Anual: R$ 90; Prazo: 1 mês"


def test_the_whole_text_of_a_cell_is_read() -> None:
    rows = [
        "Dia|Horário|Nota",
        "Sábado|9h às 13h<text:line-break/>(feriados<text:s/>fechado)</text:p><text:p>e domingos|pix",
    ]

    assert odt(table(*rows)).strip() == "Dia: Sábado; Horário: 9h às 13h (feriados fechado) e domingos; Nota: pix"


def test_headings_lists_in_lists_and_notes() -> None:
    body = (
        '<text:p text:style-name="Title">Loja</text:p><text:h text:outline-level="2">Prazos</text:h>'
        '<text:p><text:a xlink:href="https://loja.example">Site</text:a> e <text:a xlink:href="#x">aqui</text:a>'
        "</text:p>"
        "<text:list><text:list-item><text:p>Santos</text:p><text:list><text:list-item><text:p>Centro</text:p>"
        "</text:list-item></text:list></text:list-item></text:list>"
        "<text:section><text:p>Frete<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Exceto ilhas</text:p></text:note-body></text:note> grátis</text:p></text:section>"
        "<text:p>Troca<office:annotation><text:p>interno</text:p></office:annotation> fácil</text:p>"
        "<text:tracked-changes><text:p>apagado</text:p></text:tracked-changes>"
    )

    assert list(filter(None, odt(body).split("\n"))) == [
        "# Loja",
        "## Prazos",
        "[Site](https://loja.example) e aqui",
        "- Santos",
        "  - Centro",
        "Frete (Exceto ilhas) grátis",
        "Troca fácil",
    ]


def test_a_workbook_is_no_text() -> None:
    with pytest.raises(ProblemError):
        read_odt(files.ods(A=[["a", "b"]]).replace(b"odt", b"ods"))


def test_headers_and_footers_of_pages_are_read() -> None:
    texts = "<text:p>Pousada do Sol<text:tab/>(12) 3333-4444</text:p><text:p>Página 1</text:p>"
    header = f"<style:header>{texts}</style:header>"
    styles = (
        f'<office:document-styles xmlns:office="{_NAMES}:office:1.0" xmlns:text="{_NAMES}:text:1.0" '
        f'xmlns:style="{_NAMES}:style:1.0"><office:master-styles><style:master-page>{header}{header}'
        "</style:master-page></office:master-styles></office:document-styles>"
    )

    assert odt("<text:p>Texto.</text:p>", styles).split() == ["Texto.", "Pousada", "do", "Sol", "(12)", "3333-4444"]


def test_raised_and_hidden_text() -> None:
    styles = (
        '<style:style style:name="R" xmlns:style="s"><style:text-properties style:text-position="super 58%"/>'
        '</style:style><style:style style:name="H" xmlns:style="s"><style:text-properties text:display="none"/>'
        "</style:style>"
    )
    body = (
        f'{styles}<text:p>R$ 399<text:span text:style-name="R">90</text:span> 10<text:span text:style-name="R">o'
        '</text:span> H<text:span text:style-name="L">2</text:span>O<text:span text:style-name="H">segredo'
        '</text:span></text:p><text:p text:style-name="H">oculto</text:p>'
    )

    assert odt(body).strip() == "R$ 399,90 10º H2O"


def test_a_document_that_is_cut_off_is_read_up_to_there() -> None:
    names = f'xmlns:office="{_NAMES}:office:1.0" xmlns:text="{_NAMES}:text:1.0"'
    content = f"<office:d {names}><office:body><office:text><text:p>Um</text:p><text:p>Dois</text:p><text:p><x"

    text, warning = read_odt(files.archive({"content.xml": content}))
    assert text.split() == ["Um", "Dois"]
    assert warning == "Parts of the document that could not be read: content.xml."
    with pytest.raises(ProblemError):
        read_odt(files.archive({"content.xml": f"<office:d {names}><office:body><x"}))
