"""Tables become lines that can be understood one by one: "Produto: Camiseta; Preço: R$ 50"."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from app.extraction.tables.header_rows import (
    TableRow,
    find_header_rows,
    is_header_of,
    is_merged_across,
    may_be_header,
)
from app.extraction.tables.values import is_number

_Lines = Generator[str, None, TableRow]
"""Yields lines; returns the header that holds at the end."""

_NUMBER = re.compile(r"-?\d[\d.,]*")
_PRICE = re.compile(r"(?:R\$|US\$|\$|€|£)\s*\d|\d\s*(?:%|€)|\d[.,]\d\d(?!\d)")


def rows_to_lines(rows: Iterable[TableRow]) -> Iterator[str]:
    """One line a row, its values named by the header row if there is one; titles above that stay lines.

    Below an empty row another table may begin: its first row is its header where it looks like one.
    """
    return _lines_of_tables(rows, _lines_of_table)


def sheet_to_lines(rows: Iterable[TableRow]) -> Iterator[str]:
    """As `rows_to_lines`, except that two columns alone are labels and values, as in `short_table_to_lines`."""
    return _lines_of_tables(rows, _lines_of_pairs_or_table)


def pairs_to_lines(rows: Iterable[TableRow]) -> Iterator[str]:
    """One line a row of two columns, the first naming the second: "Prazo: 3 dias"."""
    for row in rows:
        filled = [cell for cell in (" ".join(cell.split()) for cell in row) if cell]
        is_label = bool(filled) and filled[0].endswith((":", "?"))
        yield (" " if is_label else "; " if filled and ": " in filled[0] else ": ").join(filled)


def short_table_to_lines(rows: Sequence[TableRow]) -> Iterator[str]:
    """As `rows_to_lines`, except that two columns are labels and values unless a header row names prices."""
    wide = max(map(len, rows), default=0) > 2
    return rows_to_lines(rows) if wide or are_prices_below(rows) else pairs_to_lines(rows)


def are_prices_below(rows: Sequence[TableRow]) -> bool:
    """Whether the first row may be a header and the last column of most others has prices."""
    filled = [row for row in rows if sum(map(bool, row)) > 1]
    if len(filled) < 2 or not may_be_header(filled[0]) or any(map(str.isdigit, filled[0][-1])):
        return False
    prices = sum(bool(_PRICE.search(row[-1])) for row in filled[1:])
    return 2 * prices > len(filled) - 1


def named_line(row: TableRow, header: TableRow) -> str:
    """ "Produto: Camiseta; Preço: R$ 50"; values without a name are alone, empty cells are left out.

    A single value among several columns also is alone if it is in the first or in capitals: it names a group of
    rows, or is a remark.
    """
    values = list(filter(None, row))
    if len(row) > 2 and len(values) == 1 and (row[0] or values[0].isupper()) and not is_number(values[0]):
        return values[0]
    padded = (*header, *[""] * len(row))
    return "; ".join(
        f"{name}: {value}" if name else value for name, value in zip(padded, row, strict=False) if value
    )


def title_line(row: TableRow) -> str:
    """The one value, or "Atualizado em: 20/11/2026"."""
    return ": ".join(dict.fromkeys(filter(None, row)))


def _lines_of_tables(
    rows: Iterable[TableRow], lines_of: Callable[[list[TableRow], TableRow], _Lines]
) -> Iterator[str]:
    header: TableRow = ()
    for block in _blocks(rows):
        header = yield from lines_of(block, header)


def _blocks(rows: Iterable[TableRow]) -> Iterator[list[TableRow]]:
    """The rows between empty rows; a header row that an empty row separates from its data stays with it."""
    cleaned: Iterator[TableRow] = (tuple(" ".join(cell.split()) for cell in row) for row in rows)
    block: list[TableRow] = []
    for filled, group in groupby(cleaned, key=any):
        if not filled:
            continue
        following = list(group)
        if block and not _is_header_alone(block, following[0]):
            yield block
            block = []
        block += following
    if block:
        yield block


def _is_header_alone(block: Sequence[TableRow], row: TableRow) -> bool:
    """Whether a block is nothing but the header of the row that follows it, perhaps below titles."""
    *titles, header = block
    return all(sum(map(bool, title)) < 2 for title in titles) and is_header_of(header, row)


def _lines_of_pairs_or_table(rows: list[TableRow], header_above: TableRow) -> _Lines:
    columns = [column for column in zip_longest(*rows, fillvalue="") if any(column)]
    pairs = list(zip(*columns, strict=True))
    if header_above or len(columns) != 2 or not may_be_header(columns[0]) or _is_table_of_two(pairs):
        return (yield from _lines_of_table(rows, header_above))
    yield from pairs_to_lines(pairs)
    return ()


def _is_table_of_two(pairs: Sequence[TableRow]) -> bool:
    """Whether the second column has prices, or nothing but numbers, below its name."""
    below = [row[1] for row in pairs if row[0] and row[1]][1:]
    return are_prices_below(pairs) or (len(below) > 1 and all(map(_NUMBER.fullmatch, below)))


def _lines_of_table(rows: list[TableRow], header_above: TableRow) -> _Lines:
    titles, data, header = find_header_rows(rows)
    if header_above and not (header and _is_another_table(header, rows[data:], header_above)):
        data, header = titles, header_above
    for row in rows[:titles]:
        yield title_line(row)
    for row in rows[data:]:
        yield row[0] if is_merged_across(row) and row[0].isupper() else named_line(row, header)
    return header


def _is_another_table(header: TableRow, rows: Sequence[TableRow], header_above: TableRow) -> bool:
    """Whether the table has more columns, or numbers below a name without a digit."""
    if any(name and not above for name, above in zip_longest(header, header_above, fillvalue="")):
        return True
    for name, *column in zip(header, *rows, strict=False):
        figures = sum(map(is_number, column))
        if name and not any(map(str.isdigit, name)) and 2 * figures > len(column):
            return True
    return False
