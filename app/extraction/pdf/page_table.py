"""Tables of a page: the texts of their cells, the lines of wrapped cells joined, and their header rows."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.extraction.pdf.cells import CellRow, gap_between, looks_numeric
from app.extraction.pdf.column_detection import ColumnEdges, median, nearest_column
from app.extraction.pdf.header_levels import PlacedCell, place_header_cells
from app.extraction.pdf.ruling_lines import RulingLines
from app.extraction.pdf.text_spans import HYPHEN
from app.extraction.tables.header_rows import (
    HeaderRows,
    find_header_rows,
    is_header_of,
    join_levels,
    locate_header,
    numeric_columns,
)

_CLOSE = 0.75
_SHORTEST_GROUP = 5
_MOST_RULED_OFF = 5


class PageTable(NamedTuple):
    """Rows of texts, one a column ("" where empty), of which `header` tells the first ones.

    `is_header_distinct`: the header is told from the data by bold type or a ruling line, not by its words alone.
    """

    rows: list[list[str]]
    columns: list[ColumnEdges]
    size: float
    header: HeaderRows
    is_header_distinct: bool


def build_table(region: list[CellRow], ruling: RulingLines, columns: list[ColumnEdges]) -> PageTable:
    """The table in a region of rows, with wrapped rows joined to the row they continue."""
    lines = [_texts(row, columns) for row in region]
    ruled_off = _ruled_off(region, ruling, columns)
    size = region[-1][0].spans[0].size
    bold = [all(cell.spans[0].bold for cell in row) for row in (region[0], region[-1])]
    is_distinct = bold == [True, False] or bool(ruled_off and not _has_ruled_rows(region, ruling))
    starts_with_name = len(region[0]) == 1
    if not ruled_off and not starts_with_name and not numeric_columns(lines[1:]):
        rows = _join_wrapped(region, lines, ruling)
        return PageTable(rows, columns, size, find_header_rows(rows), is_distinct)
    titles, data = locate_header(lines, ruled_off, may_have_titles=not starts_with_name)
    placed = place_header_cells(region[titles:data], columns, ruling)
    names = [_repeated(row, len(columns)) for row in placed]
    header = HeaderRows(titles, data, tuple(map(join_lines, join_levels(names))) if names else ())
    rows = [*lines[:data], *_join_wrapped(region[data:], lines[data:], ruling)]
    return PageTable(rows, columns, size, header, is_distinct)


def _texts(row: CellRow, columns: list[ColumnEdges]) -> list[str]:
    """The texts of a row, each in the column that it shares most of its width with."""
    texts = [""] * len(columns)
    for cell in row:
        column = nearest_column(columns, cell)
        texts[column] = join_lines(texts[column], *(span.text for span in cell.spans))
    return texts


def _repeated(row: Sequence[PlacedCell], columns: int) -> list[str]:
    """The texts of a header row, each in all columns that it names."""
    texts = [""] * columns
    for cell, (first, last) in row:
        for column in range(first, last + 1):
            texts[column] = join_lines(texts[column], *(span.text for span in cell.spans))
    return texts


def _ruled_off(region: list[CellRow], ruling: RulingLines, columns: list[ColumnEdges]) -> int:
    """How many of the first rows a line across most columns separates from the others; 0 where there is none."""
    for number, (above, row) in enumerate(pairwise(region[: _MOST_RULED_OFF + 1]), 1):
        below = [ruling.separate(above[0].bottom - 3, row[0].top + 3, *column) for column in columns]
        if below[0] and 3 * sum(below) >= 2 * len(below):
            return number
    return 0


def _join_wrapped(region: list[CellRow], lines: list[list[str]], ruling: RulingLines) -> list[list[str]]:
    """The texts of the rows, second lines of wrapped cells joined to the first."""
    rows: list[list[str]] = []
    median_gap = _median_gap(region)
    ruled = _has_ruled_rows(region, ruling)
    for number, (row, cells) in enumerate(zip(region, lines, strict=True)):
        above = region[number - 1]
        if ruled:
            goes_on = not _separates(above, row, ruling) and not (number == 1 and is_header_of(rows[0], cells))
        else:
            goes_on = number > 0 and _goes_on(rows[-1], cells, gap_between(above, row) < _CLOSE * median_gap)
        if number and goes_on:
            rows[-1] = [join_lines(*pair) for pair in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return rows


def _separates(above: CellRow, row: CellRow, ruling: RulingLines) -> bool:
    return any(ruling.separate(above[0].bottom - 3, row[0].top + 3, cell.left, cell.right) for cell in row)


def _goes_on(above: Sequence[str], cells: Sequence[str], is_close: bool) -> bool:
    """Whether the cells are second lines of the cells above, and not a row of their own."""
    both = [(upper, lower) for upper, lower in zip(above, cells, strict=True) if upper and lower]
    is_row = len(both) == len(cells) or any(looks_numeric(upper) and looks_numeric(lower) for upper, lower in both)
    is_group = len([cell for cell in cells if cell]) == 1 and any(map(_is_group_name, cells))
    return (is_close and not is_row and not is_group) or continue_row_above(above, cells)


def _is_group_name(cell: str) -> bool:
    return cell.isupper() and len(cell) >= _SHORTEST_GROUP


def continue_row_above(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether some cells continue the texts above, told by their wording, and the others are empty."""
    pairs = [(upper, lower) for upper, lower in zip(above, cells, strict=False) if lower]
    goes_on = all(upper and (lower[0].islower() or upper.endswith((",", HYPHEN))) for upper, lower in pairs)
    return goes_on and len(above) == len(cells) and not (all(above) and all(cells))


def _median_gap(region: list[CellRow]) -> float:
    gaps = [gap_between(above, row) for above, row in pairwise(region) if len(row) > 1 < len(above)]
    return median(gaps) if gaps else 0


def _has_ruled_rows(region: list[CellRow], ruling: RulingLines) -> bool:
    """Whether ruling lines separate most of the rows that have all their cells."""
    most = max(map(len, region))
    full = [
        ruling.separate(above[0].bottom - 3, row[0].top + 3, row[0].left, row[0].right)
        for above, row in pairwise(region)
        if len(row) == most
    ]
    return bool(full) and 2 * sum(full) > len(full)


def join_lines(*texts: str) -> str:
    """The lines of one cell as one text."""
    return " ".join(filter(None, texts)).replace(f"{HYPHEN} ", HYPHEN)
