"""Scanned pages: which pages of a PDF are images, and what OCR reads on them."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2.raw as pdfium

from app.extraction.pdf.figures import find_figure
from app.extraction.pdf.page_objects import Box, PageObject, bounding_box, page_objects
from app.extraction.pdf.ruling_lines import NO_RULING_LINES, RulingLines
from app.extraction.pdf.running_headers import LineKey, is_page_number, line_key
from app.extraction.pdf.text_spans import TextSpan

if TYPE_CHECKING:
    from app.extraction.ocr.greyscale import GreyscaleImage

_IMAGE_TYPES = {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}
_MOST_OF_A_STAMP = 500
_MOST_OF_A_LONG_STAMP = 1000
_SHARE_OF_A_SCAN = 0.5
_LEAST_SHARE = 0.25
_FEWEST_LETTERS = 20
_MOST_PARTS = 1000
_WORD = re.compile(r"[^\W\d_]{4,}")

Stamp = tuple[LineKey, ...]
"""The lines that a program adds to each scanned page, a signature for example, without page numbers."""

OcrEngine = Callable[["GreyscaleImage"], list[TextSpan]]
"""Recognises the text of one image."""


class PageContent(NamedTuple):
    """Text and ruling lines of a page; whether it has images, and the share of its area that they cover.

    `figure` is the box in page space of images that may hold text, None where there are none.
    """

    spans: list[TextSpan]
    ruling: RulingLines
    has_images: bool
    image_share: float
    figure: Box | None = None


NO_CONTENT = PageContent([], NO_RULING_LINES, has_images=False, image_share=0.0)


class ScannedPages(NamedTuple):
    """Page numbers from 0: pages whose only text is a stamp, and pages where that is possible."""

    certain: list[int]
    possible: list[int]


def page_content(page: Any, drawn: Sequence[PageObject], spans: list[TextSpan], ruling: RulingLines) -> PageContent:
    """Look for images among the `drawn` objects of a page whose text and lines have been read."""
    if not any(kind in _IMAGE_TYPES for kind, _ in drawn):
        return PageContent(spans, ruling, has_images=False, image_share=0.0)
    handles = [handle for kind, handle in drawn if kind in _IMAGE_TYPES and _is_image(kind, handle)]
    images = [box for box in map(bounding_box, handles) if box]
    share = _share_of_images(page, images)
    return PageContent(spans, ruling, True, share, find_figure(page, images, spans) if spans else None)


def _share_of_images(page: Any, images: Sequence[Box]) -> float:
    """The share of the page's area; more than 1 where images lie upon each other."""
    size = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page)
    covered = sum(abs((box[2] - box[0]) * (box[3] - box[1])) for box in images)
    return float(covered / max(size, 1))


def find_scanned_pages(pages: Sequence[PageContent]) -> ScannedPages:
    """Pages with images and no text, or with a text that several pages share: a stamp.

    Texts that differ from page to page are those of slides upon a background; a single short one may be either.
    """
    blank = [number for number, page in enumerate(pages) if page.has_images and not page.spans]
    covered = [number for number, page in enumerate(pages) if page.spans and page.image_share > _LEAST_SHARE]
    stamps = {number: _stamp(pages[number].spans, number) for number in covered}
    counts = Counter(stamps.values())
    stamped = [number for number in covered if _is_repeated(stamps[number], counts)]
    single = [number for number in covered if number not in stamped and _may_be_stamped(pages[number])]
    return ScannedPages(sorted(blank + stamped), single if len(single) == 1 else [])


def ocr_page(page: Any, stamp: Sequence[TextSpan], engine: OcrEngine) -> list[TextSpan]:
    """The text of the images on a page; none where they are a background or repeat the page's own text.

    Removes that text, the `stamp`, from the page.
    """
    from app.extraction.pdf.rendering import render_page  # noqa: PLC0415 - most PDFs need no numpy

    if stamp:
        _remove_text(page)
    spans = engine(render_page(page))
    return spans if not stamp or has_words(spans, stamp) else []


def has_words(spans: Sequence[TextSpan], others: Sequence[TextSpan]) -> bool:
    """Whether recognised text has words that the other text does not have; what is read in photographs has none."""
    return sum(map(len, _words(spans) - _words(others))) >= _FEWEST_LETTERS


def _remove_text(page: Any) -> None:
    for kind, handle in list(page_objects(page)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFPage_RemoveObject(page, handle):
            pdfium.FPDFPageObj_Destroy(handle)


def _stamp(spans: Sequence[TextSpan], number: int) -> Stamp:
    return tuple(line_key(span, number) for span in spans if not is_page_number(span))


def _may_be_stamped(page: PageContent) -> bool:
    return (
        page.image_share > _SHARE_OF_A_SCAN and sum(len(span.text) for span in page.spans) <= _MOST_OF_A_LONG_STAMP
    )


def _is_repeated(stamp: Stamp, counts: Counter[Stamp]) -> bool:
    """Whether several pages have the stamp; two may share a long text for another reason, as copies do."""
    return (
        not stamp
        or counts[stamp] > 2
        or (counts[stamp] == 2 and sum(len(text) for text, _ in stamp) <= _MOST_OF_A_STAMP)
    )


def _is_image(kind: int, drawn: Any) -> bool:
    """An image, or a form XObject with one in it: programs that add a stamp wrap the page in such a form."""
    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        return True
    parts = min(pdfium.FPDFFormObj_CountObjects(drawn), _MOST_PARTS)
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(drawn, part)) for part in range(parts))
    return pdfium.FPDF_PAGEOBJ_IMAGE in kinds


def _words(spans: Sequence[TextSpan]) -> set[str]:
    """Its longer words."""
    return {word for span in spans for word in _WORD.findall(span.text.lower())}
