"""A PDF becomes Markdown; its pages that are pictures are given to text recognition."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2_raw.bindings as pdfium

from app.domain.file_text import FileText
from app.extraction.pdf.framed import framed
from app.extraction.pdf.grid import Table
from app.extraction.pdf.items import with_marks
from app.extraction.pdf.layout import to_markdown
from app.extraction.pdf.regions import blocks
from app.extraction.pdf.rows import rows
from app.extraction.pdf.rules import NO_RULES, Rules, objects, read_rules
from app.extraction.pdf.running import without_repetitions
from app.extraction.pdf.runs import Run
from app.extraction.pdf.scans import Look, Recognise, find_scans, look_at, recognised
from app.extraction.pdf.text_page import TextPage
from app.extraction.problems import Problem, ProblemError

_MOST_PAGES = 10_000
_PROBLEMS = {pdfium.FPDF_ERR_PASSWORD: Problem.ENCRYPTED, pdfium.FPDF_ERR_SECURITY: Problem.ENCRYPTED}

Blocks = list[Run | Table]


def read_pdf(data: bytes, recogniser: Callable[[int], Recognise]) -> FileText:
    """Its text, "" where it has none; raises `ProblemError`.

    `recogniser` is asked for once, with the number of pages that are pictures, if there are any; it then gets each
    of them. Where either raises, what the other pages say counts, if they are not the fewer.
    """
    if b"%PDF-" not in data[:1024]:
        raise ProblemError(Problem.BROKEN, "no PDF header")
    with _opened(data) as document:
        pages = _read_pages(document)
        texts = without_repetitions([page.runs for page in pages])
        found = [_blocks(runs, page.rules) for runs, page in zip(texts, pages, strict=True)]
        warning = _recognise(document, pages, found, recogniser)
    return FileText(to_markdown(found), warning)


def _read_pages(document: Any) -> list[Look]:
    count = pdfium.FPDF_GetPageCount(document)
    if count > _MOST_PAGES:
        raise ProblemError(Problem.TOO_MANY_PAGES, f"{count} pages")
    pages = []
    for number in range(count):
        with _page(document, number) as page:
            pages.append(_read_page(page))
    return pages


def _read_page(page: Any) -> Look:
    drawn = list(objects(page))
    paths = [handle for kind, handle in drawn if kind == pdfium.FPDF_PAGEOBJ_PATH]
    rules = read_rules(page, paths) if paths else NO_RULES
    text = TextPage(page, rules.vertical)
    runs = text.runs()
    text.close()
    return look_at(page, drawn, runs, rules)


def _blocks(runs: list[Run], rules: Rules) -> Blocks:
    """Ruled tables, and between them what the order of drawing and the places of the runs tell."""
    found: Blocks = []
    for part in framed(with_marks(runs, rules.vertical), rules):
        if isinstance(part, Table):
            found.append(part)
        else:
            found.extend(blocks(rows(part, rules), rules))
    return found


def _recognise(
    document: Any, pages: list[Look], found: list[Blocks], recogniser: Callable[[int], Recognise]
) -> str | None:
    """Add what the pictures say to what was `found` on the pages; returns a warning where some cannot be read.

    Raises `ProblemError` where those are more than the others.
    """
    scans = find_scans(pages)
    unread = set(scans.certain)
    others = sum(bool(page.runs) for number, page in enumerate(pages) if number not in unread)
    try:
        for number in _add_recognised(document, pages, found, [*scans.certain, *scans.possible], recogniser):
            unread.discard(number)
    except ProblemError as error:
        if len(unread) > others + len(scans.certain) - len(unread):
            raise
        return error.problem.warning(len(unread), len(pages)) if unread else None
    return None


def _add_recognised(
    document: Any,
    pages: list[Look],
    found: list[Blocks],
    numbers: list[int],
    recogniser: Callable[[int], Recognise],
) -> Iterator[int]:
    """The numbers of the pages, each as it is done; a stamp stays on the first page that has it."""
    if not numbers:
        return
    recognise = recogniser(len(numbers))
    stamped: set[str] = set()
    for number in numbers:
        with _page(document, number) as page:
            runs = recognised(page, pages[number].runs, recognise)
        if runs:
            stamp = [run for run in pages[number].runs if run.text not in stamped]
            found[number] = [*_blocks(runs, NO_RULES), *_blocks(stamp, NO_RULES)]
            stamped.update(run.text for run in stamp)
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
