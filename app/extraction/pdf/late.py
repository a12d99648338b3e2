"""Cells that a file draws before or after the others of their row."""

from collections.abc import Iterator

from app.extraction.pdf.cells import MOST_LINES_OF_CELL, Cell, Row, follows
from app.extraction.pdf.runs import SAME_LINE, Run, same_line

_MOST_MERGED = 40


def in_their_rows(found: list[Row]) -> list[Row]:
    """The rows with such cells in their places."""
    return list(_with_last_cells([row for number, row in enumerate(found) if not _is_put_to_last(found, number)]))


def _is_put_to_last(found: list[Row], number: int) -> bool:
    """A cell that reaches down over rows, its text at the bottom, is drawn before them; it is one of the last."""
    row = found[number]
    if len(row) > 1:
        return False
    for following in range(number + 1, min(number + _MOST_MERGED, len(found))):
        other = found[following]
        if len(other) == 1 or other[0].left < row[0].right or other[0].top > row[0].bottom:
            break
        if same_line(other[0].runs[-1], row[0].runs[-1]):
            other.insert(0, row[0])
            return True
    return False


def _with_last_cells(found: list[Row]) -> Iterator[Row]:
    """A last cell of several lines begins above the others of its row, which are aligned with its middle."""
    position = 0
    while position < len(found):
        row = found[position]
        position += 1
        lines = _lines_right_of(row, found[position : position + MOST_LINES_OF_CELL]) if len(row) > 1 else []
        middle = (row[0].top + row[0].bottom) / 2
        if 1 < len(lines) < MOST_LINES_OF_CELL and _is_in_the_middle(lines, middle):
            cell = Cell(lines[0])
            for line in lines[1:]:
                cell.add(line)
            row = [*row, cell]
            position += len(lines)
        yield row


def _is_in_the_middle(lines: list[Run], height: float) -> bool:
    return abs((lines[0].top + lines[-1].bottom) / 2 - height) < SAME_LINE * lines[0].size


def _lines_right_of(row: Row, following: list[Row]) -> list[Run]:
    """The lines that begin above its last cell, one below the other."""
    lines: list[Run] = []
    for other in following:
        run = other[0].runs[0]
        is_next = run.left > row[-1].right and (follows(lines[-1], run) if lines else run.top < row[-1].top)
        if len(other) > 1 or len(other[0].runs) > 1 or not is_next:
            break
        lines.append(run)
    return lines
