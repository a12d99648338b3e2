"""Tables of a page: the texts of their cells, the lines of wrapped cells joined."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.extraction.pdf.cells import CellRow, gap_between, looks_numeric
from app.extraction.pdf.column_detection import ColumnEdges, median, nearest_column
from app.extraction.pdf.ruling_lines import RulingLines
from app.extraction.pdf.text_spans import HYPHEN
from app.extraction.tables.header_rows import is_header_of

_CLOSE = 0.75
_SHORTEST_GROUP = 5


class PageTable(NamedTuple):
    """Rows of texts, one a column ("" where empty); `bold`: whether the first and the last row are set in bold."""

    rows: list[list[str]]
    columns: list[ColumnEdges]
    size: float
    bold: tuple[bool, bool]

    @property
    def has_bold_header(self) -> bool:
        """Whether the first row is set in bold and the last is not."""
        return self.bold == (True, False)


def build_table(region: list[CellRow], ruling: RulingLines, columns: list[ColumnEdges]) -> PageTable:
    """The table in a region of rows, with wrapped rows joined to the row they continue."""
    rows: list[list[str]] = []
    median_gap = _median_gap(region)
    ruled = _has_ruled_rows(region, ruling)
    for number, row in enumerate(region):
        cells = [""] * len(columns)
        for cell in row:
            column = nearest_column(columns, cell)
            cells[column] = join_lines(cells[column], *(span.text for span in cell.spans))
        above = region[number - 1]
        if ruled:
            goes_on = not _is_ruled_off(above, row, ruling) and not (number == 1 and is_header_of(rows[0], cells))
        else:
            goes_on = number > 0 and _goes_on(rows[-1], cells, gap_between(above, row) < _CLOSE * median_gap)
        if number and goes_on:
            rows[-1] = [
                join_lines(above, cell) if cell else above for above, cell in zip(rows[-1], cells, strict=True)
            ]
        else:
            rows.append(cells)
    bold = [all(cell.spans[0].bold for cell in row) for row in (region[0], region[-1])]
    return PageTable(rows, columns, region[-1][0].spans[0].size, (bold[0], bold[1]))


def _is_ruled_off(above: CellRow, row: CellRow, ruling: RulingLines) -> bool:
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
