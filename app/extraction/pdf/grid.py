"""The cells of a table, where lines of one cell that wraps are put together."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.extraction.headers import are_named_by
from app.extraction.pdf.cells import Row, gap_between, is_figure
from app.extraction.pdf.columns import Span, median, nearest
from app.extraction.pdf.rules import Rules
from app.extraction.pdf.runs import HYPHEN

_CLOSE = 0.75
_SHORTEST_GROUP = 5


class Table(NamedTuple):
    """Rows of texts, one a column ("": empty), with the left and right edges of the columns."""

    rows: list[list[str]]
    columns: list[Span]
    size: float
    bold: tuple[bool, bool]

    @property
    def has_bold_header(self) -> bool:
        """Whether the first row is set in bold type and the last is not."""
        return self.bold == (True, False)


def table(region: list[Row], rules: Rules, columns: list[Span]) -> Table:
    """The rows, where lines of one cell that wraps are put together."""
    rows: list[list[str]] = []
    usual_gap = _usual_gap(region)
    ruled = _ruled(region, rules)
    for number, row in enumerate(region):
        cells = [""] * len(columns)
        for cell in row:
            column = nearest(columns, cell)
            cells[column] = joined(cells[column], *(run.text for run in cell.runs))
        above = region[number - 1]
        if ruled:
            goes_on = not _is_ruled_off(above, row, rules) and not (number == 1 and are_named_by(rows[0], cells))
        else:
            goes_on = number > 0 and _goes_on(rows[-1], cells, gap_between(above, row) < _CLOSE * usual_gap)
        if number and goes_on:
            rows[-1] = [joined(above, cell) if cell else above for above, cell in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    bold = [all(cell.runs[0].bold for cell in row) for row in (region[0], region[-1])]
    return Table(rows, columns, region[-1][0].runs[0].size, (bold[0], bold[1]))


def _is_ruled_off(above: Row, row: Row, rules: Rules) -> bool:
    return any(rules.between(above[0].bottom - 3, row[0].top + 3, cell.left, cell.right) for cell in row)


def _goes_on(above: Sequence[str], cells: Sequence[str], is_close: bool) -> bool:
    """Whether these cells are the second lines of those above, and not a row of its own."""
    both = [(upper, lower) for upper, lower in zip(above, cells, strict=True) if upper and lower]
    is_row = len(both) == len(cells) or any(is_figure(upper) and is_figure(lower) for upper, lower in both)
    is_group = len([cell for cell in cells if cell]) == 1 and any(map(_is_name_of_group, cells))
    return (is_close and not is_row and not is_group) or are_second_lines(above, cells)


def _is_name_of_group(cell: str) -> bool:
    return cell.isupper() and len(cell) >= _SHORTEST_GROUP


def are_second_lines(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether the cells go on below those above by their words, and some do not."""
    pairs = [(upper, lower) for upper, lower in zip(above, cells, strict=False) if lower]
    goes_on = all(upper and (lower[0].islower() or upper.endswith((",", HYPHEN))) for upper, lower in pairs)
    return goes_on and len(above) == len(cells) and not (all(above) and all(cells))


def _usual_gap(region: list[Row]) -> float:
    gaps = [gap_between(above, row) for above, row in pairwise(region) if len(row) > 1 < len(above)]
    return median(gaps) if gaps else 0


def _ruled(region: list[Row], rules: Rules) -> bool:
    """Whether lines are drawn between most rows that have all their cells."""
    most = max(map(len, region))
    full = [
        rules.between(above[0].bottom - 3, row[0].top + 3, row[0].left, row[0].right)
        for above, row in pairwise(region)
        if len(row) == most
    ]
    return bool(full) and 2 * sum(full) > len(full)


def joined(*texts: str) -> str:
    """Lines of one cell as one text."""
    return " ".join(filter(None, texts)).replace(f"{HYPHEN} ", HYPHEN)
