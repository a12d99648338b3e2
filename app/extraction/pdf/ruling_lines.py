"""Ruling lines: the straight lines and the edges of boxes that a page draws, mostly around cells of tables."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from app.extraction.pdf.page_objects import Box, bounding_box, upright_box

_MOST_SEGMENTS = 400
_THICKEST = 3
_SHORTEST = 6
_SAME = 1.5

RulingLine = tuple[float, float, float]
"""Position across the line, start and end along it, in points."""


class RulingLines(NamedTuple):
    """Horizontal lines as (y, left, right), vertical ones as (x, top, bottom), in upright space."""

    horizontal: list[RulingLine]
    vertical: list[RulingLine]

    def separate(self, above: float, below: float, left: float, right: float) -> bool:
        """Whether a horizontal line lies between the heights `above` and `below`, at the middle of the stretch."""
        middle = (left + right) / 2
        return any(above - 2 <= y <= below + 2 and start <= middle <= end for y, start, end in self.horizontal)


NO_RULING_LINES = RulingLines([], [])


def read_ruling_lines(page: Any, paths: list[Any]) -> RulingLines:
    """Thin boxes count as lines, and so do the four edges of larger boxes; `paths` are handles of path objects."""
    rotation = pdfium.FPDFPage_GetRotation(page)
    ruling = RulingLines([], [])
    for path in paths:
        for box in _boxes(path):
            _add(ruling, upright_box(rotation, *box))
    return ruling


def _add(ruling: RulingLines, box: Box) -> None:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if height <= _THICKEST and width >= _SHORTEST:
        ruling.horizontal.append(((top + bottom) / 2, left, right))
    elif width <= _THICKEST and height >= _SHORTEST:
        ruling.vertical.append(((left + right) / 2, top, bottom))
    elif width >= _SHORTEST and height >= _SHORTEST:
        ruling.horizontal.extend(((top, left, right), (bottom, left, right)))
        ruling.vertical.extend(((left, top, bottom), (right, top, bottom)))


def _boxes(path: Any) -> Iterator[Box]:
    """The box of a path in page space, or of each straight segment of a path that has many."""
    segments = pdfium.FPDFPath_CountSegments(path)
    if segments <= 5:
        if box := bounding_box(path):
            yield box
    elif segments <= _MOST_SEGMENTS:
        yield from _straight_segments(path, segments)


def _straight_segments(path: Any, segments: int) -> Iterator[Box]:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix)):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    before = (0.0, 0.0)
    for number in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        straight = abs(point[0] - before[0]) < _SAME or abs(point[1] - before[1]) < _SAME
        if straight and pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO:
            yield (
                min(point[0], before[0]),
                min(point[1], before[1]),
                max(point[0], before[0]),
                max(point[1], before[1]),
            )
        before = point
