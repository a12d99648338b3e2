"""Of a workbook, what a person in Brazil sees in it becomes lines."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from app.extraction.problems import ProblemError
from app.extraction.sheets.number_formats import shown
from app.extraction.sheets.reader import read_sheets
from tests.fakes import files


def xlsx(workbook: Workbook) -> str:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return read_sheets(buffer.getvalue(), ".xlsx").text


def ods(tables: str, styles: str = "") -> str:
    """`tables` and `styles` as in content.xml, without the prefix of the most usual names."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:text="{names}:text:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:style="{names}:style:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return read_sheets(files.archive({"content.xml": content}), ".ods").text


def sheet(rows: list[list[Any]], formats: dict[str, str] | None = None) -> tuple[Workbook, Any]:
    workbook = Workbook()
    page = workbook.active
    page.title = "A"
    for row in rows:
        page.append(row)
    for cell, code in (formats or {}).items():
        page[cell].number_format = code
    return workbook, page


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (129.9, '"R$" #,##0.00', "R$ 129,90"),
        (1499, "[$R$-416] #,##0.00;[RED]-[$R$-416] #,##0.00", "R$ 1.499,00"),
        (1499, '_-"R$"\\ * #,##0.00_-;\\-"R$"\\ * #,##0.00_-', "R$ 1.499,00"),
        (-5, "R$#,##0.00", "-R$ 5,00"),
        (0.1, "0%", "10%"),
        (0.125, "0.00%", "12,50%"),
        (2.005, "0.00", "2,01"),
        (10, "0.00", "10,00"),
        (1234.5, "#,##0", "1.235"),
        (10, "General", "10"),
        (0.1 + 0.2, "General", "0,3"),
        (7891234567890.0, "General", "7891234567890"),
        (10, "@", "10"),
        (10, '0" kg"', "10 kg"),
        (7, "000", "007"),
        (1310200, "00000-000", "01310-200"),
        (12345678909, '000"."000"."000"-"00', "123.456.789-09"),
        (1e300, "0.00", "1E+300"),
        (0.00001, "0.00E+00", "1,00E-05"),
        (0.5, "# ?/?", "0,5"),
        (1500000, '0.0,,"M"', "1,5M"),
        (199.9, "General", "199,9"),
        (199.9, "", "199,9"),
        (1299.9, "Geral", "1299,9"),
        (1234567.891, "General", "1234567,891"),
        (1 / 3, "General", "0,333333333"),
        (-2.5, "General", "-2,5"),
        (1e-07, "General", "1E-07"),
        (0.00005, "General", "0,00005"),
        (1 / 30000, "General", "3,33333E-05"),
        (1.234567890123457e19, "General", "1,23457E+19"),
        (123456789012.75, "General", "123456789013"),
        (1234.5, "#,##0.##", "1.234,5"),
        (1234, "#,##0.##", "1.234"),
        (0.5, "0.0#", "0,5"),
        (-5, "#,##0.00;(#,##0.00)", "(5,00)"),
        (-1234.5, '"R$" #,##0.00_);[Red]("R$" #,##0.00)', "(R$ 1.234,50)"),
        (2500, '#,##0,"k"', "3k"),
        (46086, "dd/mm/yyyy", "05/03/2026"),
        (46086, "[$-416]d-mmm-yy;@", "05/03/2026"),
        (46086, "mmm/yy", "03/2026"),
        (46086.604166666664, "dd/mm/yyyy hh:mm", "05/03/2026 14:30"),
        (0.604166666666667, "h:mm", "14:30"),
        (1.5, "[h]:mm", "36:00"),
        (1e12, "dd/mm/yyyy", "1000000000000"),
    ],
)
def test_numbers_are_shown_by_their_format(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_an_excel_workbook_is_read_as_it_is_seen() -> None:
    rows: list[list[Any]] = [
        ["Peça", "Preço", "Desconto", "Desde", "Até", "Às", "Novo", "Nota"],
        ["Disco", 129.9, 0.1, date(2026, 3, 5), datetime.fromisoformat("2026-03-05T14:30"), time(9, 30), True, 4],
    ]

    assert xlsx(sheet(rows, {"B2": '"R$" #,##0.00', "C2": "0%"})[0]) == (
        "## A\n\nPeça: Disco; Preço: R$ 129,90; Desconto: 10%; Desde: 05/03/2026; Até: 05/03/2026 14:30:00; "
        "Às: 09:30:00; Novo: VERDADEIRO; Nota: 4\n"
    )


def test_what_is_merged_downwards_holds_for_all_its_rows() -> None:
    workbook, page = sheet([["Grupo", "Peça", "Prazo"], ["Freios", "Disco", "1 dia"], [None, "Fluido", "2 dias"]])
    page.merge_cells("A2:A3")
    page.append(["Título comprido"])
    page.merge_cells("A4:C6")

    assert xlsx(workbook).splitlines()[2:] == [
        "Grupo: Freios; Peça: Disco; Prazo: 1 dia",
        "Grupo: Freios; Peça: Fluido; Prazo: 2 dias",
        "Título comprido",
    ]


def test_hidden_sheets_rows_and_columns_are_left_out() -> None:
    workbook, page = sheet([["Peça", "Custo", "Preço"], ["Disco", 1, 2], ["Segredo", 3, 4], ["Fluido", 5, 6]])
    page.column_dimensions["B"].hidden = True
    page.row_dimensions[3].hidden = True
    for state in ("hidden", "veryHidden"):
        other = workbook.create_sheet(state)
        other.append(["Margem", "30%"])
        other.sheet_state = state

    assert xlsx(workbook) == "## A\n\nPeça: Disco; Preço: 2\nPeça: Fluido; Preço: 6\n"


def test_labels_and_values_are_pairs_in_sheets_too() -> None:
    workbook, _ = sheet([["Razão social", "Silva Ltda"], ["CNPJ", "12.345.678/0001-90"], ["CEP", "11000-000"]])

    assert xlsx(workbook) == "## A\n\nRazão social: Silva Ltda\nCNPJ: 12.345.678/0001-90\nCEP: 11000-000\n"


def test_an_opendocument_workbook_is_read_as_it_is_seen() -> None:
    styles = (
        '<style:style style:family="table" style:name="t"><style:table-properties table:display="false"/>'
        "</style:style>"
        '<style:style style:family="table-cell" style:name="plain"/>'
        '<style:style style:family="table-cell" style:name="money" style:data-style-name="N9"/>'
    )
    head = "".join(f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in "ABCDE")

    def number(value: str, text: str, style: str, kind: str = "float") -> str:
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" office:value="{value}">'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    row = (
        '<table:table-cell table:number-rows-spanned="3"><text:p>Freio</text:p></table:table-cell>'
        + number("1499.9", "R$ 1,499.90", "money")
        + number("0.1", "10%", "money", "percentage")
        + number("2.5", "2.5", "plain")
        + '<table:table-cell office:value-type="date" office:date-value="2026-03-05"><text:p>03/05/26</text:p>'
        "<office:annotation><text:p>interno</text:p></office:annotation></table:table-cell>"
    )
    below = "<table:covered-table-cell/>" + number("3", "3", "plain")
    hidden = f'<table:table-row table:visibility="collapse">{head}</table:table-row>'
    tables = (
        f'<table:table table:name="T"><table:table-column table:number-columns-repeated="9"/>'
        f"<table:table-row>{head}</table:table-row><table:table-row>{row}</table:table-row>{hidden}"
        f"<table:table-row>{below}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        f'<table:table table:name="Oculta" table:style-name="t"><table:table-row>{row}</table:table-row>'
        "</table:table>"
    )

    assert (
        ods(tables, styles) == "## T\n\nA: Freio; B: R$ 1.499,90; C: 10%; D: 2,5; E: 05/03/2026\nA: Freio; B: 3\n"
    )


def test_a_cell_repeated_without_end_is_refused() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="9999">{cell}</table:table-row>'

    with pytest.raises(ProblemError, match="too many cells"):
        ods(f"<table:table>{row}</table:table>")


def test_the_parts_of_a_workbook_may_have_any_name() -> None:
    with zipfile.ZipFile(io.BytesIO(files.xlsx(A=[["Peça", "Preço", "Cor"], ["Disco", 2, "azul"]]))) as original:
        parts: dict[str, str | bytes] = {
            name.replace("workbook.xml", "livro.xml"): original.read(name).replace(b"workbook.xml", b"livro.xml")
            for name in original.namelist()
        }

    assert read_sheets(files.archive(parts), ".xlsx").text == "## A\n\nPeça: Disco; Preço: 2; Cor: azul\n"


def test_formulas_without_values_are_told() -> None:
    rows: files.Rows = [["Peça", "Preço", "Final"], ["Disco", 10, "=B2*0.85"], ["Cabo", 20, "=B3*0.85"]]

    text, warning = read_sheets(files.xlsx(A=rows), ".xlsx")

    assert text.splitlines()[2:] == ["Peça: Disco; Preço: 10", "Peça: Cabo; Preço: 20"]
    assert warning == "Formulas without their values: 2. Open the file in Excel, save it, and upload it again."


def test_a_row_that_is_empty_may_stand_below_the_names() -> None:
    workbook, _ = sheet([["Peça", "Preço", "Cor"], [], ["Disco", 199.9, "azul"], ["Cabo", 5, "preto"]])

    assert xlsx(workbook).splitlines()[2:] == [
        "Peça: Disco; Preço: 199,9; Cor: azul",
        "Peça: Cabo; Preço: 5; Cor: preto",
    ]


def test_boxes_and_charts_on_a_sheet_are_read() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        page = workbook.add_worksheet("Vendas")
        page.write_column("A1", ["Norte", "Sul"])
        page.write_column("B1", [1.5, 2])
        page.insert_textbox("D2", "Frete grátis acima de R$ 200")
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"name": "2026", "categories": "=Vendas!$A$1:$A$2", "values": "=Vendas!$B$1:$B$2"})
        chart.set_title({"name": "Por região"})
        page.insert_chart("D9", chart)

    assert read_sheets(buffer.getvalue(), ".xlsx").text == (
        "## Vendas\n\nNorte: 1,5\nSul: 2\n\n"
        "Por região\nNorte; 2026: 1,5\nSul; 2026: 2\n\nFrete grátis acima de R$ 200\n"
    )


def two_sheets() -> bytes:
    rows: files.Rows = [["Peça", "Preço", "Cor"], ["Disco", 2.5, "azul"]]
    return files.xlsx(Um=rows, Dois=rows)


def changed(data: bytes, path: str, change: Callable[[bytes], bytes] | None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as original:
        parts: dict[str, str | bytes] = {name: original.read(name) for name in original.namelist()}
    content = parts.pop(path)
    assert isinstance(content, bytes)
    return files.archive(parts | ({path: change(content)} if change else {}))


@pytest.mark.parametrize(
    ("path", "change", "text", "warning"),
    [
        ("xl/worksheets/sheet1.xml", None, "## Dois\n\nPeça: Disco; Preço: 2,5; Cor: azul\n", "Um"),
        (
            "xl/worksheets/sheet1.xml",
            lambda part: part[: part.index(b'r="C2"')],
            "## Um\n\nPeça: Disco; Preço: 2,5\n\n## Dois\n\nPeça: Disco; Preço: 2,5; Cor: azul\n",
            "Um",
        ),
        (
            "xl/worksheets/sheet2.xml",
            lambda part: part.replace(b"<v>2.5</v>", b"<v>2,5 reais</v>"),
            "## Um\n\nPeça: Disco; Preço: 2,5; Cor: azul\n\n## Dois\n\nPeça: Disco; Preço: 2,5 reais; Cor: azul\n",
            None,
        ),
        (
            "xl/styles.xml",
            lambda part: part[:300],
            "## Um\n\nPeça: Disco; Preço: 2,5; Cor: azul\n\n## Dois\n\nPeça: Disco; Preço: 2,5; Cor: azul\n",
            "xl/styles.xml",
        ),
    ],
    ids=["a sheet is missing", "a sheet is cut off", "a number that is none", "styles"],
)
def test_what_is_broken_in_a_workbook_costs_only_itself(
    path: str, change: Callable[[bytes], bytes] | None, text: str, warning: str | None
) -> None:
    told = f"Parts of the workbook that could not be read: {warning}." if warning else None

    assert read_sheets(changed(two_sheets(), path, change), ".xlsx") == (text, told)


def test_a_workbook_of_opendocument_is_read_up_to_where_it_is_damaged() -> None:
    data = files.ods(Um=[["Peça", "Preço", "Cor"], ["Disco", "2", "azul"]], Dois=[["a", "b", "c"]])
    cut = changed(data, "content.xml", lambda part: part[: part.index(b'"Dois"') + 40])

    text, warning = read_sheets(cut, ".ods")
    assert text.startswith("## Um\n\nPeça: Disco; Preço: 2; Cor: azul\n")
    assert warning == "Parts of the workbook that could not be read: content.xml."


def test_a_workbook_of_which_nothing_can_be_read_is_a_problem() -> None:
    data = changed(files.xlsx(A=[["a", "b"]]), "xl/worksheets/sheet1.xml", lambda _: b"<oops")

    with pytest.raises(ProblemError):
        read_sheets(data, ".xlsx")
