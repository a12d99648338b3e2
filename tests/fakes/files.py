"""Makes real documents, in bytes; where a text is asked for, lines that begin with "# " become headings."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage

from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

Rows = Sequence[Sequence[str | int | float | None]]


def pdf(*pages: str) -> bytes:
    """A PDF with one text a page."""
    styles = getSampleStyleSheet()
    story: list[Flowable] = []
    for page in pages:
        for is_heading, line in _lines(page):
            story.append(Paragraph(line, styles["Heading1" if is_heading else "BodyText"]))
        story.append(PageBreak())
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4).build(story)
    return buffer.getvalue()


def docx(text: str, table: Rows = ()) -> bytes:
    """A Word document, with a table below the text."""
    document = Document()
    for is_heading, line in _lines(text):
        if is_heading:
            document.add_heading(line, level=1)
        else:
            document.add_paragraph(line)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, value in zip(grid.add_row().cells, row, strict=True):
                cell.text = str(value)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pptx(text: str) -> bytes:
    """Slides; each heading begins a new one."""
    presentation = Presentation()
    for is_heading, line in _lines(text):
        if is_heading:
            slide = presentation.slides.add_slide(presentation.slide_layouts[1])
            slide.shapes.title.text = line
        else:
            slide.placeholders[1].text_frame.add_paragraph().text = line
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def xlsx(**sheets: Rows) -> bytes:
    """A workbook; the keywords name its sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def odt(text: str) -> bytes:
    """An OpenDocument text."""
    body = "".join(
        f'<text:h text:outline-level="1">{line}</text:h>' if is_heading else f"<text:p>{line}</text:p>"
        for is_heading, line in _lines(text)
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:text="{names}:text:1.0" office:version="1.3"><office:body><office:text>{body}</office:text>'
        "</office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0" manifest:version="1.3">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    return archive({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods(**sheets: Rows) -> bytes:
    """An OpenDocument workbook; the keywords name its sheets."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:text="{names}:text:1.0" xmlns:table="{names}:table:1.0" office:version="1.3"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return archive({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def rtf(text: str, table: Rows = ()) -> bytes:
    """A document as WordPad saves it: cp1252, with escapes; a table below the text."""
    body = "".join(f"\\pard {_escaped(line)}\\par\n" for _, line in _lines(text))
    for row in table:
        edges = "".join(f"\\cellx{1000 * (number + 1)}" for number in range(len(row)))
        cells = "".join(f"{_escaped(str(value))}\\cell " for value in row)
        body += f"\\trowd{edges}\\pard\\intbl {cells}\\row\n"
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Arial;}}}}\n{body}}}".encode("ascii")


def eml(text: str, *, subject: str = "Prazos", attachments: Mapping[str, bytes] | None = None) -> bytes:
    """A stored e-mail, its text also as HTML."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "João <joao@loja.example>", "ana@loja.example"
    message["Date"] = "Mon, 01 Jan 2024 10:00:00 -0300"
    message.set_content(text)
    message.add_alternative(_page(text), subtype="html")
    for name, data in (attachments or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def epub(*chapters: str) -> bytes:
    """An e-book with one text a chapter."""
    numbers = range(len(chapters))
    items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier>'
        f"<dc:title>Manual</dc:title><dc:language>pt</dc:language></metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "book.opf": package}
    return archive(parts | {f"c{n}.xhtml": _page(chapters[n], "http://www.w3.org/1999/xhtml") for n in numbers})


def html(text: str, encoding: str = "utf-8") -> bytes:
    """A web page with a script and a style, which are no text."""
    return f"<!DOCTYPE html>{_page(text)}".encode(encoding)


def csv_rows(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file as spreadsheet programs save it."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


def _cell(value: object) -> str:
    return (
        "<table:table-cell/>"
        if value is None
        else (f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>')
    )


def _escaped(text: str) -> str:
    """cp1252 by its hexadecimal escapes, all else by numbers of UTF-16."""
    encoded = ""
    for letter in text:
        try:
            byte = letter.encode("cp1252")[0]
            encoded += letter if byte < 128 else f"\\'{byte:02x}"
        except UnicodeEncodeError:
            units = letter.encode("utf-16-le")
            encoded += "".join(
                f"\\u{int.from_bytes(units[start : start + 2], 'little', signed=True)}?"
                for start in range(0, len(units), 2)
            )
    return encoded


def _lines(text: str) -> Iterable[tuple[bool, str]]:
    for line in filter(None, map(str.strip, text.splitlines())):
        yield line.startswith("# "), line.removeprefix("# ")


def _page(text: str, namespace: str = "") -> str:
    body = "".join(f"<h1>{line}</h1>" if is_heading else f"<p>{line}</p>" for is_heading, line in _lines(text))
    head = "<head><title>Manual</title><style>p { color: red }</style><script>var x = 1;</script></head>"
    opening = f'<html xmlns="{namespace}">' if namespace else "<html>"
    return f"{opening}{head}<body>{body}</body></html>"
