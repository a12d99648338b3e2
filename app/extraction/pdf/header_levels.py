"""Header levels: which columns each cell of a header row names, told by ruling lines and by alignment.

The name of a group of columns is centred above them, or is at their left or right edge. Its own text may be
narrower than the columns it names, or lie in the gap between them.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from app.extraction.pdf.cells import Cell, CellRow
from app.extraction.pdf.column_detection import ColumnEdges, nearest_column
from app.extraction.pdf.ruling_lines import RulingLines
from app.extraction.pdf.text_spans import TextSpan

_SPACING_OF_LEVELS = 1.35
_TOLERANCE = 3.0
_ALIGNED = 6.0
_AS_WIDE = 0.75
_BETWEEN_GROUPS = 0.3
_AT_THE_ENDS = 0.1
_UNEVEN = 0.25
_MOST_COLUMNS = 40
_SHARE_COVERED = 0.3

_Range = tuple[int, int]
"""First and last column, both inclusive."""

PlacedCell = tuple[Cell, _Range]
"""A cell of a header row, with the columns that it names."""

_Gauge = Callable[[Cell, _Range, Sequence[ColumnEdges]], float]
"""How far a cell is from being aligned with its columns, in points."""


def place_header_cells(
    rows: Sequence[CellRow], columns: Sequence[ColumnEdges], ruling: RulingLines
) -> list[list[PlacedCell]]:
    """For each header row its cells, each with the columns that it names."""
    placed: list[list[PlacedCell]] = []
    for number in reversed(range(len(rows))):
        row = rows[number]
        below = placed[0] if placed else None
        ranges = [_underlined(cell, row, columns, ruling) or _covered(cell, columns) for cell in row]
        if below is not None and not any(_underlined(cell, row, columns, ruling) for cell in row):
            ranges = _extended(row, ranges, columns, below)
        placed.insert(0, list(zip(row, ranges, strict=True)))
    return placed


def _underlined(cell: Cell, row: CellRow, columns: Sequence[ColumnEdges], ruling: RulingLines) -> _Range | None:
    """The columns above which a line is drawn right below the cell, where it does not go on across the table."""
    middle = (cell.left + cell.right) / 2
    size = cell.spans[-1].size
    for y, start, end in ruling.horizontal:
        if cell.bottom - 2 <= y <= cell.bottom + 1.2 * size and start <= middle <= end:
            below = [n for n, (left, right) in enumerate(columns) if start - 2 <= (left + right) / 2 <= end + 2]
            others = [other for other in row if other is not cell and start < (other.left + other.right) / 2 < end]
            if below and not others and len(below) < len(columns):
                return below[0], below[-1]
    return None


def _covered(cell: Cell, columns: Sequence[ColumnEdges]) -> _Range:
    """The columns that the text of the cell is above, at least one."""
    above = []
    for number, (left, right) in enumerate(columns):
        shared = min(right, cell.right) - max(left, cell.left)
        if shared > _TOLERANCE and shared > _SHARE_COVERED * min(right - left, cell.right - cell.left):
            above.append(number)
    if not above:
        nearest = nearest_column(columns, cell)
        return nearest, nearest
    return above[0], above[-1]


def _are_groups(row: CellRow, below: CellRow) -> bool:
    """Whether the row names groups of the columns below: their names repeat, or are not the next line."""
    names = [_text(cell.spans) for cell in below]
    spacing = min(cell.bottom for cell in below) - max(cell.bottom for cell in row)
    return len(set(names)) < len(names) or spacing > _SPACING_OF_LEVELS * row[0].spans[0].size


def _extended(
    row: CellRow, ranges: list[_Range], columns: Sequence[ColumnEdges], below: Sequence[PlacedCell]
) -> list[_Range]:
    """The ranges, wider where columns beside them have no name and the cells are then better aligned."""
    first = 1 if ranges[0][0] else max(1, ranges[0][1] + 1)
    cells = [(cell, place) for cell, place in zip(row, ranges, strict=True) if place[0] >= first]
    if not cells or any(after[0] <= before[1] for (_, before), (_, after) in pairwise(cells)):
        return ranges
    if all(_is_as_wide(cell, place, columns) for cell, place in cells):
        return ranges
    are_groups = _are_groups(row, [cell for cell, _ in below])
    inside = {column for _, (begin, end) in below for column in range(begin, end)}
    now = min(_misalignment(cells, columns, gauge) for gauge in (_off_centre, _off_left))
    if len(columns) > _MOST_COLUMNS or (not are_groups and now < _ALIGNED * len(cells)):
        return ranges
    _, then, best = min(_best_ranges(cells, first, columns, gauge, inside) for gauge in (_off_centre, _off_left))
    if not are_groups and then > now / 2:
        return ranges
    return [*ranges[: len(ranges) - len(cells)], *best]


def _is_as_wide(cell: Cell, place: _Range, columns: Sequence[ColumnEdges]) -> bool:
    """Whether the text alone shows its columns: it is about as wide as several of them."""
    width = columns[place[1]][1] - columns[place[0]][0]
    return place[1] > place[0] and cell.right - cell.left > _AS_WIDE * width


def _best_ranges(
    cells: Sequence[PlacedCell], first: int, columns: Sequence[ColumnEdges], gauge: _Gauge, inside: set[int]
) -> tuple[float, float, list[_Range]]:
    """The cost of the best ranges, of columns from `first` on, their misalignment in points, and the ranges.

    Groups are mostly of one size, and leave out no columns between them and few at the ends. None may end after one
    of the columns `inside` a group below.
    """
    last = len(columns) - 1
    width = (columns[last][1] - columns[first][0]) / (len(columns) - first)
    options: list[tuple[float, list[_Range]]] = [(0.0, [])]
    for number, (cell, (begin, end)) in enumerate(cells):
        limit = cells[number + 1][1][0] - 1 if number + 1 < len(cells) else last
        longer = [
            (
                cost + gauge(cell, (start, stop), columns) + width * _left_out(ranges, start, first),
                [*ranges, (start, stop)],
            )
            for cost, ranges in options
            for start in range(ranges[-1][1] + 1 if ranges else first, begin + 1)
            for stop in range(end, limit + 1)
            if start - 1 not in inside and stop not in inside
        ]
        if not longer:
            return math.inf, math.inf, [place for _, place in cells]
        options = list({ranges[-1][1]: (cost, ranges) for cost, ranges in sorted(longer, reverse=True)}.values())
    cost, best = min(
        (cost + width * (_AT_THE_ENDS * (last - ranges[-1][1]) + _unevenness(ranges)), ranges)
        for cost, ranges in options
    )
    placed = [(cell, place) for (cell, _), place in zip(cells, best, strict=True)]
    return cost, _misalignment(placed, columns, gauge), best


def _left_out(ranges: Sequence[_Range], start: int, first: int) -> float:
    """The cost of the columns before `start` that are in no group, in widths of columns."""
    return _BETWEEN_GROUPS * (start - ranges[-1][1] - 1) if ranges else _AT_THE_ENDS * (start - first)


def _unevenness(ranges: Sequence[_Range]) -> float:
    """The cost of groups of different sizes, in widths of columns."""
    sizes = [end - begin for begin, end in ranges]
    return _UNEVEN * (max(sizes) - min(sizes))


def _misalignment(cells: Sequence[PlacedCell], columns: Sequence[ColumnEdges], gauge: _Gauge) -> float:
    return sum(gauge(cell, place, columns) for cell, place in cells)


def _off_centre(cell: Cell, place: _Range, columns: Sequence[ColumnEdges]) -> float:
    return abs(columns[place[0]][0] + columns[place[1]][1] - cell.left - cell.right) / 2


def _off_left(cell: Cell, place: _Range, columns: Sequence[ColumnEdges]) -> float:
    return abs(columns[place[0]][0] - cell.left)


def _text(spans: Sequence[TextSpan]) -> str:
    return " ".join(span.text for span in spans)
