"""A PDF becomes Markdown; its scanned pages go through OCR."""

from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2.raw as pdfium

from app.domain.file_text import FileText
from app.extraction.pdf.annotations import with_annotations
from app.extraction.pdf.document import PdfDocument, is_past_the_end, opened, warning_of_unreadable
from app.extraction.pdf.drawing_order import in_reading_order
from app.extraction.pdf.list_markers import attach_list_markers
from app.extraction.pdf.page_objects import page_objects
from app.extraction.pdf.page_table import PageTable
from app.extraction.pdf.paragraphs import to_markdown
from app.extraction.pdf.reading_order import rows_in_reading_order
from app.extraction.pdf.ruled_tables import split_off_ruled_tables
from app.extraction.pdf.ruling_lines import NO_RULING_LINES, RulingLines, read_ruling_lines
from app.extraction.pdf.running_headers import remove_running_headers
from app.extraction.pdf.scanned_pages import (
    NO_CONTENT,
    OcrEngine,
    PageContent,
    find_scanned_pages,
    ocr_page,
    page_content,
)
from app.extraction.pdf.text_page import TextPage
from app.extraction.pdf.text_spans import TextSpan
from app.extraction.pdf.unruled_tables import split_off_unruled_tables
from app.extraction.problems import Problem, ProblemError
from app.extraction.warning_text import joined

_MOST_PAGES = 10_000

Blocks = list[TextSpan | PageTable]


def read_pdf(data: bytes, start_ocr: Callable[[int], OcrEngine]) -> FileText:
    """The text of a PDF, "" where it has none; raises `ProblemError`.

    `start_ocr` is called once with the number of scanned pages, if there are any; what it returns then gets each of
    them. Where either raises, the text of the other pages counts, unless they are fewer.
    """
    with opened(data) as document:
        pages, unreadable = _read_pages(document)
        texts = remove_running_headers([page.spans for page in pages])
        found = [_blocks(spans, page.ruling) for spans, page in zip(texts, pages, strict=True)]
        warning = _add_ocr(document, pages, found, start_ocr)
    return FileText(to_markdown(found), joined(unreadable, warning))


def _read_pages(document: PdfDocument) -> tuple[list[PageContent], str | None]:
    """The content of all pages, and a warning that names those that cannot be read; raises `ProblemError`."""
    count, pages, unreadable = document.page_count, list[PageContent](), list[int]()
    for number in range(count):
        if number == _MOST_PAGES:
            raise ProblemError(Problem.TOO_MANY_PAGES, f"{count} pages")
        if is_past_the_end(unreadable, number):
            unreadable.extend(range(number, count))
            break
        with document.page(number) as page:
            content = _read_page(page, document.form) if page else None
        if content is None:
            unreadable.append(number)
        pages.append(content or NO_CONTENT)
    if len(unreadable) == count:
        raise ProblemError(Problem.BROKEN, "no page can be read")
    if count > _MOST_PAGES and not any(page.spans or page.has_images for page in pages):
        raise ProblemError(Problem.TOO_MANY_PAGES, f"{count} pages")
    return pages, warning_of_unreadable(unreadable, count)


def _read_page(page: Any, form: Any) -> PageContent | None:
    """None where pdfium cannot read the text of the page."""
    drawn = list(page_objects(page))
    paths = [handle for kind, handle in drawn if kind == pdfium.FPDF_PAGEOBJ_PATH]
    ruling = read_ruling_lines(page, paths) if paths else NO_RULING_LINES
    text = TextPage.of(page, ruling.vertical)
    if text is None:
        return None
    spans = with_annotations(text.spans(), page, form)
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
    document: PdfDocument, pages: list[PageContent], found: list[Blocks], start_ocr: Callable[[int], OcrEngine]
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
    document: PdfDocument,
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
        with document.page(number) as page:
            spans = ocr_page(page, pages[number].spans, engine)
        if spans:
            stamp = [span for span in pages[number].spans if span.text not in stamped]
            found[number] = [*_blocks(spans, NO_RULING_LINES), *_blocks(stamp, NO_RULING_LINES)]
            stamped.update(span.text for span in stamp)
        yield number
