"""A PDF becomes Markdown; its pages without text, only pictures, are given to text recognition."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2_raw.bindings as pdfium

from app.knowledge.extraction.pdf.framed import framed
from app.knowledge.extraction.pdf.grid import Table
from app.knowledge.extraction.pdf.items import with_marks
from app.knowledge.extraction.pdf.layout import to_markdown
from app.knowledge.extraction.pdf.pictures import picture_of
from app.knowledge.extraction.pdf.regions import blocks
from app.knowledge.extraction.pdf.rows import rows
from app.knowledge.extraction.pdf.rules import NO_RULES, Rules, objects, read_rules
from app.knowledge.extraction.pdf.running import without_repetitions
from app.knowledge.extraction.pdf.runs import Run
from app.knowledge.extraction.pdf.text_page import TextPage
from app.knowledge.extraction.problems import Problem, ProblemError

_MOST_PAGES = 10_000
_PROBLEMS = {pdfium.FPDF_ERR_PASSWORD: Problem.ENCRYPTED, pdfium.FPDF_ERR_SECURITY: Problem.ENCRYPTED}
_PICTURES = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}

Blocks = list[Run | Table]
Recognise = Callable[[bytes], list[list[Run]]]


def read_pdf(data: bytes, recogniser: Callable[[int], Recognise]) -> str:
    """Its text, "" where it has none; raises `ProblemError`.

    `recogniser` is asked for once, with the number of pages that are only pictures, if there are any; it then gets
    each of them as a PGM file.
    """
    if b"%PDF-" not in data[:1024]:
        raise ProblemError(Problem.BROKEN, "no PDF header")
    with _opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > _MOST_PAGES:
            raise ProblemError(Problem.TOO_MANY_PAGES, f"{count} pages")
        texts: list[list[Run]] = []
        rules: list[Rules] = []
        pictures: list[int] = []
        for number in range(count):
            with _page(document, number) as page:
                runs, lines, is_picture = _read_page(page)
            texts.append(runs)
            rules.append(lines)
            if is_picture:
                pictures.append(number)
        pages = list(map(_blocks, without_repetitions(texts), rules))
        if pictures:
            _recognise(document, pages, pictures, recogniser(len(pictures)))
    return to_markdown(pages)


def _read_page(page: Any) -> tuple[list[Run], Rules, bool]:
    """Text and lines of a page, and whether it has pictures and no text."""
    drawn = list(objects(page))
    paths = [handle for kind, handle in drawn if kind == pdfium.FPDF_PAGEOBJ_PATH]
    rules = read_rules(page, paths) if paths else NO_RULES
    text = TextPage(page, rules.vertical)
    runs = text.runs()
    text.close()
    return runs, rules, not runs and any(kind in _PICTURES for kind, _ in drawn)


def _blocks(runs: list[Run], rules: Rules) -> Blocks:
    """Ruled tables, and between them what the order of drawing and the places of the runs tell."""
    found: Blocks = []
    for part in framed(with_marks(runs, rules.vertical), rules):
        if isinstance(part, Table):
            found.append(part)
        else:
            found.extend(blocks(rows(part, rules), rules))
    return found


def _recognise(document: Any, pages: list[Blocks], pictures: list[int], recognise: Recognise) -> None:
    for number in pictures:
        with _page(document, number) as page:
            picture = picture_of(page)
        runs = [run for part in recognise(picture) for run in part]
        pages[number] = _blocks(runs, NO_RULES)


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
