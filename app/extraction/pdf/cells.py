"""Cells: what stands side by side in a row, and lines of text that may be one of them."""

from collections.abc import Sequence

from app.extraction.pdf.runs import Run, same_line

MOST_LINES_OF_CELL = 12
_SPACING = 1.5
_LONGEST_FIGURE = 15


class Cell:
    """Runs below each other, and the box around them."""

    __slots__ = ("bottom", "left", "right", "runs", "top")

    def __init__(self, run: Run) -> None:
        self.runs = [run]
        self.left, self.right, self.top, self.bottom = run.left, run.right, run.top, run.bottom

    def add(self, run: Run) -> None:
        """One more line at the end."""
        self.runs.append(run)
        self.left, self.right = min(self.left, run.left), max(self.right, run.right)
        self.top, self.bottom = min(self.top, run.top), max(self.bottom, run.bottom)


Row = list[Cell]


def gap_between(above: Row, row: Row) -> float:
    """The height that is empty between two rows."""
    return min(cell.top for cell in row) - max(cell.bottom for cell in above)


def follows(run: Run, following: Run) -> bool:
    """Whether it is the next line below."""
    return 0.5 * run.size < following.top - run.top < _SPACING * max(run.size, following.size)


def are_beside(cells: Sequence[Sequence[Run]]) -> bool:
    """Whether all of them have as many lines, at the same heights."""
    first = cells[0]
    return all(len(cell) == len(first) and all(map(same_line, cell, first)) for cell in cells)


def is_figure(text: str) -> bool:
    """A price, a number or a date, say."""
    return len(text) <= _LONGEST_FIGURE and any(map(str.isdigit, text))
