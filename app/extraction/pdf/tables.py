"""Tables of a PDF become lines, also where they go on below a heading or on the next page."""

from collections.abc import Iterator

from app.extraction.headers import Row, are_names, header_of
from app.extraction.pdf.columns import Span
from app.extraction.pdf.grid import Table, are_second_lines, joined
from app.extraction.tables import are_prices_below, named_line, pairs_to_lines, title_line

_MOST_TEXTS_BETWEEN = 6
_SAME_EDGE = 4


class TableWriter:
    """Remembers the last table, whose names hold for its rows on the next page."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._last: Table | None = None
        self._names: Row = ()
        self._head: list[Row] = []
        self._row: Row = ()
        self._line = 0
        self._texts_since = 0
        self._pages_since = 0

    def next_page(self) -> None:
        """What follows stands on another page."""
        self._pages_since += 1

    def text(self, lines: int) -> None:
        """So many lines of other text stand in between (headers and footers of pages, say)."""
        self._texts_since += lines

    def add(self, table: Table) -> None:
        """One line a row."""
        rows: list[Row] = [tuple(row) for row in table.rows]
        aligned = self._aligned(table)
        if aligned and self._last and len(table.columns) == len(self._last.columns):
            self._put(self._joined(rows[_same_rows(rows, self._head) :]), self._names)
        elif aligned and self._pages_since:
            # A column may be empty on this page, or the table another one: no names are better than wrong ones.
            self._put(rows, ())
        elif len(rows) == 1:
            self._lines.append(" ".join(filter(None, rows[0])))
        else:
            self._begin(table, rows)

    def _begin(self, table: Table, rows: list[Row]) -> None:
        titles, data, names = header_of(rows)
        if len(table.columns) == 2 and not (table.has_bold_header or _are_named(rows)):
            names = ()
        self._last, self._names = table, names
        self._head = rows[:data] if names else []
        if names:
            self._lines.extend(map(title_line, rows[:titles]))
        self._put(rows[data:] if names else rows, names)

    def _put(self, rows: list[Row], names: Row) -> None:
        self._lines.extend(_named(rows, names))
        self._row, self._line = rows[-1] if rows else (), len(self._lines) - 1
        self._pages_since = self._texts_since = 0

    def _joined(self, rows: list[Row]) -> list[Row]:
        """The rows without the second half of one that began on the page before, which is put to that."""
        if not rows or self._pages_since != 1 or not are_second_lines(self._row, rows[0]):
            return rows
        row = [joined(above, below) for above, below in zip(self._row, rows[0], strict=True)]
        self._lines[self._line : self._line + 1] = _named([row], self._names)
        return rows[1:]

    def _aligned(self, table: Table) -> bool:
        """Whether its columns are those of the last table, or some of them, and it has no names of its own."""
        if self._last is None or self._pages_since > 1 or self._texts_since > _MOST_TEXTS_BETWEEN:
            return False
        last = iter(self._last.columns)
        return all(any(_is_same(column, other) for other in last) for column in table.columns) and not (
            self._starts_anew(table)
        )

    def _starts_anew(self, table: Table) -> bool:
        """Whether its first row has other names, told from data by bold type or by prices below."""
        if self._last is None or table.rows[0] == self._last.rows[0]:
            return False
        return bool(header_of(table.rows).names) and (table.has_bold_header or are_prices_below(table.rows))


def _is_same(column: Span, other: Span) -> bool:
    """Whether they have an edge or the middle in common."""
    left, right = column[0] - other[0], column[1] - other[1]
    return min(abs(left), abs(right), abs(left + right) / 2) < _SAME_EDGE


def _same_rows(rows: list[Row], others: list[Row]) -> int:
    """How many of the first ones are the same: names are repeated on each page."""
    return next((n for n, pair in enumerate(zip(rows, others, strict=False)) if pair[0] != pair[1]), len(others))


def _are_named(rows: list[Row]) -> bool:
    """Whether the first of two rows or more names both columns: below are prices, or figures at the left."""
    figures = all(any(map(str.isdigit, row[0])) and not are_names(row[:1]) for row in rows[1:])
    return are_prices_below(rows) or (are_names(rows[0]) and figures)


def _named(rows: list[Row], names: Row) -> Iterator[str]:
    if names or any(len(row) > 2 for row in rows):
        return (named_line(row, names if len(row) > 1 else ()) for row in rows)
    return pairs_to_lines(rows)
