"""Cells that a file draws before or after the other cells of their row."""

from collections.abc import Iterator

from app.extraction.pdf.cells import MOST_LINES_OF_CELL, Cell, CellRow, follows
from app.extraction.pdf.text_spans import LINE_TOLERANCE, TextSpan, same_line

_MOST_MERGED = 40


def place_displaced_cells(found: list[CellRow]) -> list[CellRow]:
    """The rows, each displaced cell moved into the row it belongs to."""
    return list(_with_last_cells([row for number, row in enumerate(found) if not _move_to_last_row(found, number)]))


def _move_to_last_row(found: list[CellRow], number: int) -> bool:
    """Try to move a merged cell whose text is at the bottom, drawn before its rows, to the last of them."""
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


def _with_last_cells(found: list[CellRow]) -> Iterator[CellRow]:
    """A last cell of several lines may start above the others of its row, which are centred on it."""
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


def _is_in_the_middle(lines: list[TextSpan], height: float) -> bool:
    return abs((lines[0].top + lines[-1].bottom) / 2 - height) < LINE_TOLERANCE * lines[0].size


def _lines_right_of(row: CellRow, following: list[CellRow]) -> list[TextSpan]:
    """The lines below each other that start above the row's last cell, right of it."""
    lines: list[TextSpan] = []
    for other in following:
        span = other[0].spans[0]
        is_next = span.left > row[-1].right and (follows(lines[-1], span) if lines else span.top < row[-1].top)
        if len(other) > 1 or len(other[0].spans) > 1 or not is_next:
            break
        lines.append(span)
    return lines
