"""An open PDF: its pages, of which some may be unreadable, and its form."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from app.extraction.problems import Problem, ProblemError

_MOST_MISSING = 100
_MOST_RANGES_NAMED = 5
_PAGE = re.compile(rb"/Type\s*/Page\b")
_COUNT = re.compile(rb"(/Count\s+)(\d+)")
_PROBLEMS = {pdfium.FPDF_ERR_PASSWORD: Problem.ENCRYPTED, pdfium.FPDF_ERR_SECURITY: Problem.ENCRYPTED}


class PdfDocument:
    """`form` is pdfium's handle of the interactive form, None where the file has none."""

    def __init__(self, handle: Any, form: Any) -> None:
        self.form = form
        self._handle = handle

    @property
    def page_count(self) -> int:
        """How many pages the file says it has."""
        return int(pdfium.FPDF_GetPageCount(self._handle))

    @contextmanager
    def page(self, number: int) -> Iterator[Any]:
        """The handle of a page, counted from 0; None where it cannot be read."""
        page = pdfium.FPDF_LoadPage(self._handle, number)
        try:
            yield page or None
        finally:
            if page:
                pdfium.FPDF_ClosePage(page)


@contextmanager
def opened(data: bytes) -> Iterator[PdfDocument]:
    """The document in the bytes of a file; raises `ProblemError`."""
    if b"%PDF-" not in data[:1024]:
        raise ProblemError(Problem.BROKEN, "no PDF header")
    pdfium.FPDF_InitLibrary()
    handle = _load(data)
    if pdfium.FPDF_GetPageCount(handle) < len(_PAGE.findall(data)):
        pdfium.FPDF_CloseDocument(handle)
        data = _COUNT.sub(_zero, data)
        handle = _load(data)
    has_form = pdfium.FPDF_GetFormType(handle) != pdfium.FORMTYPE_NONE
    settings = pdfium.FPDF_FORMFILLINFO(version=2)
    form = pdfium.FPDFDOC_InitFormFillEnvironment(handle, ctypes.byref(settings)) if has_form else None
    try:
        yield PdfDocument(handle, form)
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)
        pdfium.FPDF_CloseDocument(handle)


def _load(data: bytes) -> Any:
    """pdfium's handle of a document, which needs the data as long as it is open; raises `ProblemError`."""
    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        error = pdfium.FPDF_GetLastError()
        raise ProblemError(_PROBLEMS.get(error, Problem.BROKEN), f"pdfium error {error}")
    return handle


def _zero(count: re.Match[bytes]) -> bytes:
    """The count of a page tree as 0, which makes pdfium count the pages itself."""
    return count[1] + b"0".rjust(len(count[2]))


def is_past_the_end(unreadable: list[int], number: int) -> bool:
    """Whether so many pages before page `number` are missing that the file has fewer than it says."""
    return len(unreadable) >= _MOST_MISSING and unreadable[-_MOST_MISSING] == number - _MOST_MISSING


def warning_of_unreadable(unreadable: list[int], count: int) -> str | None:
    """ "Page 2 of 3 could not be read."; page numbers from 0, None where there are none."""
    if not unreadable:
        return None
    ranges: list[tuple[int, int]] = []
    for number in unreadable:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    named = [f"{first + 1}" if first == last else f"{first + 1}-{last + 1}" for first, last in ranges]
    more = ", …" if len(named) > _MOST_RANGES_NAMED else ""
    pages = "Page" if len(unreadable) == 1 else "Pages"
    return f"{pages} {', '.join(named[:_MOST_RANGES_NAMED])}{more} of {count} could not be read."
