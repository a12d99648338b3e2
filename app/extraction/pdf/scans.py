"""Pages that are pictures: which they are, and what recognition finds on them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2_raw.bindings as pdfium

from app.extraction.pdf.rules import Object, Rules, bounds, objects
from app.extraction.pdf.running import Key, is_number_of_page, key_of
from app.extraction.pdf.runs import Run

if TYPE_CHECKING:
    from app.extraction.grey import Grey

_PICTURES = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}
_MOST_OF_A_STAMP = 500
_MOST_OF_A_LONG_STAMP = 1000
_SHARE_OF_A_SCAN = 0.5
_LEAST_SHARE = 0.25
_FEWEST_LETTERS = 20
_MOST_PARTS = 1000
_WORD = re.compile(r"[^\W\d_]{4,}")

Stamp = tuple[Key, ...]
"""Texts and their heights, without numbers of pages."""

Recognise = Callable[["Grey"], list[Run]]


class Look(NamedTuple):
    """What a page looks like: whether there are pictures, and which share of it those cover that are images."""

    runs: list[Run]
    rules: Rules
    has_pictures: bool
    share: float


class Scans(NamedTuple):
    """The numbers of pages: those without text of their own but a stamp, and those that may be such."""

    certain: list[int]
    possible: list[int]


def look_at(page: Any, drawn: Sequence[Object], runs: list[Run], rules: Rules) -> Look:
    """A page whose text and lines are read already."""
    has_pictures = any(kind in _PICTURES for kind, _ in drawn)
    return Look(runs, rules, has_pictures, _share_of_images(page, drawn) if has_pictures else 0)


def _share_of_images(page: Any, drawn: Sequence[Object]) -> float:
    """More than 1 where one lies upon the other."""
    size = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page)
    boxes = [bounds(handle) for kind, handle in drawn if kind in _PICTURES and _is_picture(kind, handle)]
    covered = sum(abs((box[2] - box[0]) * (box[3] - box[1])) for box in boxes if box)
    return float(covered / max(size, 1))


def find_scans(pages: Sequence[Look]) -> Scans:
    """Pages of pictures without text but numbers of pages, or with one that is the same on others, too: a stamp.

    Texts that differ stand on the backgrounds of slides; a single one, if it is short, may be either.
    """
    blank = [number for number, page in enumerate(pages) if page.has_pictures and not page.runs]
    covered = [number for number, page in enumerate(pages) if page.runs and page.share > _LEAST_SHARE]
    stamps = {number: _stamp(pages[number].runs, number) for number in covered}
    counts = Counter(stamps.values())
    stamped = [number for number in covered if _is_on_several(stamps[number], counts)]
    single = [number for number in covered if number not in stamped and _may_be_stamped(pages[number])]
    return Scans(sorted(blank + stamped), single if len(single) == 1 else [])


def recognised(page: Any, stamp: Sequence[Run], recognise: Recognise) -> list[Run]:
    """What the pictures on a page say; nothing where they are but a background, or say what its text says.

    Takes that text, the `stamp`, off the page.
    """
    from app.extraction.pdf.pictures import picture_of  # noqa: PLC0415 - most PDFs need no numpy

    if stamp:
        _take_text_off(page)
    runs = recognise(picture_of(page))
    if stamp and sum(map(len, _words(runs) - _words(stamp))) < _FEWEST_LETTERS:
        return []
    return runs


def _take_text_off(page: Any) -> None:
    for kind, handle in list(objects(page)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFPage_RemoveObject(page, handle):
            pdfium.FPDFPageObj_Destroy(handle)


def _stamp(runs: Sequence[Run], number: int) -> Stamp:
    return tuple(key_of(run, number) for run in runs if not is_number_of_page(run))


def _may_be_stamped(page: Look) -> bool:
    return page.share > _SHARE_OF_A_SCAN and sum(len(run.text) for run in page.runs) <= _MOST_OF_A_LONG_STAMP


def _is_on_several(stamp: Stamp, counts: Counter[Stamp]) -> bool:
    """A long text may be on two pages for another reason, as copies of a receipt are."""
    return (
        not stamp
        or counts[stamp] > 2
        or (counts[stamp] == 2 and sum(len(text) for text, _ in stamp) <= _MOST_OF_A_STAMP)
    )


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
