"""Runs become rows: what stands side by side, a cell possibly of several lines.

A file draws text columns one after the other and tables cell by cell, so the order of drawing tells them apart:
in a table the pen goes back up for each cell, in columns once a page.
"""

from collections.abc import Iterable

from app.extraction.pdf.cells import MOST_LINES_OF_CELL, Cell, Row, are_beside, follows, is_figure
from app.extraction.pdf.late import in_their_rows
from app.extraction.pdf.rules import Rules
from app.extraction.pdf.runs import SAME_LINE, Run, same_line

_MOST_LINES_GATHERED = 40


def rows(runs: Iterable[Run], rules: Rules) -> list[Row]:
    """In reading order; most of them hold one cell of one line."""
    found: list[Row] = []
    for run in runs:
        if not found or not _place(found, run, rules):
            found.append([Cell(run)])
    if any(len(row) > 1 for row in found):
        found = in_their_rows(found)
    return [part for row in found for part in (_parts(row) if len(row) > 1 else (row,))]


def _place(found: list[Row], run: Run, rules: Rules) -> bool:
    """Put the run into the last row, if it belongs there."""
    row = found[-1]
    last = row[-1].runs[-1]
    if len(row) > 1 and _continues(row, run, rules):
        row[-1].add(run)
    elif run.left < row[-1].right - 0.5 * run.size:
        return False
    elif same_line(run, last) or (len(row) > 1 and _overlaps(run, row)):
        row.append(Cell(run))
    else:
        return len(row) == 1 and run.top < last.top and _beside_several_lines(found, run, rules)
    return True


def _continues(row: Row, run: Run, rules: Rules) -> bool:
    """Whether it is the next line of the row's last cell."""
    cell = row[-1]
    last = cell.runs[-1]
    return (
        follows(last, run)
        and run.left > row[-2].right
        and run.left < cell.right
        and run.right > cell.left
        and not rules.between(last.bottom, run.top, run.left, run.right)
    )


def _overlaps(run: Run, row: Row) -> bool:
    middle = (run.top + run.bottom) / 2
    return min(cell.top for cell in row) - 1 <= middle <= max(cell.bottom for cell in row) + 1


def _beside_several_lines(found: list[Row], run: Run, rules: Rules) -> bool:
    """The last lines turn out to be one cell, as the pen went back up to their right."""
    count = _lines_beside(_lines_above(found, run, rules), run)
    if not count:
        return False
    cell = Cell(found[-count][0].runs[0])
    for row in found[len(found) - count + 1 :]:
        cell.add(row[0].runs[0])
    found[len(found) - count :] = [[cell, Cell(run)]]
    return True


def _lines_above(found: list[Row], run: Run, rules: Rules) -> list[Run]:
    """The last lines that stand close below each other and left of the run, upwards."""
    lines: list[Run] = []
    for row in reversed(found[-_MOST_LINES_GATHERED:]):
        line = row[0].runs[0]
        if len(row) > 1 or len(row[0].runs) > 1 or line.right > run.left + 1:
            break
        if lines and not follows(line, lines[-1]):
            break
        if lines and rules.between(line.bottom, lines[-1].top, line.left, line.right):
            break
        lines.append(line)
    return lines


def _lines_beside(lines: list[Run], run: Run) -> int:
    """How many of them are the cell left of the run: aligned at the top, else in the middle, else all."""
    if not lines:
        return 0
    tolerance = SAME_LINE * run.size
    middle = (run.top + run.bottom) / 2
    for count, line in enumerate(lines, 1):
        if abs(line.top - run.top) < tolerance:
            return count
    for count, line in enumerate(lines, 1):
        if abs((line.top + lines[0].bottom) / 2 - middle) < tolerance:
            return count
    overlapping = lines[-1].top - 2 * run.size < run.top and run.bottom < lines[0].bottom + 2 * run.size
    return len(lines) if overlapping and len(lines) <= MOST_LINES_OF_CELL else 0


def _parts(row: Row) -> list[Row]:
    """Text columns come apart again, and so does a table that was drawn column by column."""
    texts = [cell.runs for cell in row]
    if len(texts[0]) > 2 and any(map(_is_figures, row)) and are_beside(texts):
        return [list(map(Cell, line)) for line in zip(*texts, strict=True)]
    if any(len(cell.runs) > MOST_LINES_OF_CELL for cell in row):
        return [[Cell(run)] for cell in row for run in cell.runs]
    return [row]


def _is_figures(cell: Cell) -> bool:
    return 2 * sum(is_figure(run.text) for run in cell.runs) > len(cell.runs)
