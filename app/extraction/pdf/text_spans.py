"""Text spans: parts of a line of text without a wide gap, with their bounding boxes.

Coordinates are in points, x to the right and y DOWN, as the page is seen after its rotation.
"""

from typing import NamedTuple

HYPHEN = "\ufffe"
"""What pdfium puts in place of a hyphen at the end of a line."""

OCR_FONT_SIZE = 4.99
"""Font size given to recognised text; no font of a file has it, as sizes read from files are rounded to halves."""

LINE_TOLERANCE = 0.35
"""How far the baselines of one row may differ, as a share of the font size."""

TextPiece = tuple[str, float, float]
"""Text, left and right edge."""


class TextSpan(NamedTuple):
    """`size` is the font size as seen, in points.

    `pieces` are the separately drawn texts a span is made of, where there are several without a space character
    between them; else empty.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    pieces: tuple[TextPiece, ...] = ()


def same_line(span: TextSpan, other: TextSpan) -> bool:
    """Whether two spans share a baseline."""
    return abs(span.bottom - other.bottom) < LINE_TOLERANCE * max(span.size, other.size)
