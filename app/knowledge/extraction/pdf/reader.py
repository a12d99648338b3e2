"""A PDF becomes Markdown; its pages without text, only pictures, are given to text recognition."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2_raw.bindings as pdfium

from app.knowledge.extraction.pdf.grid import Table, blocks
from app.knowledge.extraction.pdf.layout import to_markdown
from app.knowledge.extraction.pdf.rows import rows
from app.knowledge.extraction.pdf.rules import Rules, objects, read_rules
from app.knowledge.extraction.pdf.runs import Run, TextPage
from app.knowledge.extraction.problems import Problem, ProblemError

_MOST_PAGES = 10_000
_PROBLEMS = {pdfium.FPDF_ERR_PASSWORD: Problem.ENCRYPTED, pdfium.FPDF_ERR_SECURITY: Problem.ENCRYPTED}
_FEWEST_RULES = 2

Blocks = list[Run | Table]


def read_pdf(data: bytes) -> str:
    """Its text, "" where it has none; raises `ProblemError`."""
    if b"%PDF-" not in data[:1024]:
        raise ProblemError(Problem.BROKEN, "no PDF header")
    pages: list[Blocks] = []
    with _opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > _MOST_PAGES:
            raise ProblemError(Problem.TOO_MANY_PAGES, f"{count} pages")
        for number in range(count):
            page = pdfium.FPDF_LoadPage(document, number)
            if not page:
                raise ProblemError(Problem.BROKEN, f"page {number} of {count}")
            pages.append(_read_page(page))
            pdfium.FPDF_ClosePage(page)
    return to_markdown(pages)


def _read_page(page: Any) -> Blocks:
    paths = [drawn for kind, drawn in objects(page) if kind == pdfium.FPDF_PAGEOBJ_PATH]
    rules = read_rules(page, paths) if paths else Rules([], [])
    text = TextPage(page, [x for x, _, _ in rules.vertical])
    runs = text.runs()
    text.close()
    return list(blocks(rows(runs, rules), rules))


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        raise ProblemError(_PROBLEMS.get(error, Problem.BROKEN), f"pdfium error {error}")
    yield document
    pdfium.FPDF_CloseDocument(document)
