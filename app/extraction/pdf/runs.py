"""Runs: stretches of one line of text without a wide gap, with their places.

Coordinates are in points, seen upright, x to the right and y DOWN, whatever the page's own rotation.
"""

from typing import NamedTuple

HYPHEN = "\ufffe"
"""What pdfium puts in place of a hyphen at the end of a line."""
RECOGNISED_SIZE = 4.99
"""Size of type of what was recognised in pictures; no size that is read from a file, as those are rounded."""

SAME_LINE = 0.35
"""How far lines of one row may be apart, as a share of the size of type."""

Part = tuple[str, float, float]
"""A text, and its left and right edge."""


class Run(NamedTuple):
    """One stretch of text; `size` is the font's as seen, in points.

    `parts` are there if there are several, each drawn by itself, with nothing in between that would be a space.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    parts: tuple[Part, ...] = ()


def same_line(run: Run, other: Run) -> bool:
    """Whether they stand side by side."""
    return abs(run.bottom - other.bottom) < SAME_LINE * max(run.size, other.size)
