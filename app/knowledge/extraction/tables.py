"""Tables become lines that can be understood one by one: "Produto: Camiseta; Preço: R$ 50"."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import groupby, pairwise, zip_longest
from typing import NamedTuple

Row = Sequence[str]
_Lines = Generator[str, None, Row]
"""Yields lines; returns the names of columns that hold at the end."""

_LONGEST_NAME = 60
_NUMBER = re.compile(r"-?\d[\d.,]*")
_PRICE = re.compile(r"(?:R\$|US\$|\$|€|£)\s*\d|\d\s*(?:%|€)|\d[.,]\d\d(?!\d)")


class Header(NamedTuple):
    """`titles` rows come before the `names` of the columns (() where there are none), data begins at row `data`."""

    titles: int
    data: int
    names: Row


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
    """ "Produto: Camiseta; Preço: R$ 50"; what has no name stands by itself, what is empty is left out."""
    padded = (*names, *[""] * len(row))
    return "; ".join(
        f"{name}: {value}" if name else value for name, value in zip(padded, row, strict=False) if value
    )


def are_names(row: Row) -> bool:
    """Headers are short and are no figures; a file may also begin with data."""
    return all(len(cell) <= _LONGEST_NAME and not _is_figure(cell) for cell in row)


def are_named_by(names: Row, row: Row) -> bool:
    """Whether a row is data below names: as full as they are, and with digits where these have none."""
    pairs = [(name, cell) for name, cell in zip(names, row, strict=True) if name or cell]
    has_digits = any(any(map(str.isdigit, cell)) and not any(map(str.isdigit, name)) for name, cell in pairs)
    return are_names(names) and has_digits and all(name and cell for name, cell in pairs)


def header_of(rows: Sequence[Row]) -> Header:
    """Tell titles, names of columns and data apart; a row of names needs data below it."""
    first = next((number for number, row in enumerate(rows) if not _is_title(row)), len(rows))
    if first >= len(rows) - 1 or not are_names(rows[first]):
        return Header(first, first, ())
    upper, lower = rows[first : first + 2]
    below = rows[first + 2 : first + 3]
    if below and are_names(lower) and (_are_two_levels(upper, lower) or _are_groups(upper, lower, below[0])):
        return Header(first, first + 2, _two_levels(upper, lower))
    return Header(first, first + 1, upper)


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
        yield next(filter(None, row))
    for row in rows[data:]:
        yield row[0] if _is_written_across(row) or _is_remark(row) else named_line(row, names)
    return names


def _is_another_table(names: Row, rows: Sequence[Row], names_above: Row) -> bool:
    """It has more columns, or figures below what is none."""
    if any(name and not above for name, above in zip_longest(names, names_above, fillvalue="")):
        return True
    for name, *column in zip(names, *rows, strict=False):
        figures = sum(map(_is_figure, column))
        if name and not any(map(str.isdigit, name)) and 2 * figures > len(column):
            return True
    return False


def _is_title(row: Row) -> bool:
    """One value; what is written across a table is repeated in each of its columns by some formats."""
    return sum(map(bool, row)) < 2 or _is_written_across(row)


def _is_remark(row: Row) -> bool:
    """Only the first of several cells is filled: below the data of a table, or above a group of them."""
    return len(row) > 2 and bool(row[0]) and not any(row[1:])


def _is_written_across(row: Row) -> bool:
    """A name in all cells, which are one: of a group of rows, say."""
    return len(row) > 2 and len(set(row)) == 1 and are_names(row)


def _are_two_levels(upper: Row, lower: Row) -> bool:
    """Whether names stand below names of groups: some of `upper` reach down into `lower`, and some reach right.

    What reaches into a cell is repeated there by some formats, by others it is left empty.
    """
    if upper[0] and not lower[0] and "" in upper[1:]:
        return True
    reaches_down = any(above == below != "" for above, below in zip(upper, lower, strict=False))
    groups = zip(pairwise(upper), pairwise(lower), strict=False)
    return reaches_down and any(
        above and next_above in {"", above} and below and next_below and len({above, below, next_below}) == 3
        for (above, next_above), (below, next_below) in groups
    )


def _are_groups(upper: Row, lower: Row, data: Row) -> bool:
    """Whether `upper` names groups of the columns that `lower` names, and the first columns are in none."""
    gaps = [not above for above in upper]
    return gaps[0] and all(lower) and sum(gaps) < len(gaps) and _goes_right(upper) and are_named_by(lower, data)


def _goes_right(upper: Row) -> bool:
    """Whether each name but the last has room for a second column."""
    places = [place for place, above in enumerate(upper) if above]
    return all(after - place > 1 for place, after in pairwise([*places, len(upper)]))


def _two_levels(upper: Row, lower: Row) -> Row:
    """Names of groups of columns go before the names of the columns in them."""
    names: list[str] = []
    group = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above or (group if below else "")
        names.append(" ".join(filter(None, (group, below if below != above else ""))))
        group = "" if above == below else group
    return tuple(names)


def _is_figure(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell.removeprefix("R$")))
