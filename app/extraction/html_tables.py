"""Cells of web pages that reach down several rows are repeated in each; kreuzberg would leave those empty."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.extraction.edits import Edit, applied

_TAG = re.compile(r"<!--|-->|<(/?)(table|thead|tbody|tfoot|tr|td|th)\b([^<>]*)>", re.IGNORECASE)
_SPAN = {
    name: re.compile(rf"\b{name}\s*=\s*[\"']?\s*(\d{{1,6}})[\"']?", re.IGNORECASE)
    for name in ("rowspan", "colspan")
}
_WIDEST = 1000
_LONGEST = 1000


class _Below(NamedTuple):
    """What stands in a column of the next rows."""

    rows: int
    cell: str


class _Table:
    def __init__(self, page: str) -> None:
        self._page = page
        self._below: dict[int, _Below] = {}
        self._new: dict[int, _Below] = {}
        self._column = 0
        self._cell: re.Match[str] | None = None

    def open_cell(self, tag: re.Match[str]) -> Iterator[Edit[str]]:
        """Before it come the cells that reach down from above; from here on it does so no more itself."""
        self.close_cell(tag.start())
        yield from self._repeated(tag.start())
        self._cell = tag
        if span := _SPAN["rowspan"].search(self._page, tag.start(3), tag.end(3)):
            yield Edit(span.start(), span.end(), "")

    def close_cell(self, end: int) -> None:
        """Remember how far the cell reaches."""
        if self._cell is None:
            return
        rows, columns = (_span(self._cell[3], name) for name in ("rowspan", "colspan"))
        inside, name = self._page[self._cell.end() : end], self._cell[2]
        if len(inside) > _LONGEST or _TAG.search(inside):
            inside = ""
        for column in range(self._column, self._column + columns) if rows > 1 else ():
            self._new[column] = _Below(rows - 1, f"<{name}>{inside}</{name}>")
            inside = ""
        self._column += columns
        self._cell = None

    def end_row(self, end: int) -> Iterator[Edit[str]]:
        """Also after the last cell there may be some from above."""
        self.close_cell(end)
        if self._column:
            yield from self._repeated(end)
            left = {column: _Below(rows - 1, cell) for column, (rows, cell) in self._below.items() if rows > 1}
            self._below = left | self._new
        self._new, self._column = {}, 0

    def end_section(self) -> None:
        """No cell reaches from the head of a table into its body."""
        self._below = {}

    def _repeated(self, place: int) -> Iterator[Edit[str]]:
        while self._column in self._below:
            yield Edit(place, place, self._below[self._column].cell)
            self._column += 1


def repeat_cells(page: str) -> str:
    """The page with those cells; raises `ProblemError` where it would grow beyond measure."""
    if not _SPAN["rowspan"].search(page):
        return page
    return applied(page, _edits(page))


def _edits(page: str) -> Iterator[Edit[str]]:
    tables: list[_Table] = []
    comment = False
    for tag in _TAG.finditer(page):
        if tag[2] is None or comment:
            comment = tag[0] == "<!--" or (comment and tag[0] != "-->")
            continue
        name, closes = tag[2].lower(), bool(tag[1])
        if name == "table" and not closes:
            tables.append(_Table(page))
        elif not tables:
            continue
        elif name in {"td", "th"} and closes:
            tables[-1].close_cell(tag.start())
        elif name in {"td", "th"}:
            yield from tables[-1].open_cell(tag)
        else:
            yield from tables[-1].end_row(tag.start())
            if name == "table":
                tables.pop()
            elif name != "tr":
                tables[-1].end_section()


def _span(attributes: str, name: str) -> int:
    match = _SPAN[name].search(attributes)
    return min(max(1, int(match[1])), _WIDEST) if match else 1
