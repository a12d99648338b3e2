"""Figures: large images on pages of text, which may hold text themselves."""

from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium

from app.extraction.pdf.page_objects import Box, upright_box
from app.extraction.pdf.text_spans import TextSpan

_LEAST_SHARE = 0.25
_SMALLEST_PART = 0.02
_MOST_LETTERS_ON_IT = 20
_SHARE_OF_BACKGROUND = 0.8
_SHADES = 16
_SHARE_OF_PAPER = 0.4
_SHARE_OF_EMPTY_PAPER = 0.998
_MOST_PIXELS = 250_000


def find_figure(page: Any, images: Sequence[Box], spans: Sequence[TextSpan]) -> Box | None:
    """The box in page space around the images of a page, where they cover much of it and no text is on them.

    Text upon an image is that of a slide, a form or a scan that has been recognised before.
    """
    size = pdfium.FPDF_GetPageWidthF(page) * pdfium.FPDF_GetPageHeightF(page)
    large = [box for box in images if _area(box) > _SMALLEST_PART * size]
    if not large or sum(map(_area, large)) < _LEAST_SHARE * size:
        return None
    lefts, bottoms, rights, tops = zip(*large, strict=True)
    box = min(lefts), min(bottoms), max(rights), max(tops)
    left, top, right, bottom = upright_box(pdfium.FPDFPage_GetRotation(page), *box)
    letters = sum(
        len(span.text)
        for span in spans
        if left < (span.left + span.right) / 2 < right and top < (span.top + span.bottom) / 2 < bottom
    )
    most = 0 if _area(box) > _SHARE_OF_BACKGROUND * size else _MOST_LETTERS_ON_IT
    return box if letters <= most else None


def may_hold_text(page: Any, figure: Box) -> bool:
    """Whether the figure has paper, one shade that covers much of it, and something on it; photographs do not."""
    import numpy as np  # noqa: PLC0415 - most PDFs need no numpy

    from app.extraction.pdf.rendering import render_area  # noqa: PLC0415

    shades = np.bincount(render_area(page, figure, _MOST_PIXELS).ravel() // (256 // _SHADES), minlength=_SHADES)
    return bool(_SHARE_OF_PAPER < shades.max() / shades.sum() < _SHARE_OF_EMPTY_PAPER)


def _area(box: Box) -> float:
    return abs((box[2] - box[0]) * (box[3] - box[1]))
