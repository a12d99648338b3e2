"""Pages that are pictures: which they are, and what recognition finds on them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pypdfium2_raw.bindings as pdfium

from app.knowledge.extraction.pdf.pictures import picture_of
from app.knowledge.extraction.pdf.rules import Object, Rules, bounds, objects
from app.knowledge.extraction.pdf.running import Key, key_of
from app.knowledge.extraction.pdf.runs import Run

PICTURES = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}
_MOST_OF_A_STAMP = 500
_SHARE_OF_A_SCAN = 0.6
_FEWEST_LETTERS = 20
_MOST_PARTS = 1000
_WORD = re.compile(r"[^\W\d_]{4,}")

Recognise = Callable[[bytes], list[list[Run]]]


class Look(NamedTuple):
    """What a page looks like: whether there are pictures, and whether they are nearly as large as the page."""

    runs: list[Run]
    rules: Rules
    has_pictures: bool
    is_covered: bool


class Scans(NamedTuple):
    """The numbers of pages: those without text of their own but a stamp, and those that may be such."""

    certain: list[int]
    possible: list[int]


def is_covered(page: Any, drawn: Sequence[Object]) -> bool:
    """Whether pictures cover most of a page."""
    size = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page)
    boxes = [bounds(handle) for kind, handle in drawn if kind in PICTURES and _is_picture(kind, handle)]
    covered = sum(abs((box[2] - box[0]) * (box[3] - box[1])) for box in boxes if box)
    return bool(covered > _SHARE_OF_A_SCAN * size)


def find_scans(pages: Sequence[Look]) -> Scans:
    """Pages of pictures without text, or with a short one on a picture as large as the page: a stamp.

    A stamp is on several pages, but for their numbers; texts that differ stand on the backgrounds of slides.
    """
    stamps = {number: _stamp(page.runs, number) for number, page in enumerate(pages) if _is_stamped(page)}
    counts = Counter(stamps.values())
    blank = [number for number, page in enumerate(pages) if page.has_pictures and not page.runs]
    stamped = [number for number, stamp in stamps.items() if counts[stamp] > 1]
    single = [number for number, stamp in stamps.items() if counts[stamp] == 1]
    return Scans(sorted(blank + stamped), single if len(single) == 1 else [])


def recognised(page: Any, stamp: Sequence[Run], recognise: Recognise) -> list[Run]:
    """What the pictures on a page say; nothing where they are but a background, or say what its text says.

    Takes that text, the `stamp`, off the page.
    """
    for kind, handle in list(objects(page)) if stamp else []:
        if kind == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFPage_RemoveObject(page, handle):
            pdfium.FPDFPageObj_Destroy(handle)
    runs = [run for part in recognise(picture_of(page)) for run in part]
    if stamp and sum(map(len, _words(runs) - _words(stamp))) < _FEWEST_LETTERS:
        return []
    return runs


def _is_stamped(page: Look) -> bool:
    return page.is_covered and 0 < sum(len(run.text) for run in page.runs) <= _MOST_OF_A_STAMP


def _stamp(runs: Sequence[Run], number: int) -> tuple[Key, ...]:
    return tuple(key_of(run, number) for run in runs)


def _is_picture(kind: int, drawn: Any) -> bool:
    """An image, or a form with one in it, as programs wrap a page that they put a stamp on."""
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        return True
    parts = min(pdfium.FPDFFormObj_CountObjects(drawn), _MOST_PARTS)
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(drawn, part)) for part in range(parts))
    return pdfium.FPDF_PAGEOBJ_IMAGE in kinds


def _words(runs: Sequence[Run]) -> set[str]:
    """Its longer words: what is recognised in photographs has none."""
    return {word for run in runs for word in _WORD.findall(run.text.lower())}
