"""Displaced cells: merged cells that a file draws before the other cells of their rows."""

from app.extraction.pdf.cells import CellRow
from app.extraction.pdf.text_spans import same_line

_MOST_MERGED = 40


def place_displaced_cells(found: list[CellRow]) -> list[CellRow]:
    """The rows, each displaced cell moved into the row it belongs to."""
    return [row for number, row in enumerate(found) if not _is_moved_down(found, number)]


def _is_moved_down(found: list[CellRow], number: int) -> bool:
    """Move a cell that is merged over several rows, its text at the bottom, to the last of them, if it is one."""
    row = found[number]
    if len(row) > 1:
        return False
    for following in range(number + 1, min(number + _MOST_MERGED, len(found))):
        other = found[following]
        if len(other) == 1 or other[0].left < row[0].right or other[0].top > row[0].bottom:
            break
        if same_line(other[0].spans[-1], row[0].spans[-1]):
            other.insert(0, row[0])
            return True
    return False
