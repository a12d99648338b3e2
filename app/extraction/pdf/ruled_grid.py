"""Ruled grids: the rows and columns made by ruling lines that meet."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.extraction.pdf.ruling_lines import RulingLine, RulingLines
from app.extraction.pdf.text_spans import TextSpan

_SAME = 2.5
_TOUCHING = 3.0
_EXACT = 1.0
_NARROWEST = 6.0
_MOST_CROSSINGS = 40_000

CellIndex = tuple[int, int]
"""Row and column."""


class RuledGrid(NamedTuple):
    """The edges of rows and columns in points, from the top and from the left.

    `origins` has the first cell of the merged cells that each cell belongs to, itself where it is not merged.
    """

    row_edges: list[float]
    column_edges: list[float]
    origins: dict[CellIndex, CellIndex]

    def origin_of(self, span: TextSpan) -> CellIndex | None:
        """The origin of the cell that holds the middle of the span; None outside the grid."""
        row = bisect_right(self.row_edges, (span.top + span.bottom) / 2) - 1
        column = bisect_right(self.column_edges, (span.left + span.right) / 2) - 1
        return self.origins.get((row, column))


def find_ruled_grids(ruling: RulingLines) -> list[RuledGrid]:
    """Grids of at least two rows and columns, the least tall first: grids may be nested."""
    horizontal, vertical = _merge_collinear(ruling.horizontal), _merge_collinear(ruling.vertical)
    if len(horizontal) * len(vertical) > _MOST_CROSSINGS:
        return []
    found = [_grid(*lines) for lines in _connected(horizontal, vertical)]
    large = [grid for grid in found if len(grid.column_edges) > 2 and len(grid.row_edges) > 2]
    return sorted(large, key=lambda grid: grid.row_edges[-1] - grid.row_edges[0])


def _merge_collinear(lines: Iterable[RulingLine]) -> list[RulingLine]:
    """Join lines that overlap or touch end to end: many programs draw one line a cell."""
    found: list[RulingLine] = []
    for group in _close_together(sorted(lines)):
        at = group[0][0]
        begun = len(found)
        for _, start, end in sorted(group, key=lambda line: line[1]):
            if len(found) > begun and start <= found[-1][2] + _TOUCHING:
                found[-1] = (at, found[-1][1], max(found[-1][2], end))
            else:
                found.append((at, start, end))
    return found


def _close_together(lines: Iterable[RulingLine]) -> list[list[RulingLine]]:
    groups: list[list[RulingLine]] = []
    for line in lines:
        if groups and line[0] - groups[-1][0][0] <= _SAME:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _connected(
    horizontal: list[RulingLine], vertical: list[RulingLine]
) -> list[tuple[set[RulingLine], set[RulingLine]]]:
    """Horizontal and vertical lines grouped by whether they cross or touch, directly or through others."""
    groups: list[tuple[set[RulingLine], set[RulingLine]]] = []
    for line in vertical:
        met = [other for other in horizontal if _meet(line, other, _TOUCHING)]
        across = {
            other for other in met if not (_ends_before(line, other, met) or _ends_before(other, line, vertical))
        }
        along = {line}
        apart = []
        for group in groups:
            if across.isdisjoint(group[0]):
                apart.append(group)
            else:
                across |= group[0]
                along |= group[1]
        groups = [*apart, (across, along)]
    return groups


def _meet(line: RulingLine, other: RulingLine, tolerance: float) -> bool:
    """Whether two lines of different directions cross, or nearly touch."""
    return all(
        start - tolerance <= position <= end + tolerance
        for (position, _, _), (_, start, end) in ((line, other), (other, line))
    )


def _ends_before(line: RulingLine, other: RulingLine, crossing: Iterable[RulingLine]) -> bool:
    """Whether a line ends at a border just short of the other line, as those of nested tables do."""
    position, (_, start, end) = other[0], line
    if start - _EXACT <= position <= end + _EXACT:
        return False
    reached = start if position < start else end
    return any(abs(border[0] - reached) <= _EXACT and _meet(line, border, _EXACT) for border in crossing)


def _grid(horizontal: set[RulingLine], vertical: set[RulingLine]) -> RuledGrid:
    row_edges, column_edges = _edges(horizontal, vertical), _edges(vertical, horizontal)
    above, beside = _by_edge(horizontal, row_edges), _by_edge(vertical, column_edges)
    origins: dict[CellIndex, CellIndex] = {}
    for row, (top, bottom) in enumerate(pairwise(row_edges)):
        for column, (left, right) in enumerate(pairwise(column_edges)):
            origins[row, column] = (row, column)
            if row and not _is_drawn(above[row], left, right):
                origins[row, column] = origins[row - 1, column]
            elif column and not _is_drawn(beside[column], top, bottom):
                origins[row, column] = origins[row, column - 1]
    return RuledGrid(row_edges, column_edges, origins)


def _edges(lines: set[RulingLine], across: set[RulingLine]) -> list[float]:
    """The positions of the lines, and of the outer sides that are not drawn, where the crossing lines end."""
    edges = sorted({line[0] for line in lines})
    start = min((line[1] for line in across), default=edges[0] if edges else 0)
    end = max((line[2] for line in across), default=start)
    if not edges or edges[0] - start > _NARROWEST:
        edges.insert(0, start)
    if end - edges[-1] > _NARROWEST:
        edges.append(end)
    return edges


def _by_edge(lines: set[RulingLine], edges: Sequence[float]) -> list[list[RulingLine]]:
    found: list[list[RulingLine]] = [[] for _ in edges]
    for line in lines:
        found[bisect_right(edges, line[0]) - 1].append(line)
    return found


def _is_drawn(lines: list[RulingLine], start: float, end: float) -> bool:
    middle = (start + end) / 2
    return any(begin <= middle <= finish for _, begin, finish in lines)
