"""Unruled tables: consecutive rows whose cells share columns, told from text in columns."""

import math
from collections.abc import Iterator, Sequence

from app.extraction.pdf.adjacent_values import split_adjacent_values
from app.extraction.pdf.cells import Cell, CellRow, gap_between
from app.extraction.pdf.column_detection import detect_columns, median, nearest_column
from app.extraction.pdf.page_table import PageTable, build_table
from app.extraction.pdf.ruling_lines import RulingLines
from app.extraction.pdf.text_spans import HYPHEN, TextSpan

_FARTHEST = 2.5
_OVERLAP = 1.5
_CLOSE = 0.75
_MOST_ALONE = 3
_FULL = 0.75
_LONG_TEXT = 25


def split_off_unruled_tables(rows: list[CellRow], ruling: RulingLines) -> Iterator[TextSpan | PageTable]:
    """The text and tables of a page in reading order; a lone row of several cells is a table of one row."""
    position = 0
    while position < len(rows):
        end = _end_of_table(rows, position)
        region = rows[position : max(end, position + 1)]
        if len(region[0]) == 1:
            yield from region[0][0].spans
        elif text := _text_columns(region):
            yield from (span for column in text for cell in column for span in cell.spans)
        else:
            cells = split_adjacent_values(region)
            yield build_table(cells, ruling, detect_columns(cells))
        position += len(region)


def _end_of_table(rows: list[CellRow], start: int) -> int:
    """The position after the last row of the table that starts at `start`; `start` itself where there is none."""
    if len(rows[start]) == 1:
        return start
    end = start + 1
    alone, gap = 0, math.inf
    for position in range(start + 1, len(rows)):
        row, above = rows[position], rows[position - 1]
        if not _is_below(row, above) or gap_between(above, row) > 2 * gap + 0.6 * row[0].spans[0].size:
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


def _is_below(row: CellRow, above: CellRow, factor: float = _FARTHEST) -> bool:
    size = row[0].spans[0].size
    return -_OVERLAP * size < gap_between(above, row) < factor * size


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


def _text_columns(region: list[CellRow]) -> list[list[Cell]]:
    """The columns of running text that is drawn line by line across them, full of long lines; [] for a table."""
    columns = detect_columns(region)
    if len(region) < 4 or 2 * sum(len(row) == len(columns) for row in region) < len(region):
        return []
    cells: list[list[Cell]] = [[] for _ in columns]
    for row in region:
        for cell in row:
            cells[nearest_column(columns, cell)].append(cell)
    for (left, right), column in zip(columns, cells, strict=True):
        fill = median((cell.right - cell.left) / (right - left) for cell in column)
        if fill < _FULL or median(len(cell.spans[0].text) for cell in column) < _LONG_TEXT:
            return []
    return cells
