"""The ruled lines of a page: what frames the cells of its tables."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2_raw.bindings as pdfium

_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 400
_THICKEST = 3
_SHORTEST = 6
_SAME = 1.5

Box = tuple[float, float, float, float]
Object = tuple[int, Any]
"""Kind and handle."""


Line = tuple[float, float, float]
"""Where it is, where it begins and where it ends."""


class Rules(NamedTuple):
    """Horizontal lines as (y, left, right), vertical ones as (x, top, bottom); coordinates as in `Run`."""

    horizontal: list[Line]
    vertical: list[Line]

    def between(self, above: float, below: float, left: float, right: float) -> bool:
        """Whether a horizontal line runs through the middle of this stretch, from height `above` to `below`."""
        middle = (left + right) / 2
        return any(above - 2 <= y <= below + 2 and start <= middle <= end for y, start, end in self.horizontal)


NO_RULES = Rules([], [])


def objects(page: Any) -> Iterator[Object]:
    """Kind and handle of what is drawn on the page, up to a bound."""
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, number)
        yield pdfium.FPDFPageObj_GetType(drawn), drawn


def bounds(drawn: Any) -> Box | None:
    """Left, bottom, right, top of what is drawn."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, edges)):
        return None
    return edges[0].value, edges[1].value, edges[2].value, edges[3].value


def read_rules(page: Any, paths: list[Any]) -> Rules:
    """The thin boxes and the edges of the other boxes among the drawn `paths`."""
    turns = pdfium.FPDFPage_GetRotation(page)
    rules = Rules([], [])
    for path in paths:
        for box in _boxes(path):
            _add(rules, turned(turns, *box))
    return rules


def _add(rules: Rules, box: Box) -> None:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if height <= _THICKEST and width >= _SHORTEST:
        rules.horizontal.append(((top + bottom) / 2, left, right))
    elif width <= _THICKEST and height >= _SHORTEST:
        rules.vertical.append(((left + right) / 2, top, bottom))
    elif width >= _SHORTEST and height >= _SHORTEST:
        rules.horizontal.extend(((top, left, right), (bottom, left, right)))
        rules.vertical.extend(((left, top, bottom), (right, top, bottom)))


def _boxes(path: Any) -> Iterator[Box]:
    """Left, bottom, right, top of a path, or of each straight stretch of one that has many."""
    segments = pdfium.FPDFPath_CountSegments(path)
    if segments <= 5:
        if box := bounds(path):
            yield box
    elif segments <= _MOST_SEGMENTS:
        yield from _stretches(path, segments)


def _stretches(path: Any, segments: int) -> Iterator[Box]:
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


def turned(turns: int, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
    """A box in the page's own coordinates (y up) as seen after its quarter turns: left, top, right, bottom."""
    if turns == 1:
        return bottom, left, top, right
    if turns == 2:
        return -right, bottom, -left, top
    if turns == 3:
        return -top, -right, -bottom, -left
    return left, -top, right, -bottom
