"""The objects a PDF page is drawn from, and their bounding boxes.

pdfium's page space has y pointing up and ignores the page's rotation. The rest of this package works in the upright
space of the reader: points, x to the right and y DOWN.
"""

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

_MOST_OBJECTS = 20_000

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in page space, or left, top, right, bottom in upright space."""

PageObject = tuple[int, Any]
"""One of pdfium's `FPDF_PAGEOBJ_` types, and the handle."""


def page_objects(page: Any) -> Iterator[PageObject]:
    """Type and handle of the first `_MOST_OBJECTS` objects of a page, in drawing order."""
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        handle = pdfium.FPDFPage_GetObject(page, number)
        yield pdfium.FPDFPageObj_GetType(handle), handle


def bounding_box(handle: Any) -> Box | None:
    """Left, bottom, right, top of an object in page space; None where pdfium knows none."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, edges)):
        return None
    return edges[0].value, edges[1].value, edges[2].value, edges[3].value


def upright_box(rotation: int, left: float, bottom: float, right: float, top: float) -> Box:
    """Left, top, right, bottom in upright space of a box in page space; `rotation` counts quarter turns."""
    if rotation == 1:
        return bottom, left, top, right
    if rotation == 2:
        return -right, bottom, -left, top
    if rotation == 3:
        return -top, -right, -bottom, -left
    return left, -top, right, -bottom
