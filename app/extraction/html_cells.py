"""The cells of a table in a web page, and whether it is a table at all."""

from collections.abc import Iterator
from typing import Any, Protocol

from lxml.etree import iterwalk

from app.extraction.problems import Problem, ProblemError
from app.extraction.tables.cell_grid import CellGrid, MergedCells

_CELLS = {"td", "th"}
_STRUCTURE = {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"}
_WIDEST = 1000
_MOST_REPEATED = 3_000_000

Element = Any
"""One of lxml, whose classes have no public names."""


class CellText(Protocol):
    """Gives what is in a cell in one line."""

    def __call__(self, cell: Element, *, links: bool) -> str:
        """With the targets of links, or without."""
        ...


def is_layout(table: Element) -> bool:
    """Whether a table only puts parts of a page in their places, as in newsletters."""
    if table.get("role") in {"presentation", "none"}:
        return True
    rows = [list(_own(row, _CELLS)) for row in _own(table, {"tr"})]
    cells = [cell for row in rows for cell in row]
    if any(cell.tag == "th" for cell in cells):
        return False
    if max(map(len, rows), default=0) < 2 or any(_has(cell, _STRUCTURE) for cell in cells):
        return True
    nested = sum(_has(cell, {"table"}) for cell in cells)
    return nested > 0 and (len(rows) < 2 or 2 * nested > len(cells))


def html_grid(table: Element, text_of: CellText) -> CellGrid:
    """The cells of a table, without those of tables inside it; raises `ProblemError` where there are too many."""
    grid = CellGrid()
    rows = list(_own(table, {"tr"}))
    ends = _ends_of_sections(rows)
    are_marked = any(cell.tag == "th" for row in rows for cell in _own(row, _CELLS))
    covered: dict[int, int] = {}  # for each column the first row that is free again
    repeated = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in _own(row, _CELLS):
            while covered.get(column, 0) > number:
                column += 1
            right = column + _span(cell, "colspan", _WIDEST)
            bottom = min(number + _span(cell, "rowspan", len(rows)), ends[number])
            names = cell.tag == "th" or (number == 0 and not are_marked and len(rows) > 1)
            grid.put(number, column, text_of(cell, links=not names))
            grid.merge(MergedCells(number, column, bottom - 1, right - 1))
            covered.update(dict.fromkeys(range(column, right), bottom))
            column, repeated = right, repeated + bottom - number
            if repeated > _MOST_REPEATED:
                raise ProblemError(Problem.TOO_COMPLICATED, "cells repeated too often")
    return grid


def _own(element: Element, tags: set[str]) -> Iterator[Element]:
    """The elements of these kinds inside an element, without those in tables inside it."""
    walker = iterwalk(element, events=("start",))
    next(walker)
    for _, inner in walker:
        if inner.tag in tags or inner.tag == "table":
            walker.skip_subtree()
        if inner.tag in tags:
            yield inner


def _ends_of_sections(rows: list[Element]) -> list[int]:
    """For each row, the first one behind its section: no cell reaches from the head of a table into its body."""
    ends: list[int] = []
    end = len(rows)
    for number in range(len(rows) - 1, -1, -1):
        if number + 1 < len(rows) and rows[number].getparent() is not rows[number + 1].getparent():
            end = number + 1
        ends.append(end)
    return ends[::-1]


def _has(cell: Element, tags: set[str]) -> bool:
    return any(inner.tag in tags for inner in cell.iterdescendants())


def _span(cell: Element, name: str, most: int) -> int:
    """At least 1; "0" means all rows that are left."""
    text = cell.get(name, "1").strip()
    number = int(text) if text.isdecimal() and len(text) < 7 else 1
    return min(number or most, max(1, most))
