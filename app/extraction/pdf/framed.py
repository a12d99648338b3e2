"""Tables whose cells are ruled: the lines decide what stands in which row and column."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from app.extraction.pdf.cells import Cell, Row, are_beside, is_figure
from app.extraction.pdf.frames import Frame, Place, frames
from app.extraction.pdf.grid import Table, joined, table
from app.extraction.pdf.rules import NO_RULES, Rules
from app.extraction.pdf.runs import Run, same_line

_MOST_LINES_OF_CELL = 12
_FEWEST_LINES_OF_ROWS = 3

Cells = dict[Place, list[Run]]


def framed(runs: list[Run], rules: Rules) -> Iterator[list[Run] | Table]:
    """The ruled tables among the runs, and what stands between; each where its first cell is drawn."""
    found = frames(rules) if rules.vertical else []
    if not found:
        yield runs
        return
    tables: dict[int, Table] = {}
    of_run: dict[int, int] = {}
    for number, frame in enumerate(found):
        cells = _cells([run for run in runs if id(run) not in of_run], frame)
        if table := _table(frame, cells):
            tables[number] = table
            of_run |= {id(run): number for cell in cells.values() for run in cell}
    for table_of_group, group in groupby(runs, key=lambda run: of_run.get(id(run))):
        if table_of_group is None:
            yield list(group)
        elif table_of_group in tables:
            yield tables.pop(table_of_group)


def _cells(runs: list[Run], frame: Frame) -> Cells:
    cells: Cells = {}
    for run in runs:
        if (place := frame.cell(run)) is not None:
            cells.setdefault(place, []).append(run)
    return cells


def _table(frame: Frame, cells: Cells) -> Table | None:
    """None where what the lines frame is no table."""
    columns = sorted({column for _, column in cells})
    if len(columns) < 2:
        return None
    edges = list(pairwise(frame.xs))
    spans = [edges[column] for column in columns]
    if _has_rows_within(cells):
        return table(_lines(cells), NO_RULES, spans)
    if not all(map(_is_one, cells.values())):
        return None
    filled = sorted({row for row, _ in cells})
    head = next((row for row in filled if sum(place[0] == row for place in cells) > 1), filled[0])
    ends = [[run for place in cells if place[0] == row for run in cells[place]] for row in (filled[0], filled[-1])]
    bold = [all(run.bold for run in end) for end in ends]
    texts = [_texts(row, columns, frame, cells, head) for row in filled]
    return Table(texts, spans, ends[1][0].size, (bold[0], bold[1]))


def _is_one(cell: list[Run]) -> bool:
    """Whether its runs are the lines of one text, neither a page of text nor values side by side."""
    return len(cell) <= _MOST_LINES_OF_CELL and not any(same_line(run, other) for run, other in pairwise(cell))


def _has_rows_within(cells: Cells) -> bool:
    """Whether lines of text side by side are rows by themselves, as perhaps only the names are ruled off."""
    bands = [[cells[place] for place in band] for _, band in groupby(sorted(cells), key=lambda place: place[0])]
    for texts in bands:
        fewest = 2 if any(all(is_figure(run.text) for run in text) for text in texts) else _FEWEST_LINES_OF_ROWS
        ruled = len(bands) > 2 and fewest > 2
        if len(texts) > 1 and not ruled and len(texts[0]) >= fewest and _is_aligned(texts):
            return True
    return False


def _is_aligned(texts: list[list[Run]]) -> bool:
    """Whether all of them have as many lines, below each other at the same heights."""
    below = all(run.top > above.top and not same_line(run, above) for above, run in pairwise(texts[0]))
    return below and are_beside(texts)


def _lines(cells: Cells) -> list[Row]:
    runs = sorted((run for cell in cells.values() for run in cell), key=lambda run: (run.bottom, run.left))
    lines: list[Row] = []
    for run in runs:
        if lines and same_line(run, lines[-1][0].runs[0]):
            lines[-1].append(Cell(run))
        else:
            lines.append([Cell(run)])
    return lines


def _texts(row: int, columns: list[int], frame: Frame, cells: Cells, head: int) -> list[str]:
    """Those of a row: only one that is written across all columns; what reaches down below `head` is repeated."""
    places = [frame.first[row, column] for column in columns]
    if len(set(places)) == 1:
        return [joined(*(run.text for run in cells[places[0]]))]
    return [
        joined(*(run.text for run in cells.get(place, ())))
        if place == (row, column) or (head < place[0] < row and place[1] == column)
        else ""
        for place, column in zip(places, columns, strict=True)
    ]
