"""Tables of a PDF become lines, also where they go on below a heading or on the next page."""

from collections.abc import Iterator

from app.knowledge.extraction.pdf.grid import Table
from app.knowledge.extraction.tables import Row, are_names, are_prices_below, header_of, named_line, pairs_to_lines

_MOST_TEXTS_BETWEEN = 6


class TableWriter:
    """Remembers the last table, whose names hold for its rows on the next page."""

    def __init__(self) -> None:
        self._last: Table | None = None
        self._names: Row = ()
        self._texts_since = 0
        self._pages_since = 0

    def next_page(self) -> None:
        """What follows stands on another page."""
        self._pages_since += 1

    def text(self, lines: int) -> None:
        """So many lines of other text stand in between (headers and footers of pages, say)."""
        self._texts_since += lines

    def lines(self, table: Table) -> Iterator[str]:
        """One line a row."""
        rows: list[Row] = [tuple(row) for row in table.rows]
        places = self._places(table)
        if places and self._last:
            rows = [_moved(row, places, len(self._last.columns)) for row in rows]
            if rows[0] == tuple(self._last.rows[0]) and self._names:
                rows = rows[1:]
            yield from _named(rows, self._names)
            self._pages_since = self._texts_since = 0
            return
        if len(rows) == 1:
            yield " ".join(filter(None, rows[0]))
            return
        titles, data, names = header_of(rows)
        if len(table.columns) == 2 and not (table.has_bold_header or _are_named(rows)):
            names = ()
        self._last, self._names = table, names
        self._pages_since = self._texts_since = 0
        yield from _named([*rows[:titles], *rows[data:]] if names else rows, names)

    def _places(self, table: Table) -> list[int]:
        """For each column the one of the last table that it continues; [] if this is another table."""
        if self._last is None or self._pages_since > 1 or self._texts_since > _MOST_TEXTS_BETWEEN:
            return []
        places: list[int] = []
        for left, right in table.columns:
            over = [n for n, (begin, end) in enumerate(self._last.columns) if begin < right and left < end]
            if len(over) != 1 or over[0] in places:
                return []
            places.append(over[0])
        return [] if self._starts_anew(table) else places

    def _starts_anew(self, table: Table) -> bool:
        """Whether its first row has other names, told from data by bold type or by prices below."""
        if self._last is None or table.rows[0] == self._last.rows[0]:
            return False
        return bool(header_of(table.rows).names) and (table.has_bold_header or are_prices_below(table.rows))


def _are_named(rows: list[Row]) -> bool:
    """Whether the first of two rows or more names both columns: below are prices, or figures at the left."""
    figures = all(any(map(str.isdigit, row[0])) and not are_names(row[:1]) for row in rows[1:])
    return are_prices_below(rows) or (are_names(rows[0]) and figures)


def _moved(row: Row, places: list[int], width: int) -> Row:
    """What is written across all columns stays by itself."""
    if len(row) == 1:
        return row
    cells = [""] * width
    for place, cell in zip(places, row, strict=True):
        cells[place] = cell
    return tuple(cells)


def _named(rows: list[Row], names: Row) -> Iterator[str]:
    if names or any(len(row) > 2 for row in rows):
        return (named_line(row, names if len(row) > 1 else ()) for row in rows)
    return pairs_to_lines(rows)
