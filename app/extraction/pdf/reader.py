"""A PDF becomes Markdown; its scanned pages go through OCR."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from app.domain.file_text import FileText
from app.extraction.pdf.drawing_order import in_reading_order
from app.extraction.pdf.list_markers import attach_list_markers
from app.extraction.pdf.page_objects import page_objects
from app.extraction.pdf.page_table import PageTable
from app.extraction.pdf.paragraphs import to_markdown
from app.extraction.pdf.reading_order import rows_in_reading_order
from app.extraction.pdf.ruled_tables import split_off_ruled_tables
from app.extraction.pdf.ruling_lines import NO_RULING_LINES, RulingLines, read_ruling_lines
from app.extraction.pdf.running_headers import remove_running_headers
from app.extraction.pdf.scanned_pages import OcrEngine, PageContent, find_scanned_pages, ocr_page, page_content
from app.extraction.pdf.text_page import TextPage
from app.extraction.pdf.text_spans import TextSpan
from app.extraction.pdf.unruled_tables import split_off_unruled_tables
from app.extraction.problems import Problem, ProblemError

_MOST_PAGES = 10_000
_PROBLEMS = {pdfium.FPDF_ERR_PASSWORD: Problem.ENCRYPTED, pdfium.FPDF_ERR_SECURITY: Problem.ENCRYPTED}

Blocks = list[TextSpan | PageTable]


def read_pdf(data: bytes, start_ocr: Callable[[int], OcrEngine]) -> FileText:
    """The text of a PDF, "" where it has none; raises `ProblemError`.

    `start_ocr` is called once with the number of scanned pages, if there are any; what it returns then gets each of
    them. Where either raises, the text of the other pages counts, unless they are fewer.
    """
    if b"%PDF-" not in data[:1024]:
        raise ProblemError(Problem.BROKEN, "no PDF header")
    with _opened(data) as document:
        pages = _read_pages(document)
        texts = remove_running_headers([page.spans for page in pages])
        found = [_blocks(spans, page.ruling) for spans, page in zip(texts, pages, strict=True)]
        warning = _add_ocr(document, pages, found, start_ocr)
    return FileText(to_markdown(found), warning)


def _read_pages(document: Any) -> list[PageContent]:
    count = pdfium.FPDF_GetPageCount(document)
    if count > _MOST_PAGES:
        raise ProblemError(Problem.TOO_MANY_PAGES, f"{count} pages")
    pages = []
    for number in range(count):
        with _page(document, number) as page:
            pages.append(_read_page(page))
    return pages


def _read_page(page: Any) -> PageContent:
    drawn = list(page_objects(page))
    paths = [handle for kind, handle in drawn if kind == pdfium.FPDF_PAGEOBJ_PATH]
    ruling = read_ruling_lines(page, paths) if paths else NO_RULING_LINES
    text = TextPage(page, ruling.vertical)
    spans = text.spans()
    text.close()
    return page_content(page, drawn, spans, ruling)


def _blocks(spans: list[TextSpan], ruling: RulingLines) -> Blocks:
    """Ruled tables, and between them text and unruled tables, told by drawing order and position."""
    found: Blocks = []
    for part in split_off_ruled_tables(attach_list_markers(in_reading_order(spans), ruling.vertical), ruling):
        if isinstance(part, PageTable):
            found.append(part)
        else:
            found.extend(split_off_unruled_tables(rows_in_reading_order(part, ruling), ruling))
    return found


def _add_ocr(
    document: Any, pages: list[PageContent], found: list[Blocks], start_ocr: Callable[[int], OcrEngine]
) -> str | None:
    """Put the text of scanned pages into `found`; returns a warning where some cannot be read.

    Raises `ProblemError` where those outnumber the other pages.
    """
    scans = find_scanned_pages(pages)
    unread = set(scans.certain)
    others = sum(bool(page.spans) for number, page in enumerate(pages) if number not in unread)
    try:
        for number in _ocr_pages(document, pages, found, [*scans.certain, *scans.possible], start_ocr):
            unread.discard(number)
    except ProblemError as error:
        if len(unread) > others + len(scans.certain) - len(unread):
            raise
        return error.problem.warning(len(unread), len(pages)) if unread else None
    return None


def _ocr_pages(
    document: Any,
    pages: list[PageContent],
    found: list[Blocks],
    numbers: list[int],
    start_ocr: Callable[[int], OcrEngine],
) -> Iterator[int]:
    """Yield the number of each page that is done; a stamp is kept on the first page that has it."""
    if not numbers:
        return
    engine = start_ocr(len(numbers))
    stamped: set[str] = set()
    for number in numbers:
        with _page(document, number) as page:
            spans = ocr_page(page, pages[number].spans, engine)
        if spans:
            stamp = [span for span in pages[number].spans if span.text not in stamped]
            found[number] = [*_blocks(spans, NO_RULING_LINES), *_blocks(stamp, NO_RULING_LINES)]
            stamped.update(span.text for span in stamp)
        yield number


@contextmanager
def _page(document: Any, number: int) -> Iterator[Any]:
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise ProblemError(Problem.BROKEN, f"page {number}")
    yield page
    pdfium.FPDF_ClosePage(page)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        raise ProblemError(_PROBLEMS.get(error, Problem.BROKEN), f"pdfium error {error}")
    yield document
    pdfium.FPDF_CloseDocument(document)
