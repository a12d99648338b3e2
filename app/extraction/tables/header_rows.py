"""Header rows: which first rows of a table are titles, which name its columns, and where the data begins.

Where columns hold numbers, the header ends at the first number below it; years may be names as well. Where all
cells are words, the first row is the header, or the first two where merged cells show that they belong together.
"""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile, zip_longest
from typing import NamedTuple

from app.extraction.tables.values import is_column_number, is_number, is_placeholder, is_value, is_year

TableRow = Sequence[str]

_LONGEST_NAME = 60
_LONGEST_NAME_ABOVE_NUMBERS = 160
_WIDE = 4
_MOST_LEVELS = 6
_FEWEST_NAMES = 2
_ROWS_LOOKED_AT = 60
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\s]*\)")


class HeaderRows(NamedTuple):
    """`titles` rows come first, data begins at row `data`; `header` names the columns, () where nothing does."""

    titles: int
    data: int
    header: TableRow


def may_be_header(row: TableRow) -> bool:
    """Whether the cells are short and no numbers; a table may also begin with data."""
    return all(len(link_text(cell)) <= _LONGEST_NAME and not is_number(cell) for cell in row)


def is_header_of(header: TableRow, row: TableRow) -> bool:
    """Whether a row is data below a header: equally full, and with digits where the header has none."""
    pairs = [(name, cell) for name, cell in zip_longest(header, row, fillvalue="") if name or cell]
    has_digits = any(any(map(str.isdigit, cell)) and not any(map(str.isdigit, name)) for name, cell in pairs)
    are_pairs = any(":" in cell for cell in header)  # "Cliente: Ana" above "Telefone: 99"
    return may_be_header(header) and has_digits and not are_pairs and all(name and cell for name, cell in pairs)


def find_header_rows(rows: Sequence[TableRow]) -> HeaderRows:
    """Tell titles, header rows and data apart; a header row needs data below it."""
    titles, data = locate_header(rows)
    if titles == data:
        return HeaderRows(titles, data, ())
    return HeaderRows(titles, data, join_levels([tuple(map(link_text, row)) for row in rows[titles:data]]))


def link_text(cell: str) -> str:
    """The cell with the text of Markdown's links alone: the target of a linked name says nothing in each row."""
    return _LINK.sub(r"\1", cell) if "](" in cell else cell


def locate_header(rows: Sequence[TableRow], ruled_off: int = 0, *, may_have_titles: bool = True) -> tuple[int, int]:
    """How many rows are titles, and the number of the first row of data; the same where there is no header.

    `ruled_off` rows at the top are told from the others by a ruling line; 0: none are.
    """
    widest = max(map(len, rows), default=0)
    first = next((n for n, row in enumerate(rows) if not may_have_titles or not _is_title(row, widest)), len(rows))
    if first >= len(rows) - 1:
        return first, first
    numbers = numeric_columns(rows[first + 1 :])
    if not numbers:
        while may_have_titles and first < len(rows) - 2 and _is_title_above(rows[first], rows[first + 1], widest):
            first += 1
        return first, _end_among_words(rows, first, ruled_off)
    data = next((n for n in range(first, len(rows) - 1) if is_data(rows[n], numbers, rows[n + 1 :])), len(rows) - 1)
    end = first
    while end < min(data, first + _MOST_LEVELS) and (
        end in {first, *range(first, ruled_off)} or _continues_header(rows[first:end], rows[end], numbers)
    ):
        end += 1
    if any(len(link_text(cell)) > _LONGEST_NAME_ABOVE_NUMBERS for row in rows[first:end] for cell in row):
        return first, first
    while may_have_titles and end - first > 1 and _is_title_above(rows[first], rows[first + 1], widest):
        first += 1
    return first, end


def start_of_next_table(rows: Sequence[TableRow]) -> int:
    """The number of the row in which a second header starts below the data of a first table; 0 where none does."""
    kinds = [_kind([cell for cell in row if cell]) for row in rows]
    for number in range(2, len(rows) - 1):
        is_between = kinds[number - 1] == "data" and "data" in kinds[number + 1 : number + 4]
        if kinds[number] == "names" and is_between and sum(map(bool, rows[number])) > _FEWEST_NAMES:
            return number
    return 0


def _kind(cells: TableRow) -> str:
    """ "data" where a cell after the first is a number, "names" where all of several are different words."""
    if any(is_value(cell) and not is_year(cell) for cell in cells[1:]):
        return "data"
    is_complete = len(set(cells)) == len(cells) and not any(map(is_placeholder, cells))
    return "names" if is_complete and not any(map(is_value, cells)) else ""


def numeric_columns(rows: Sequence[TableRow]) -> set[int]:
    """The columns after the first in which at least half of the cells are numbers."""
    values: dict[int, list[bool]] = {}
    for row in rows[:_ROWS_LOOKED_AT]:
        for column, cell in enumerate(row[1:], 1):
            if cell and not is_placeholder(cell):
                values.setdefault(column, []).append(is_value(cell))
    return {column for column, cells in values.items() if 2 * sum(cells) >= len(cells)}


def is_data(row: TableRow, numbers: set[int], below: Sequence[TableRow]) -> bool:
    """Whether a row has a number in one of the numeric columns; years alone are names above other numbers."""
    cells = [(column, row[column]) for column in numbers if column < len(row) and row[column]]
    values = [(column, cell) for column, cell in cells if is_value(cell)]
    if not values:
        return bool(cells) and all(is_placeholder(cell) for _, cell in cells)
    if _numbers_columns(row):
        return False
    if not all(is_year(cell) for _, cell in values):
        return True
    others = [other[column] for column, _ in values for other in below if column < len(other) and other[column]]
    return 2 * sum(is_year(cell) for cell in others) >= len(others)


def join_levels(levels: Sequence[TableRow]) -> TableRow:
    """One name a column: those of its groups, from the top, before its own; the numbers of columns are left out.

    Some formats repeat the text of merged cells, others leave all but the first empty.
    """
    names, *others = [level for level in levels if not _numbers_columns(level)] or levels
    if not others:
        return _disambiguate(names)
    for lower in others:
        names = _join_two_levels(names, lower)
    return tuple(names)


def _numbers_columns(row: TableRow) -> bool:
    return sum(map(is_column_number, row)) > 1 and all(map(is_column_number, filter(None, row)))


def is_merged_across(row: TableRow) -> bool:
    """Whether all cells are one: the name of a group of rows, for example."""
    return len(row) > 2 and len(set(row)) == 1 and may_be_header(row)


def _is_title(row: TableRow, widest: int) -> bool:
    """One value, perhaps with its label; some formats repeat what is merged across in each column."""
    filled = sum(map(bool, row))
    is_pair = (
        filled == 2 and widest >= _WIDE and not may_be_header(row) and not all(map(is_year, filter(None, row)))
    )
    return filled < 2 or is_pair or (len(row) > 2 and len(set(row)) == 1 and not is_number(row[0]))


def _is_title_above(row: TableRow, header: TableRow, widest: int) -> bool:
    """Whether a row has one or two texts, from the first column on, above a complete header of many columns."""
    return widest >= _WIDE and bool(row[0]) and sum(map(bool, row)) <= 2 and len(header) == widest and all(header)


def _continues_header(levels: Sequence[TableRow], row: TableRow, numbers: set[int]) -> bool:
    """Whether a row without numbers is one more level: it names further columns, or parts of those named so far."""
    named = {column for level in levels for column, cell in enumerate(level) if cell}
    filled = {column for column, cell in enumerate(row) if cell}
    if not filled or (filled == {0} and numbers <= named) or is_merged_across(row):
        return False
    return bool(filled - named) or 0 not in filled or _numbers_columns(row) or _are_two_levels(levels[-1], row)


def _end_among_words(rows: Sequence[TableRow], first: int, ruled_off: int) -> int:
    """The first row of data where no column has numbers."""
    if first < ruled_off < len(rows):
        return ruled_off
    if not may_be_header(rows[first]) or _are_labelled(rows[first]):
        return first
    upper, lower = rows[first : first + 2]
    below = rows[first + 2 : first + 3]
    if below and may_be_header(lower) and (_are_two_levels(upper, lower) or _are_groups(upper, lower, below[0])):
        return first + 2
    return first + 1


def _are_labelled(row: TableRow) -> bool:
    """Whether most cells have a label of their own: "Cliente: Ana"."""
    filled = [cell for cell in row if cell]
    return 2 * sum(": " in cell for cell in filled) > len(filled)


def _are_two_levels(upper: TableRow, lower: TableRow) -> bool:
    """Whether `upper` names groups of the columns of `lower`: some of its cells are merged down, some across.

    Some formats repeat the text of merged cells, others leave all but the first empty.
    """
    if upper[0] and not lower[0] and "" in upper[1:]:
        return True
    merged_down = any(above == below != "" for above, below in zip(upper, lower, strict=False))
    groups = zip(pairwise(upper), pairwise(lower), strict=False)
    return merged_down and any(
        above and next_above in {"", above} and below and next_below and len({above, below, next_below}) == 3
        for (above, next_above), (below, next_below) in groups
    )


def _are_groups(upper: TableRow, lower: TableRow, data: TableRow) -> bool:
    """Whether `upper` names groups of the columns of `lower`, without the first columns."""
    gaps = [not above for above in upper]
    are_wide = gaps[0] and sum(gaps) < len(gaps) and _spans_two_columns(upper)
    return are_wide and all(lower) and is_header_of(lower, data)


def _spans_two_columns(upper: TableRow) -> bool:
    """Whether each name but the last has room for a second column."""
    places = [place for place, above in enumerate(upper) if above]
    return all(after - place > 1 for place, after in pairwise(places))


def _join_two_levels(upper: TableRow, lower: TableRow) -> TableRow:
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
