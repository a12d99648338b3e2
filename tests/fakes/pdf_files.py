"""Makes PDFs whose lines and tables are where a test wants them, and pictures of PDFs."""

import io
import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import pypdfium2
from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import DecodedStreamObject, DictionaryObject, IndirectObject, NameObject, NumberObject
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

_STYLES = getSampleStyleSheet()
_GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
_TOP = 800

_HIGH = 15
_NUMBER = re.compile(r"[\d.,%]+|R\$ [\d.,]+")

Rows = Sequence[Sequence[str | Flowable]]
Place = tuple[float, float, str]
Corner = tuple[int, int]


def story(*parts: Flowable, page: str = "") -> bytes:
    """A PDF of parts below each other; `page` is a line at the foot of every page."""

    def foot(canvas: Any, document: Any) -> None:
        canvas.drawString(60, 30, page.format(canvas.getPageNumber()))

    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4).build(list(parts), onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def paragraph(text: str, style: str = "BodyText") -> Paragraph:
    """Text that wraps; `style` is "Heading1", say."""
    return Paragraph(text, _STYLES[style])


def space(points: float = 30) -> Spacer:
    """Nothing, so high."""
    return Spacer(1, points)


def table(
    rows: Rows,
    *,
    ruled: bool = False,
    widths: Sequence[float] | None = None,
    repeat: int = 0,
    merged: Sequence[tuple[Corner, Corner]] = (),
    style: Sequence[tuple[Any, ...]] = (),
) -> Table:
    """A table, with lines between its cells or without; `repeat`: that many rows again on each page.

    `merged` cells reach from the one (column, row) to the other; `style` holds more of reportlab's commands.
    """
    commands = [*(_GRID if ruled else []), *(("SPAN", first, last) for first, last in merged), *style]
    return Table([list(row) for row in rows], style=commands, colWidths=widths, repeatRows=repeat)


def sheets(*pages: Sequence[Sequence[str]], widths: Sequence[float], ruled: bool = False) -> bytes:
    """Cells as a spreadsheet prints them: text at the left of its column, numbers at the right, long thin lines."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    edges = list(accumulate(widths, initial=55))
    for page in pages:
        canvas.setFont("Helvetica", 11)
        for number, row in enumerate(page):
            for (left, right), text in zip(pairwise(edges), row, strict=False):
                draw = canvas.drawRightString if _NUMBER.fullmatch(text) else canvas.drawString
                draw(right - 2 if _NUMBER.fullmatch(text) else left + 2, _TOP - _HIGH * number, text)
        if ruled:
            for edge in edges:
                canvas.rect(edge, _TOP + 12 - _HIGH * len(page), 0.7, _HIGH * len(page), stroke=0, fill=1)
            for number in range(len(page) + 1):
                canvas.rect(edges[0], _TOP + 12 - _HIGH * number, edges[-1] - edges[0], 0.7, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*pages: Sequence[Place], size: float = 11, turn: int = 0, font: str = "Helvetica") -> bytes:
    """A PDF of texts at (x, points below the top), in this order of drawing."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in pages:
        canvas.setFont(font, size)
        for x, down, text in page:
            canvas.drawString(x, _TOP - down, text)
        canvas.setPageRotation(turn)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(pdf: bytes, kind: str = "PNG", pages: int = 1, dots_per_inch: int = 200) -> bytes:
    """What a scanner makes of the first pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    images = [document[number].render(scale=dots_per_inch / 72).to_pil().convert("L") for number in range(pages)]
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:]} if pages > 1 else {}
    images[0].save(buffer, kind, **more)
    return buffer.getvalue()


def scan(pdf: bytes, pages: int = 1) -> bytes:
    """A PDF of such pictures."""
    document = pypdfium2.PdfDocument(pdf)
    images = [document[number].render(scale=200 / 72).to_pil().convert("L") for number in range(pages)]
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], resolution=200)
    return buffer.getvalue()


def stamped(pdf: bytes, stamp: str) -> bytes:
    """The same with lines of small text at the foot of each page, as programs that sign documents add them."""
    sheet = io.BytesIO()
    canvas = Canvas(sheet)
    canvas.setFont("Helvetica", 6)
    for number, line in enumerate(stamp.splitlines()):
        canvas.drawString(20, 40 - 8 * number, line)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        page.merge_page(PdfReader(sheet).pages[0])
    return _written(writer)


def in_a_form(pdf: bytes) -> bytes:
    """The same with what is on the first page wrapped in a form, as programs do that put something on it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    page = writer.pages[0]
    contents = page.get_contents()
    assert contents is not None
    form = DecodedStreamObject()
    form.set_data(contents.get_data())
    kind = {NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")}
    form.update(kind | {NameObject("/BBox"): page["/MediaBox"], NameObject("/Resources"): page["/Resources"]})
    forms = DictionaryObject({NameObject("/Form"): writer._add_object(form)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): forms})
    draw = DecodedStreamObject()
    draw.set_data(b"q /Form Do Q")
    page[NameObject("/Contents")] = writer._add_object(draw)
    return _written(writer)


def without_page(pdf: bytes, number: int) -> bytes:
    """The same with a page, counted from 0, that the file names but does not have."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    pages = writer.root_object["/Pages"].get_object()
    assert isinstance(pages, DictionaryObject)
    kids = pages["/Kids"]
    assert isinstance(kids, list)
    kids[number] = IndirectObject(9999, 0, writer)
    return _written(writer)


def with_count(pdf: bytes, count: int) -> bytes:
    """The same where the file says that it has so many pages."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    pages = writer.root_object["/Pages"].get_object()
    assert isinstance(pages, DictionaryObject)
    pages[NameObject("/Count")] = NumberObject(count)
    return _written(writer)


def form() -> bytes:
    """A form with labels, values in text fields, lists and boxes, a password, and a note written on the page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    fields = canvas.acroForm
    for number, label in enumerate(("Nome:", "Frete:", "Aceita trocas", "Aceita cartão", "Cidade:", "Senha:")):
        canvas.drawString(60 if ":" in label else 80, _TOP - 40 * number, label)
    fields.textfield(name="nome", value="Ana Souza", x=120, y=_TOP - 5, width=200, height=18)
    fields.textfield(name="frete", value="R$ 19,90\npor pedido", x=120, y=_TOP - 60, width=200, height=30)
    fields.checkbox(name="trocas", checked=True, x=60, y=_TOP - 83, size=14)
    fields.checkbox(name="cartao", checked=False, x=60, y=_TOP - 123, size=14)
    fields.choice(
        name="cidade", value="Santos", options=["Santos", "Recife"], x=120, y=_TOP - 165, width=200, height=18
    )
    fields.textfield(
        name="senha", value="segredo", fieldFlags="password", x=120, y=_TOP - 205, width=200, height=18
    )
    canvas.freeTextAnnotation("Válido até 31/12/2026", "/Helv 12 Tf", Rect=(60, 520, 260, 540))
    canvas.save()
    return buffer.getvalue()


def merged(*documents: bytes) -> bytes:
    """One PDF of the pages of all."""
    writer = PdfWriter()
    for document in documents:
        writer.append(io.BytesIO(document))
    return _written(writer)


def on_its_side(pdf: bytes) -> bytes:
    """The page drawn upwards along its side and turned by the reader, as programs print landscape tables."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    page = writer.pages[0]
    page.add_transformation(Transformation().rotate(90).translate(842, 0))
    page.rotate(90)
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def with_figure(texts: Sequence[Place], figure: bytes, height: float = 380) -> bytes:
    """A page of texts above an image of the upper part of a PDF's first page, so high."""
    page = pypdfium2.PdfDocument(figure)[0]
    image = page.render(scale=200 / 72, crop=(0, A4[1] - height, 0, 0)).to_pil().convert("L")
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for x, down, text in texts:
        canvas.drawString(x, _TOP - down, text)
    canvas.drawInlineImage(image, 0, 20, A4[0], height)
    canvas.save()
    return buffer.getvalue()
