"""Rows that stand in the same columns are a table; text in columns is told from it."""

import math
from collections.abc import Iterator, Sequence

from app.extraction.pdf.cells import Cell, Row, gap_between
from app.extraction.pdf.close import taken_apart
from app.extraction.pdf.columns import columns_of, median, nearest
from app.extraction.pdf.grid import Table, table
from app.extraction.pdf.rules import Rules
from app.extraction.pdf.runs import HYPHEN, Run

_FARTHEST = 2.5
_OVERLAP = 1.5
_CLOSE = 0.75
_MOST_ALONE = 3
_FULL = 0.75
_LONG_TEXT = 25


def blocks(rows: list[Row], rules: Rules) -> Iterator[Run | Table]:
    """What stands on a page, in reading order; a lone row with several cells is a table of one row."""
    position = 0
    while position < len(rows):
        end = _end_of_table(rows, position)
        region = rows[position : max(end, position + 1)]
        if len(region[0]) == 1:
            yield from region[0][0].runs
        elif text := _interleaved(region):
            yield from (run for column in text for cell in column for run in cell.runs)
        else:
            cells = taken_apart(region)
            yield table(cells, rules, columns_of(cells))
        position += len(region)


def _end_of_table(rows: list[Row], start: int) -> int:
    """The position after the last row of the table that begins at `start` (`start` itself: there is none)."""
    if len(rows[start]) == 1:
        return start
    end = start + 1
    alone, gap = 0, math.inf
    for position in range(start + 1, len(rows)):
        row, above = rows[position], rows[position - 1]
        if not _is_below(row, above) or gap_between(above, row) > 2 * gap + 0.6 * row[0].runs[0].size:
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


def _is_below(row: Row, above: Row, factor: float = _FARTHEST) -> bool:
    size = row[0].runs[0].size
    return -_OVERLAP * size < gap_between(above, row) < factor * size


def _fits(cell: Cell, rows: Sequence[Row]) -> bool:
    """A row of one cell: within one column, or at least within the table."""
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    return cell.left > left - 2 and cell.right < right + 2 and len(cell.runs) == 1


def _wraps(row: Row, above: Row) -> bool:
    """Whether it is the second line of one of the cells close above."""
    cell = row[0]
    text = cell.runs[0].text
    over = [other for other in above if other.left < cell.right and cell.left < other.right]
    goes_on = len(over) == 1 and (text[0].islower() or over[0].runs[-1].text.endswith((",", HYPHEN)))
    return goes_on and _is_below(row, above, _CLOSE)


def _is_in_later_column(cell: Cell, rows: Sequence[Row]) -> bool:
    """Whether all cells but this one of a last row are empty."""
    columns = columns_of(list(rows))
    return len(rows) > 1 and cell.left > columns[0][1] and cell.right < columns[-1][1] + 2


def _interleaved(region: list[Row]) -> list[list[Cell]]:
    """The columns of a text that was drawn line by line across them, full of long lines; [] where it is a table."""
    columns = columns_of(region)
    if len(region) < 4 or 2 * sum(len(row) == len(columns) for row in region) < len(region):
        return []
    cells: list[list[Cell]] = [[] for _ in columns]
    for row in region:
        for cell in row:
            cells[nearest(columns, cell)].append(cell)
    for (left, right), column in zip(columns, cells, strict=True):
        fill = median((cell.right - cell.left) / (right - left) for cell in column)
        if fill < _FULL or median(len(cell.runs[0].text) for cell in column) < _LONG_TEXT:
            return []
    return cells
