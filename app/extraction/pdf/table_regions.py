"""Table regions: how far an unruled table reaches among the rows of a page."""

import math
from collections.abc import Sequence
from operator import attrgetter

from app.extraction.pdf.cells import Cell, CellRow, gap_between
from app.extraction.pdf.column_detection import detect_columns
from app.extraction.pdf.text_spans import HYPHEN

_FARTHEST = 2.5
_FARTHEST_IN_COLUMNS = 6.0
_LESS_REGULAR = 1.3
_OVERLAP = 1.5
_CLOSE = 0.75
_MOST_ALONE = 3
_MOST_LINES_ABOVE = 4
_FEWEST_COLUMNS = 3
_ROWS_BELOW = 4


def end_of_table(rows: Sequence[CellRow], start: int) -> int:
    """The position after the last row of the table that starts at `start`; `start` itself where there is none."""
    if len(rows[start]) == 1:
        return start
    end = start + 1
    alone, gap = 0, math.inf
    for position in range(start + 1, len(rows)):
        row, above = rows[position], rows[position - 1]
        size = row[0].spans[0].size
        is_below = _is_below(row, above) and gap_between(above, row) <= 2 * gap + 0.6 * size
        if not is_below and not _is_far_below(rows, start, position, gap):
            break
        gap = max(gap if gap < math.inf else 0, gap_between(above, row))
        if len(row) > 1:
            end, alone = position + 1, 0
        elif alone == _MOST_ALONE or not _fits(row[0], rows[start:end]):
            break
        elif end == position and (_wraps(row, above) or _is_in_later_column(row[0], rows[start:end])):
            end, alone = position + 1, 0
        else:
            alone += 1
    return end


def start_of_table(rows: Sequence[CellRow], position: int) -> int:
    """The position of the table that starts at `position` or below it, with lines of single names above its header.

    `position` itself where the row there is none of these, the first lines of one name that wraps, or one name of a
    group of columns.
    """
    near = rows[position + 1 : position + _MOST_LINES_ABOVE + 1]
    if len(rows[position]) > 1 or all(len(row) < _FEWEST_COLUMNS for row in near):
        return position
    start = position
    while start < len(rows) - 1 and start - position < _MOST_LINES_ABOVE and len(rows[start]) == 1:
        below = rows[start + 1]
        if not _is_below(below, rows[start], _CLOSE) or len(rows[start][0].spans) > 1:
            return position
        start += 1
    if start == position or len(rows[start]) < _FEWEST_COLUMNS:
        return position
    stub = min((row[0] for row in rows[start : start + _ROWS_BELOW] if len(row) > 1), key=attrgetter("left"))
    size, right = rows[start][0].spans[0].size, rows[start][-1].right
    cells = [row[0] for row in rows[position:start]]
    is_inside = all(stub.right < cell.left < right for cell in cells)
    return start if is_inside and abs(cells[0].spans[0].size - size) <= 1 else position


def _is_below(row: CellRow, above: CellRow, factor: float = _FARTHEST) -> bool:
    size = row[0].spans[0].size
    return -_OVERLAP * size < gap_between(above, row) < factor * size


def _is_far_below(rows: Sequence[CellRow], start: int, position: int, widest: float) -> bool:
    """Whether rows are far apart but at regular distances and in the same columns, or below a header at most."""
    row, above = rows[position], rows[position - 1]
    gap = gap_between(above, row)
    if not 0 <= gap < _FARTHEST_IN_COLUMNS * row[0].spans[0].size:
        return False
    if widest < math.inf and gap <= _LESS_REGULAR * widest:
        return len(row) == 1 or _share_columns(row, above) or len(above) == 1
    following = rows[position + 1] if position + 1 < len(rows) else []
    goes_on = len(following) > 1 and gap_between(row, following) <= _LESS_REGULAR * gap
    return position - start <= 2 and goes_on and _share_columns(row, above) and _share_columns(row, following)


def _share_columns(row: CellRow, other: CellRow) -> bool:
    """Whether most cells of the shorter row are above or below exactly one cell of the other."""
    fewer, more = sorted((row, other), key=len)
    matches = [sum(cell.left < beside.right and beside.left < cell.right for beside in more) for cell in fewer]
    return len(fewer) > 1 and 3 * matches.count(1) >= 2 * len(fewer)


def _fits(cell: Cell, rows: Sequence[CellRow]) -> bool:
    """Whether a row of one cell lies within the table's width."""
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    return cell.left > left - 2 and cell.right < right + 2 and len(cell.spans) == 1


def _wraps(row: CellRow, above: CellRow) -> bool:
    """Whether the row is the second line of one of the cells right above."""
    cell = row[0]
    text = cell.spans[0].text
    over = [other for other in above if other.left < cell.right and cell.left < other.right]
    goes_on = len(over) == 1 and (text[0].islower() or over[0].spans[-1].text.endswith((",", HYPHEN)))
    return goes_on and _is_below(row, above, _CLOSE)


def _is_in_later_column(cell: Cell, rows: Sequence[CellRow]) -> bool:
    """Whether the cell is the only filled one of the table's last row, and not the first."""
    columns = detect_columns(list(rows))
    return len(rows) > 1 and cell.left > columns[0][1] and cell.right < columns[-1][1] + 2
