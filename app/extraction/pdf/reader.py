"""A PDF becomes Markdown; its scanned pages go through OCR."""

from typing import Any

import pypdfium2.raw as pdfium

from app.domain.file_text import FileText
from app.extraction.pdf.annotations import with_annotations
from app.extraction.pdf.document import PdfDocument, is_past_the_end, opened, warning_of_unreadable
from app.extraction.pdf.page_blocks import page_blocks
from app.extraction.pdf.page_objects import page_objects
from app.extraction.pdf.page_ocr import StartOcr, add_ocr
from app.extraction.pdf.paragraphs import to_markdown
from app.extraction.pdf.ruling_lines import NO_RULING_LINES, read_ruling_lines
from app.extraction.pdf.running_headers import remove_running_headers
from app.extraction.pdf.scanned_pages import (
    NO_CONTENT,
    PageContent,
    page_content,
)
from app.extraction.pdf.text_page import TextPage
from app.extraction.problems import Problem, ProblemError
from app.extraction.warning_text import joined

_MOST_PAGES = 10_000


def read_pdf(data: bytes, start_ocr: StartOcr) -> FileText:
    """The text of a PDF, "" where it has none; raises `ProblemError`.

    `start_ocr` is called once with the number of scanned pages, if there are any; what it returns then gets each of
    them. Where either raises, the text of the other pages counts, unless they are fewer.
    """
    with opened(data) as document:
        pages, unreadable = _read_pages(document)
        texts = remove_running_headers([page.spans for page in pages])
        blocks = [page_blocks(spans, page.ruling) for spans, page in zip(texts, pages, strict=True)]
        warning = add_ocr(document, pages, blocks, start_ocr)
    return FileText(to_markdown(blocks), joined(unreadable, warning))


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
