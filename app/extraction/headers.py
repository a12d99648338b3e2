"""Which rows of a table are titles, which name its columns, and where its data begins."""

from collections.abc import Sequence
from itertools import pairwise, takewhile, zip_longest
from typing import NamedTuple

Row = Sequence[str]

_LONGEST_NAME = 60
_WIDE = 4


class Header(NamedTuple):
    """`titles` rows come before the `names` of the columns (() where there are none), data begins at row `data`."""

    titles: int
    data: int
    names: Row


def are_names(row: Row) -> bool:
    """Headers are short and are no figures; a file may also begin with data."""
    return all(len(cell) <= _LONGEST_NAME and not is_number(cell) for cell in row)


def are_named_by(names: Row, row: Row) -> bool:
    """Whether a row is data below names: as full as they are, and with digits where these have none."""
    pairs = [(name, cell) for name, cell in zip_longest(names, row, fillvalue="") if name or cell]
    has_digits = any(any(map(str.isdigit, cell)) and not any(map(str.isdigit, name)) for name, cell in pairs)
    are_pairs = any(":" in cell for cell in names)  # "Cliente: Ana" above "Telefone: 99"
    return are_names(names) and has_digits and not are_pairs and all(name and cell for name, cell in pairs)


def header_of(rows: Sequence[Row]) -> Header:
    """Tell titles, names of columns and data apart; a row of names needs data below it."""
    widest = max(map(len, rows), default=0)
    first = next((number for number, row in enumerate(rows) if not _is_title(row, widest)), len(rows))
    if first >= len(rows) - 1 or not are_names(rows[first]):
        return Header(first, first, ())
    upper, lower = rows[first : first + 2]
    below = rows[first + 2 : first + 3]
    if below and are_names(lower) and (_are_two_levels(upper, lower) or _are_groups(upper, lower, below[0])):
        return Header(first, first + 2, _two_levels(upper, lower))
    return Header(first, first + 1, _told_apart(upper))


def _is_title(row: Row, widest: int) -> bool:
    """One value, maybe with its name; what is written across a table is repeated in its columns by some formats."""
    filled = sum(map(bool, row))
    is_pair = filled == 2 and widest >= _WIDE and not are_names(row)
    return filled < 2 or is_pair or is_written_across(row)


def is_written_across(row: Row) -> bool:
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
    return all(after - place > 1 for place, after in pairwise(places))


def _two_levels(upper: Row, lower: Row) -> Row:
    """Names of groups of columns go before the names of the columns in them."""
    names: list[str] = []
    group = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above or (group if below else "")
        names.append(" ".join(filter(None, (group, below if below != above else ""))))
        group = "" if above == below else group
    return tuple(names)


def _told_apart(names: Row) -> Row:
    """Names that are there several times get that of their group, if only its first column has it.

    "Curto Seg", "Sáb", "Longo Seg", "Sáb": the first words of the columns before make "Curto Sáb" and "Longo Sáb".
    """
    told = list(names)
    for name in dict.fromkeys(filter(None, names)):
        places = [place for place, other in enumerate(names) if other == name]
        before = [told[place - 1].split() if place else [] for place in places]
        ends = zip(*map(reversed, before), strict=False)
        same = sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, ends))
        if len(places) > 1 and same and all(len(words) > same for words in before):
            for place, words in zip(places, before, strict=True):
                told[place] = " ".join([*words[:-same], name])
    return tuple(told)


def is_number(cell: str) -> bool:
    """A number or a price."""
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell.removeprefix("R$")))
