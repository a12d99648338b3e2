"""Rows that stand in the same columns become a table."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.knowledge.extraction.pdf.rows import Cell, Row
from app.knowledge.extraction.pdf.rules import Rules
from app.knowledge.extraction.pdf.runs import HYPHEN, Run

_FARTHEST = 2.5
_CLOSE = 0.75
_MOST_ALONE = 3
_FULL = 0.75
_LONG_TEXT = 25

Span = tuple[float, float]


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


def blocks(rows: list[Row], rules: Rules) -> Iterator[Run | Table]:
    """What stands on a page, in reading order; a lone row with several cells is a table of one row."""
    position = 0
    while position < len(rows):
        end = _end_of_table(rows, position)
        region = rows[position : max(end, position + 1)]
        if len(region[0]) == 1:
            yield from region[0][0].runs
        elif text := _interleaved(region):
            yield from (run for column in text for cell in column for run in cell.runs)
        else:
            yield table(region, rules, _columns(region))
        position += len(region)


def _end_of_table(rows: list[Row], start: int) -> int:
    """The position after the last row of the table that begins at `start` (`start` itself: there is none)."""
    if len(rows[start]) == 1:
        return start
    end = start + 1
    alone, gap = 0, math.inf
    for position in range(start + 1, len(rows)):
        row, above = rows[position], rows[position - 1]
        if not _is_below(row, above) or _gap(above, row) > 2 * gap + 0.6 * row[0].runs[0].size:
            break
        gap = max(gap if gap < math.inf else 0, _gap(above, row))
        if len(row) > 1:
            end, alone = position + 1, 0
        elif alone == _MOST_ALONE or not _fits(row[0], rows[start:end]):
            break
        elif end == position and (_wraps(row, above) or _is_in_later_column(row[0], rows[start:end])):
            end, alone = position + 1, 0
        else:
            alone += 1
    return end


def _is_below(row: Row, above: Row, factor: float = _FARTHEST) -> bool:
    gap = min(cell.top for cell in row) - max(cell.bottom for cell in above)
    size = row[0].runs[0].size
    return -size < gap < factor * size


def _fits(cell: Cell, rows: Sequence[Row]) -> bool:
    """A row of one cell: within one column, or at least within the table."""
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    return cell.left > left - 2 and cell.right < right + 2 and len(cell.runs) == 1


def _wraps(row: Row, above: Row) -> bool:
    """Whether it is the second line of one of the cells close above."""
    cell = row[0]
    text = cell.runs[0].text
    over = [other for other in above if other.left < cell.right and cell.left < other.right]
    goes_on = len(over) == 1 and (text[0].islower() or over[0].runs[-1].text.endswith((",", HYPHEN)))
    return goes_on and _is_below(row, above, _CLOSE)


def _is_in_later_column(cell: Cell, rows: Sequence[Row]) -> bool:
    """Whether all cells but this one of a last row are empty."""
    columns = _columns(list(rows))
    return len(rows) > 1 and cell.left > columns[0][1] and cell.right < columns[-1][1] + 2


def _interleaved(region: list[Row]) -> list[list[Cell]]:
    """The columns of a text that was drawn line by line across them, full of long lines; [] where it is a table."""
    columns = _columns(region)
    if len(region) < 4 or 2 * sum(len(row) == len(columns) for row in region) < len(region):
        return []
    cells: list[list[Cell]] = [[] for _ in columns]
    for row in region:
        for cell in row:
            cells[_nearest(columns, cell)].append(cell)
    for (left, right), column in zip(columns, cells, strict=True):
        fill = _median((cell.right - cell.left) / (right - left) for cell in column)
        if fill < _FULL or _median(len(cell.runs[0].text) for cell in column) < _LONG_TEXT:
            return []
    return cells


def table(region: list[Row], rules: Rules, columns: list[Span]) -> Table:
    """The rows, where lines of one cell that wraps are put together."""
    rows: list[list[str]] = []
    usual_gap = _usual_gap(region)
    ruled = _ruled(region, rules)
    for number, row in enumerate(region):
        cells = [""] * len(columns)
        for cell in row:
            column = _nearest(columns, cell)
            cells[column] = joined(cells[column], *(run.text for run in cell.runs))
        above = region[number - 1]
        if ruled:
            goes_on = not _is_ruled_off(above, row, rules)
        else:
            goes_on = number > 0 and _goes_on(rows[-1], cells, _gap(above, row) < _CLOSE * usual_gap)
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
    if all(above) and all(cells):
        return False
    pairs = [(upper, lower) for upper, lower in zip(above, cells, strict=True) if lower]
    wrapped = all(upper and (lower[0].islower() or upper.endswith((",", HYPHEN))) for upper, lower in pairs)
    return is_close or wrapped


def _gap(above: Row, row: Row) -> float:
    return min(cell.top for cell in row) - max(cell.bottom for cell in above)


def _usual_gap(region: list[Row]) -> float:
    gaps = [_gap(above, row) for above, row in pairwise(region) if len(row) > 1 < len(above)]
    return _median(gaps) if gaps else 0


def _ruled(region: list[Row], rules: Rules) -> bool:
    """Whether lines are drawn between most rows that have all their cells."""
    most = max(map(len, region))
    full = [
        rules.between(above[0].bottom - 3, row[0].top + 3, row[0].left, row[0].right)
        for above, row in pairwise(region)
        if len(row) == most
    ]
    return bool(full) and 2 * sum(full) > len(full)


def _columns(region: list[Row]) -> list[Span]:
    """Edges of the columns: cells one above the other belong together, those that span several count for none."""
    most = max(map(len, region))
    spans: list[Span] = []
    for cell in sorted((cell for row in region for cell in row), key=lambda cell: cell.right - cell.left):
        over = [span for span in spans if span[0] < cell.right and cell.left < span[1]]
        if len(over) < 2:
            spans = [span for span in spans if span not in over]
            spans.append((min([cell.left, *(s[0] for s in over)]), max([cell.right, *(s[1] for s in over)])))
    spans.sort()
    while len(spans) > most and (pair := _never_together(region, spans)) is not None:
        spans[pair : pair + 2] = [(spans[pair][0], spans[pair + 1][1])]
    return spans


def _never_together(region: list[Row], spans: list[Span]) -> int | None:
    """The first of two neighbouring columns that no row fills both, the closest such pair."""
    filled = [{_nearest(spans, cell) for cell in row} for row in region]
    pairs = [
        (spans[number + 1][0] - spans[number][1], number)
        for number in range(len(spans) - 1)
        if not any({number, number + 1} <= numbers for numbers in filled)
    ]
    return min(pairs)[1] if pairs else None


def _nearest(columns: list[Span], cell: Cell) -> int:
    """The column it shares most of its width with, else the closest."""

    def shared(number: int) -> float:
        left, right = columns[number]
        return min(right, cell.right) - max(left, cell.left)

    return max(range(len(columns)), key=shared)


def _median(values: Iterable[float]) -> float:
    """The upper one of an even number; `statistics` takes longer to import than a page to read."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def joined(*texts: str) -> str:
    """Lines of one cell as one text."""
    return " ".join(filter(None, texts)).replace(f"{HYPHEN} ", HYPHEN)
