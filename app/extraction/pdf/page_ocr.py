"""OCR of a PDF: its scanned pages, and the figures on its pages of text."""

from collections.abc import Callable, Iterator, Sequence

from app.extraction.pdf.document import PdfDocument
from app.extraction.pdf.figures import may_hold_text
from app.extraction.pdf.page_blocks import Blocks, page_blocks
from app.extraction.pdf.scanned_pages import (
    OcrEngine,
    PageContent,
    find_scanned_pages,
    has_words,
    ocr_page,
)
from app.extraction.problems import Problem, ProblemError
from app.extraction.request import MOST_PICTURES
from app.extraction.warning_text import joined

StartOcr = Callable[[int], OcrEngine]
"""Is told the number of images, and returns what reads each of them; both raise `ProblemError`."""


def add_ocr(
    document: PdfDocument, pages: Sequence[PageContent], blocks: list[Blocks], start_ocr: StartOcr
) -> str | None:
    """Put the text of scanned pages and figures into the `blocks` of their pages.

    Returns a warning where some cannot be read. Raises `ProblemError` where those are scanned pages, and outnumber
    the others.
    """
    scans = find_scanned_pages(pages)
    numbers = [*scans.certain, *scans.possible]
    figures = _figures(document, pages, set(numbers))
    read = figures[: max(0, MOST_PICTURES - len(numbers))]
    unread, without_figure = set(scans.certain), set(figures)
    others = sum(bool(page.spans) for number, page in enumerate(pages) if number not in unread)
    problem = Problem.TOO_MANY_PICTURES
    try:
        engine = start_ocr(len(numbers) + len(read)) if numbers or read else None
        for number in _read_scans(document, pages, blocks, numbers, engine) if engine else ():
            unread.discard(number)
        for number in _read_figures(document, pages, blocks, read, engine) if engine else ():
            without_figure.discard(number)
    except ProblemError as error:
        if len(unread) > others + len(scans.certain) - len(unread):
            raise
        problem = error.problem
    return joined(
        problem.warning(len(unread), len(pages)) if unread else None,
        problem.warning(len(without_figure), len(pages), whole=False) if without_figure else None,
    )


def _figures(document: PdfDocument, pages: Sequence[PageContent], scanned: set[int]) -> list[int]:
    """The numbers of the pages of text with a figure that may hold text."""
    found = []
    for number, content in enumerate(pages):
        if content.figure and number not in scanned:
            with document.page(number) as page:
                if page and may_hold_text(page, content.figure):
                    found.append(number)
    return found


def _read_scans(
    document: PdfDocument,
    pages: Sequence[PageContent],
    blocks: list[Blocks],
    numbers: Sequence[int],
    engine: OcrEngine,
) -> Iterator[int]:
    """Yield the number of each page that is done; a stamp is kept on the first page that has it."""
    stamped: set[str] = set()
    for number in numbers:
        with document.page(number) as page:
            spans = ocr_page(page, pages[number].spans, engine)
        if spans:
            stamp = [span for span in pages[number].spans if span.text not in stamped]
            blocks[number] = [*page_blocks(spans), *page_blocks(stamp)]
            stamped.update(span.text for span in stamp)
        yield number


def _read_figures(
    document: PdfDocument,
    pages: Sequence[PageContent],
    blocks: list[Blocks],
    numbers: Sequence[int],
    engine: OcrEngine,
) -> Iterator[int]:
    """Yield the number of each page whose figure is read; its text goes to the end of the page."""
    from app.extraction.pdf.rendering import render_area  # noqa: PLC0415 - most PDFs need no numpy

    for number in numbers:
        figure = pages[number].figure
        with document.page(number) as page:
            spans = engine(render_area(page, figure)) if page and figure else []
        if has_words(spans, pages[number].spans):
            blocks[number] = [*blocks[number], *page_blocks(spans)]
        yield number
