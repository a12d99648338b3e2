"""Cells, each of one or more lines of text, and rows of cells side by side."""

from collections.abc import Sequence

from app.extraction.pdf.text_spans import TextSpan, same_line

MOST_LINES_OF_CELL = 12
_SPACING = 1.5
_LONGEST_NUMBER = 15


class Cell:
    """The lines of one cell from top to bottom, with their bounding box."""

    __slots__ = ("bottom", "left", "right", "spans", "top")

    def __init__(self, span: TextSpan) -> None:
        self.spans = [span]
        self.left, self.right, self.top, self.bottom = span.left, span.right, span.top, span.bottom

    def add(self, span: TextSpan) -> None:
        """Append a line."""
        self.spans.append(span)
        self.left, self.right = min(self.left, span.left), max(self.right, span.right)
        self.top, self.bottom = min(self.top, span.top), max(self.bottom, span.bottom)


CellRow = list[Cell]


def gap_between(above: CellRow, row: CellRow) -> float:
    """The empty height between two rows, in points; negative where they overlap."""
    return min(cell.top for cell in row) - max(cell.bottom for cell in above)


def follows(span: TextSpan, following: TextSpan) -> bool:
    """Whether `following` is the next line below, at the usual line spacing."""
    return 0.5 * span.size < following.top - span.top < _SPACING * max(span.size, following.size)


def are_aligned(cells: Sequence[Sequence[TextSpan]]) -> bool:
    """Whether the cells have equally many lines, at the same heights."""
    first = cells[0]
    return all(len(cell) == len(first) and all(map(same_line, cell, first)) for cell in cells)


def looks_numeric(text: str) -> bool:
    """Whether it may be a price, a number or a date: short, with a digit."""
    return len(text) <= _LONGEST_NUMBER and any(map(str.isdigit, text))
