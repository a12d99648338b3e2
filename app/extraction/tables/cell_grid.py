"""Collects the cells of a table or sheet by row and column, with what is merged and hidden."""

from collections.abc import Iterator
from typing import NamedTuple

from app.extraction.problems import Problem, ProblemError

_MOST_CELLS = 3_000_000


class MergedCells(NamedTuple):
    """A rectangle of merged cells; indexes from 0, `bottom` and `right` inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class CellGrid:
    """The cells of one table or sheet that have text."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[range] = []
        self._rows: dict[int, dict[int, str]] = {}
        self._merged: list[MergedCells] = []
        self._cells = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Add a cell; raises `ProblemError` where there are too many."""
        self._cells += 1
        if self._cells > _MOST_CELLS:
            raise ProblemError(Problem.TOO_COMPLICATED, "too many cells")
        if text.strip():
            self._rows.setdefault(row, {})[column] = text

    def merge(self, area: MergedCells) -> None:
        """Merge cells."""
        if area.bottom > area.top:
            self._merged.append(area)

    def rows(self) -> Iterator[list[str]]:
        """The visible rows; cells merged down are repeated in each row, and a gap becomes one empty row."""
        self._fill()
        seen = [row for row in sorted(self._rows) if row not in self.hidden_rows]
        columns = sorted({column for row in seen for column in self._rows[row] if not self._is_hidden(column)})
        before = -1
        for row in seen:
            if any(between not in self.hidden_rows for between in range(before + 1, row)):
                yield []
            yield [self._rows[row].get(column, "") for column in columns]
            before = row

    def _fill(self) -> None:
        """Repeat merged cells in rows that have other cells: a title merged over several rows is not repeated."""
        last = max(self._rows, default=0)
        for top, left, bottom, right in self._merged:
            text = self._rows.get(top, {}).get(left)
            for row in range(top + 1, min(bottom, last) + 1) if text else ():
                cells = self._rows.get(row)
                if cells and any(not left <= column <= right for column in cells):
                    cells.setdefault(left, text or "")

    def _is_hidden(self, column: int) -> bool:
        return any(column in hidden for hidden in self.hidden_columns)
