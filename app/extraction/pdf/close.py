"""Values of neighbouring columns that stand no farther apart than two words."""

from collections.abc import Iterator
from itertools import pairwise

from app.extraction.pdf.cells import Cell, Row
from app.extraction.pdf.runs import Part, Run

_LONGEST_VALUE = 25


def taken_apart(region: list[Row]) -> list[Row]:
    """The rows of a table, where one that lacks cells has those that were drawn each by itself."""
    if not any(run.parts for row in region for cell in row for run in cell.runs):
        return region
    most = max(map(len, region))
    spans = [part[1:] for row in region for cell in row for part in _parts(cell)]
    return [_apart(row, spans, most) if len(row) < most else row for row in region]


def _apart(row: Row, spans: list[tuple[float, float]], most: int) -> Row:
    cells = [part for cell in row for part in _cells(cell, spans)]
    return cells if len(cells) <= most else row


def _parts(cell: Cell) -> tuple[Part, ...]:
    """More than one only where they are short: a sentence may be drawn in parts, too."""
    parts = cell.runs[0].parts
    are_values = len(cell.runs) == 1 and parts and all(len(part[0]) <= _LONGEST_VALUE for part in parts)
    return parts if are_values else (("", cell.left, cell.right),)


def _cells(cell: Cell, spans: list[tuple[float, float]]) -> Iterator[Cell]:
    """The cell cut where nothing in the other rows stands across."""
    parts = _parts(cell)
    if len(parts) == 1:
        yield cell
        return
    run = cell.runs[0]
    begun = list(parts[:1])
    for before, part in pairwise(parts):
        middle = (before[2] + part[1]) / 2
        if not any(left < middle < right for left, right in spans):
            yield _cell(run, begun)
            begun = []
        begun.append(part)
    yield _cell(run, begun)


def _cell(run: Run, parts: list[Part]) -> Cell:
    text = " ".join(part[0] for part in parts)
    return Cell(run._replace(text=text, left=parts[0][1], right=parts[-1][2], parts=()))
