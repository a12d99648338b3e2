"""Frames: ruled lines that meet, and the rows and columns that they make."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.extraction.pdf.rules import Line, Rules
from app.extraction.pdf.runs import Run

_SAME = 2.5
_TOUCHING = 3.0
_NARROWEST = 6.0
_MOST_CROSSINGS = 40_000

Place = tuple[int, int]
"""Row and column."""


class Frame(NamedTuple):
    """The edges of rows and columns, and for each place the first one of its cell, as cells may be merged."""

    ys: list[float]
    xs: list[float]
    first: dict[Place, Place]

    def cell(self, run: Run) -> Place | None:
        """The first place of the cell that holds the middle of the run; None where it stands outside."""
        row = bisect_right(self.ys, (run.top + run.bottom) / 2) - 1
        column = bisect_right(self.xs, (run.left + run.right) / 2) - 1
        return self.first.get((row, column))


def frames(rules: Rules) -> list[Frame]:
    """Those of at least two rows and columns, the lowest ones first: they may stand within others."""
    horizontal, vertical = _joined(rules.horizontal), _joined(rules.vertical)
    if len(horizontal) * len(vertical) > _MOST_CROSSINGS:
        return []
    found = [_frame(*lines) for lines in _meeting(horizontal, vertical)]
    large = [frame for frame in found if len(frame.xs) > 2 and len(frame.ys) > 2]
    return sorted(large, key=lambda frame: frame.ys[-1] - frame.ys[0])


def _joined(lines: Iterable[Line]) -> list[Line]:
    """One line for the many that are drawn, one a cell, or one beside the other."""
    found: list[Line] = []
    for group in _close_together(sorted(lines)):
        at = group[0][0]
        begun = len(found)
        for _, start, end in sorted(group, key=lambda line: line[1]):
            if len(found) > begun and start <= found[-1][2] + _TOUCHING:
                found[-1] = (at, found[-1][1], max(found[-1][2], end))
            else:
                found.append((at, start, end))
    return found


def _close_together(lines: Iterable[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line[0] - groups[-1][0][0] <= _SAME:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _meeting(horizontal: list[Line], vertical: list[Line]) -> list[tuple[set[Line], set[Line]]]:
    """Lines that cross or touch, directly or through others."""
    groups: list[tuple[set[Line], set[Line]]] = []
    for x, top, bottom in vertical:
        across, along = set[Line](), {(x, top, bottom)}
        for y, left, right in horizontal:
            if top - _TOUCHING <= y <= bottom + _TOUCHING and left - _TOUCHING <= x <= right + _TOUCHING:
                across.add((y, left, right))
        apart = []
        for group in groups:
            if across.isdisjoint(group[0]):
                apart.append(group)
            else:
                across |= group[0]
                along |= group[1]
        groups = [*apart, (across, along)]
    return groups


def _frame(horizontal: set[Line], vertical: set[Line]) -> Frame:
    ys, xs = _edges(horizontal, vertical), _edges(vertical, horizontal)
    above, beside = _by_edge(horizontal, ys), _by_edge(vertical, xs)
    first: dict[Place, Place] = {}
    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            first[row, column] = (row, column)
            if row and not _is_drawn(above[row], left, right):
                first[row, column] = first[row - 1, column]
            elif column and not _is_drawn(beside[column], top, bottom):
                first[row, column] = first[row, column - 1]
    return Frame(ys, xs, first)


def _edges(lines: set[Line], across: set[Line]) -> list[float]:
    """Where the lines are; a side that is not drawn is where those across end."""
    edges = sorted({line[0] for line in lines})
    start = min((line[1] for line in across), default=edges[0] if edges else 0)
    end = max((line[2] for line in across), default=start)
    if not edges or edges[0] - start > _NARROWEST:
        edges.insert(0, start)
    if end - edges[-1] > _NARROWEST:
        edges.append(end)
    return edges


def _by_edge(lines: set[Line], edges: Sequence[float]) -> list[list[Line]]:
    found: list[list[Line]] = [[] for _ in edges]
    for line in lines:
        found[bisect_right(edges, line[0]) - 1].append(line)
    return found


def _is_drawn(lines: list[Line], start: float, end: float) -> bool:
    middle = (start + end) / 2
    return any(begin <= middle <= finish for _, begin, finish in lines)
