"""Tables of a PDF become lines, also where a table continues below a heading or on the next page."""

from collections.abc import Iterator

from app.extraction.pdf.column_detection import ColumnEdges
from app.extraction.pdf.page_table import PageTable, continue_row_above, join_lines
from app.extraction.tables.header_rows import (
    TableRow,
    find_header_rows,
    may_be_header,
    numeric_columns,
    start_of_next_table,
)
from app.extraction.tables.lines import are_prices_below, named_line, pairs_to_lines, title_line
from app.extraction.tables.values import are_alike, is_value, is_year

_MOST_TEXTS_BETWEEN = 6
_SAME_EDGE = 4
_FEWEST_ALIKE = 3


class TableWriter:
    """Remembers the last table, whose header row also names its rows on the next page."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._last: PageTable | None = None
        self._header: TableRow = ()
        self._header_rows: list[TableRow] = []
        self._row: TableRow = ()
        self._line = 0
        self._texts_since = 0
        self._pages_since = 0

    def next_page(self) -> None:
        """Tell that what follows is on another page."""
        self._pages_since += 1

    def text(self, lines: int) -> None:
        """Tell that so many lines of other text follow, running headers and footers for example."""
        self._texts_since += lines

    def add(self, table: PageTable) -> None:
        """Append one line a row; a ruled grid may hold one table below another."""
        if second := start_of_next_table(table.rows[table.header.data :]):
            above, below = table.rows[: table.header.data + second], table.rows[table.header.data + second :]
            self.add(table._replace(rows=above))
            self.add(table._replace(rows=below, header=find_header_rows(below)))
            return
        rows: list[TableRow] = [tuple(row) for row in table.rows]
        aligned = self._aligned(table)
        if aligned and self._last and len(table.columns) == len(self._last.columns):
            self._put(self._join_split_row(rows[_same_rows(rows, self._header_rows) :]), self._header)
        elif aligned and self._pages_since:
            # A column may be empty on this page, or the table another one: no header is better than a wrong one.
            self._put(rows, ())
        elif len(rows) == 1:
            self._lines.append(" ".join(filter(None, rows[0])))
        else:
            self._begin(table, rows)

    def _begin(self, table: PageTable, rows: list[TableRow]) -> None:
        titles, data, header = table.header
        if len(table.columns) == 2 and not (table.is_header_distinct or _has_header_of_two(rows)):
            header = ()
        self._last, self._header = table, header
        self._header_rows = rows[:data] if header else []
        if header:
            self._lines.extend(map(title_line, rows[:titles]))
        self._put(rows[data:] if header else rows, header)

    def _put(self, rows: list[TableRow], header: TableRow) -> None:
        self._lines.extend(_named(rows, header))
        self._row, self._line = rows[-1] if rows else (), len(self._lines) - 1
        self._pages_since = self._texts_since = 0

    def _join_split_row(self, rows: list[TableRow]) -> list[TableRow]:
        """The rows; a first row that continues the last row of the page before is joined to that one instead."""
        if not rows or self._pages_since != 1 or not continue_row_above(self._row, rows[0]):
            return rows
        row = [join_lines(above, below) for above, below in zip(self._row, rows[0], strict=True)]
        self._lines[self._line : self._line + 1] = _named([row], self._header)
        return rows[1:]

    def _aligned(self, table: PageTable) -> bool:
        """Whether the columns are those of the last table, or some of them, and the table has no own header row."""
        if self._last is None or self._pages_since > 1 or self._texts_since > _MOST_TEXTS_BETWEEN:
            return False
        last = iter(self._last.columns)
        return all(any(_is_same(column, other) for other in last) for column in table.columns) and not (
            self._has_own_header(table)
        )

    def _has_own_header(self, table: PageTable) -> bool:
        """Whether the first row is another header row, told from data by bold type, a line, or numbers below."""
        if self._last is None or table.rows[0] == self._last.rows[0] or not table.header.header:
            return False
        has_numbers = bool(numeric_columns(table.rows[table.header.data :]))
        return has_numbers or table.is_header_distinct or are_prices_below(table.rows)


def _is_same(column: ColumnEdges, other: ColumnEdges) -> bool:
    """Whether the columns have an edge or the middle in common."""
    left, right = column[0] - other[0], column[1] - other[1]
    return min(abs(left), abs(right), abs(left + right) / 2) < _SAME_EDGE


def _same_rows(rows: list[TableRow], others: list[TableRow]) -> int:
    """How many of the first rows are the same: header rows are repeated on each page."""
    return next((n for n, pair in enumerate(zip(rows, others, strict=False)) if pair[0] != pair[1]), len(others))


def _has_header_of_two(rows: list[TableRow]) -> bool:
    """Whether the first row names both columns: below it are prices, values of one kind, or numbers at the left."""
    values = [row[1] for row in rows[1:] if row[1]]
    if len(values) >= _FEWEST_ALIKE and are_alike(values) and (is_year(rows[0][1]) or not is_value(rows[0][1])):
        return True
    figures = all(any(map(str.isdigit, row[0])) and not may_be_header(row[:1]) for row in rows[1:])
    return are_prices_below(rows) or (may_be_header(rows[0]) and figures)


def _named(rows: list[TableRow], header: TableRow) -> Iterator[str]:
    if header or any(len(row) > 2 for row in rows):
        return (named_line(row, header if len(row) > 1 else ()) for row in rows)
    return pairs_to_lines(rows)
