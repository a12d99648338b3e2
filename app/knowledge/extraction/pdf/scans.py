"""Pages that are pictures: which they are, and what recognition finds on them."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pypdfium2_raw.bindings as pdfium

from app.knowledge.extraction.pdf.pictures import picture_of
from app.knowledge.extraction.pdf.rules import Object, bounds, objects
from app.knowledge.extraction.pdf.runs import Run

_PICTURES = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}
_MOST_OF_A_STAMP = 500
_SHARE_OF_A_SCAN = 0.6
_FEWEST_LETTERS = 20
_WORD = re.compile(r"[^\W\d_]{4,}")

Recognise = Callable[[bytes], list[list[Run]]]


def is_scan(page: Any, drawn: Sequence[Object], runs: Sequence[Run]) -> bool:
    """Whether a page has pictures and no text, or as much as a stamp has on a picture as large as the page."""
    if not runs:
        return any(kind in _PICTURES for kind, _ in drawn)
    if sum(len(run.text) for run in runs) > _MOST_OF_A_STAMP:
        return False
    size = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page)
    images = (bounds(handle) for kind, handle in drawn if kind == pdfium.FPDF_PAGEOBJ_IMAGE)
    covered = sum(abs((box[2] - box[0]) * (box[3] - box[1])) for box in images if box)
    return bool(covered > _SHARE_OF_A_SCAN * size)


def recognised(page: Any, stamp: Sequence[Run], recognise: Recognise) -> list[Run]:
    """What the pictures on a page say; nothing where they are but a background, or say what its text says.

    Takes that text, the `stamp`, off the page.
    """
    for kind, handle in list(objects(page)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFPage_RemoveObject(page, handle):
            pdfium.FPDFPageObj_Destroy(handle)
    runs = [run for part in recognise(picture_of(page)) for run in part]
    if stamp and sum(map(len, _words(runs) - _words(stamp))) < _FEWEST_LETTERS:
        return []
    return runs


def _words(runs: Sequence[Run]) -> set[str]:
    """Its longer words: what is recognised in photographs has none."""
    return {word for run in runs for word in _WORD.findall(run.text.lower())}
