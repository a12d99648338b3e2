"""Header rows: which first rows of a table are titles, which name its columns, and where the data begins."""

from collections.abc import Sequence
from itertools import pairwise, takewhile, zip_longest
from typing import NamedTuple

TableRow = Sequence[str]

_LONGEST_NAME = 60
_WIDE = 4


class HeaderRows(NamedTuple):
    """`titles` rows come first, data begins at row `data`; `header` names the columns, () where nothing does."""

    titles: int
    data: int
    header: TableRow


def may_be_header(row: TableRow) -> bool:
    """Whether the cells are short and no numbers; a table may also begin with data."""
    return all(len(cell) <= _LONGEST_NAME and not is_number(cell) for cell in row)


def is_header_of(header: TableRow, row: TableRow) -> bool:
    """Whether a row is data below a header: equally full, and with digits where the header has none."""
    pairs = [(name, cell) for name, cell in zip_longest(header, row, fillvalue="") if name or cell]
    has_digits = any(any(map(str.isdigit, cell)) and not any(map(str.isdigit, name)) for name, cell in pairs)
    are_pairs = any(":" in cell for cell in header)  # "Cliente: Ana" above "Telefone: 99"
    return may_be_header(header) and has_digits and not are_pairs and all(name and cell for name, cell in pairs)


def find_header_rows(rows: Sequence[TableRow]) -> HeaderRows:
    """Tell titles, header rows and data apart; a header row needs data below it."""
    widest = max(map(len, rows), default=0)
    first = next((number for number, row in enumerate(rows) if not _is_title(row, widest)), len(rows))
    if first >= len(rows) - 1 or not may_be_header(rows[first]):
        return HeaderRows(first, first, ())
    upper, lower = rows[first : first + 2]
    below = rows[first + 2 : first + 3]
    if below and may_be_header(lower) and (_are_two_levels(upper, lower) or _are_groups(upper, lower, below[0])):
        return HeaderRows(first, first + 2, _join_levels(upper, lower))
    return HeaderRows(first, first + 1, _disambiguate(upper))


def _is_title(row: TableRow, widest: int) -> bool:
    """One value, perhaps with its label; some formats repeat what is merged across in each column."""
    filled = sum(map(bool, row))
    is_pair = filled == 2 and widest >= _WIDE and not may_be_header(row)
    return filled < 2 or is_pair or is_merged_across(row)


def is_merged_across(row: TableRow) -> bool:
    """Whether all cells are one: the name of a group of rows, for example."""
    return len(row) > 2 and len(set(row)) == 1 and may_be_header(row)


def _are_two_levels(upper: TableRow, lower: TableRow) -> bool:
    """Whether `upper` names groups of the columns of `lower`: some of its cells are merged down, some across.

    Some formats repeat the text of merged cells, others leave all but the first empty.
    """
    if upper[0] and not lower[0] and "" in upper[1:]:
        return True
    reaches_down = any(above == below != "" for above, below in zip(upper, lower, strict=False))
    groups = zip(pairwise(upper), pairwise(lower), strict=False)
    return reaches_down and any(
        above and next_above in {"", above} and below and next_below and len({above, below, next_below}) == 3
        for (above, next_above), (below, next_below) in groups
    )


def _are_groups(upper: TableRow, lower: TableRow, data: TableRow) -> bool:
    """Whether `upper` names groups of the columns of `lower`, without the first columns."""
    gaps = [not above for above in upper]
    return (
        gaps[0] and all(lower) and sum(gaps) < len(gaps) and _spans_two_columns(upper) and is_header_of(lower, data)
    )


def _spans_two_columns(upper: TableRow) -> bool:
    """Whether each name but the last has room for a second column."""
    places = [place for place, above in enumerate(upper) if above]
    return all(after - place > 1 for place, after in pairwise(places))


def _join_levels(upper: TableRow, lower: TableRow) -> TableRow:
    """The names of columns, each after the name of its group."""
    names: list[str] = []
    group = ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above or (group if below else "")
        names.append(" ".join(filter(None, (group, below if below != above else ""))))
        group = "" if above == below else group
    return tuple(names)


def _disambiguate(names: TableRow) -> TableRow:
    """Repeated names get the name of their group where only the first column of the group has it.

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
    """Whether the cell is a number or a price."""
    return any(map(str.isdigit, cell)) and not any(map(str.isalpha, cell.removeprefix("R$")))
