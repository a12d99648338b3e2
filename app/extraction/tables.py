"""Tables become lines that can be understood one by one: "Produto: Camiseta; Preço: R$ 50"."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

from app.extraction.headers import Row, are_names, header_of, is_number, is_written_across

_Lines = Generator[str, None, Row]
"""Yields lines; returns the names of columns that hold at the end."""

_NUMBER = re.compile(r"-?\d[\d.,]*")
_PRICE = re.compile(r"(?:R\$|US\$|\$|€|£)\s*\d|\d\s*(?:%|€)|\d[.,]\d\d(?!\d)")


def rows_to_lines(rows: Iterable[Row]) -> Iterator[str]:
    """One line a row, its values named by the row of headers if there is one; titles above that stay lines.

    Below an empty row another table may begin: it has names of its own where its first row looks like them.
    """
    return _lines_of_tables(rows, _lines_of_table)


def sheet_to_lines(rows: Iterable[Row]) -> Iterator[str]:
    """As above, except that two columns by themselves are names and values, as in `short_table_to_lines`."""
    return _lines_of_tables(rows, _lines_of_pairs_or_table)


def pairs_to_lines(rows: Iterable[Row]) -> Iterator[str]:
    """One line a row of two columns, the first naming the second: "Prazo: 3 dias"."""
    for row in rows:
        filled = [cell for cell in (" ".join(cell.split()) for cell in row) if cell]
        yield " ".join(filled) if filled and filled[0].endswith((":", "?")) else ": ".join(filled)


def short_table_to_lines(rows: Sequence[Row]) -> Iterator[str]:
    """As above, except that two columns are names and values unless the first row names them, above prices."""
    wide = max(map(len, rows), default=0) > 2
    return rows_to_lines(rows) if wide or are_prices_below(rows) else pairs_to_lines(rows)


def are_prices_below(rows: Sequence[Row]) -> bool:
    """Whether the first row has names and the last column of most others has prices."""
    filled = [row for row in rows if sum(map(bool, row)) > 1]
    if len(filled) < 2 or not are_names(filled[0]) or any(map(str.isdigit, filled[0][-1])):
        return False
    prices = sum(bool(_PRICE.search(row[-1])) for row in filled[1:])
    return 2 * prices > len(filled) - 1


def named_line(row: Row, names: Row) -> str:
    """ "Produto: Camiseta; Preço: R$ 50"; what has no name stands by itself, what is empty is left out.

    So does a single value among several columns, if it is in the first or in capitals: a group's name, a remark.
    """
    values = list(filter(None, row))
    if len(row) > 2 and len(values) == 1 and (row[0] or values[0].isupper()) and not is_number(values[0]):
        return values[0]
    padded = (*names, *[""] * len(row))
    return "; ".join(
        f"{name}: {value}" if name else value for name, value in zip(padded, row, strict=False) if value
    )


def title_line(row: Row) -> str:
    """The one value, or "Atualizado em: 20/11/2026"."""
    return ": ".join(dict.fromkeys(filter(None, row)))


def _lines_of_tables(rows: Iterable[Row], lines_of: Callable[[list[Row], Row], _Lines]) -> Iterator[str]:
    names: Row = ()
    cleaned: Iterator[Row] = (tuple(" ".join(cell.split()) for cell in row) for row in rows)
    for filled, group in groupby(cleaned, key=any):
        if filled:
            names = yield from lines_of(list(group), names)


def _lines_of_pairs_or_table(rows: list[Row], names_above: Row) -> _Lines:
    columns = [column for column in zip_longest(*rows, fillvalue="") if any(column)]
    pairs = list(zip(*columns, strict=True))
    if names_above or len(columns) != 2 or not are_names(columns[0]) or _is_table_of_two(pairs):
        return (yield from _lines_of_table(rows, names_above))
    yield from pairs_to_lines(pairs)
    return ()


def _is_table_of_two(pairs: Sequence[Row]) -> bool:
    """Below a name there are prices, or nothing but numbers."""
    below = [row[1] for row in pairs if row[0] and row[1]][1:]
    return are_prices_below(pairs) or (len(below) > 1 and all(map(_NUMBER.fullmatch, below)))


def _lines_of_table(rows: list[Row], names_above: Row) -> _Lines:
    titles, data, names = header_of(rows)
    if names_above and not (names and _is_another_table(names, rows[data:], names_above)):
        data, names = titles, names_above
    for row in rows[:titles]:
        yield title_line(row)
    for row in rows[data:]:
        yield row[0] if is_written_across(row) and row[0].isupper() else named_line(row, names)
    return names


def _is_another_table(names: Row, rows: Sequence[Row], names_above: Row) -> bool:
    """It has more columns, or figures below what is none."""
    if any(name and not above for name, above in zip_longest(names, names_above, fillvalue="")):
        return True
    for name, *column in zip(names, *rows, strict=False):
        figures = sum(map(is_number, column))
        if name and not any(map(str.isdigit, name)) and 2 * figures > len(column):
            return True
    return False
