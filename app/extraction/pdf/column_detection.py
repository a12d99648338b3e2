"""Column detection for unruled tables: texts above each other share a column."""

from collections.abc import Iterable, Sequence

from app.extraction.pdf.cells import Cell, CellRow

ColumnEdges = tuple[float, float]
"""Left and right edge."""


def detect_columns(region: list[CellRow]) -> list[ColumnEdges]:
    """Edges of the columns; narrow cells decide, and cells across several columns count for none."""
    most = max(map(len, region))
    columns: list[ColumnEdges] = []
    for cell in sorted((cell for row in region for cell in row), key=lambda cell: cell.right - cell.left):
        over = [column for column in columns if column[0] < cell.right and cell.left < column[1]]
        if len(over) < 2:
            columns = [column for column in columns if column not in over]
            columns.append((min([cell.left, *(c[0] for c in over)]), max([cell.right, *(c[1] for c in over)])))
    columns.sort()
    return _join_halves(region, columns) if len(columns) > most else columns


def _join_halves(region: list[CellRow], columns: list[ColumnEdges]) -> list[ColumnEdges]:
    """Join the halves of a column whose header is aligned left and whose values are aligned right.

    Two neighbours are halves where no row fills both. Three in a row stay apart: they could be joined in two ways.
    """
    filled = [{nearest_column(columns, cell) for cell in row} for row in region]
    groups: list[list[ColumnEdges]] = []
    for number, column in enumerate(columns):
        if number and not any({number - 1, number} <= numbers for numbers in filled):
            groups[-1].append(column)
        else:
            groups.append([column])
    return [
        (group[first][0], group[first + step - 1][1])
        for group in groups
        for step in [1 if len(group) % 2 else 2]
        for first in range(0, len(group), step)
    ]


def nearest_column(columns: Sequence[ColumnEdges], cell: Cell) -> int:
    """The column it shares most of its width with, else the closest."""

    def shared(number: int) -> float:
        left, right = columns[number]
        return min(right, cell.right) - max(left, cell.left)

    return max(range(len(columns)), key=shared)


def median(values: Iterable[float]) -> float:
    """The upper one of an even number; `statistics` takes longer to import than a page to read."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
