"""Reading order: text spans in drawing order become rows of cells, from the top of the page to the bottom.

A file draws text columns one after the other and tables cell by cell, so the drawing order tells them apart:
in a table it returns to the top for each cell, in text columns once a page.
"""

from collections.abc import Sequence
from itertools import pairwise

from app.extraction.pdf.cells import MOST_LINES_OF_CELL, Cell, CellRow, are_aligned, follows, looks_numeric
from app.extraction.pdf.displaced_cells import place_displaced_cells
from app.extraction.pdf.ruling_lines import RulingLines
from app.extraction.pdf.text_spans import LINE_TOLERANCE, TextSpan, same_line

_MOST_LINES_GATHERED = 40


def rows_in_reading_order(spans: Sequence[TextSpan], ruling: RulingLines) -> list[CellRow]:
    """The rows of a page; a row of running text is one cell of one line."""
    found: list[CellRow] = []
    position = 0
    while position < len(spans):
        span = spans[position]
        cell = _raised_cell(found[-1], spans[position : position + MOST_LINES_OF_CELL], ruling) if found else None
        if cell:
            found[-1].append(cell)
        elif not found or not _join_last_row(found, span, ruling):
            found.append([Cell(span)])
        position += len(cell.spans) if cell else 1
    if any(len(row) > 1 for row in found):
        found = place_displaced_cells(found)
    return [split for row in found for split in (_split_columns(row) if len(row) > 1 else (row,))]


def _raised_cell(row: CellRow, following: Sequence[TextSpan], ruling: RulingLines) -> Cell | None:
    """The next cell of the row where it starts above the row, and ends at its height or is centred on it."""
    last, first = row[-1].spans[-1], following[0]
    if not (first.top < last.top - LINE_TOLERANCE * first.size and first.left > row[-1].right):
        return None
    cell = Cell(first)
    row_top, row_bottom = min(other.top for other in row), max(other.bottom for other in row)
    for above, span in pairwise(following):
        is_next = follows(above, span) and span.left < cell.right and span.right > cell.left
        if not is_next or ruling.separate(above.bottom, span.top, span.left, span.right):
            return None
        cell.add(span)
        off_centre = abs(cell.top + cell.bottom - row_top - row_bottom) / 2
        if same_line(span, last) or (len(row) > 1 and off_centre < LINE_TOLERANCE * span.size):
            return cell
    return None


def _join_last_row(found: list[CellRow], span: TextSpan, ruling: RulingLines) -> bool:
    """Add the span to the last row if it belongs there; tell if it was."""
    row = found[-1]
    last = row[-1].spans[-1]
    if len(row) > 1 and _continues_last_cell(row, span, ruling):
        row[-1].add(span)
    elif span.left < row[-1].right - 0.5 * span.size:
        return False
    elif same_line(span, last) or (len(row) > 1 and _overlaps(span, row)):
        row.append(Cell(span))
    else:
        return len(row) == 1 and span.top < last.top and _beside_several_lines(found, span, ruling)
    return True


def _continues_last_cell(row: CellRow, span: TextSpan, ruling: RulingLines) -> bool:
    """Whether the span is the next line of the row's last cell."""
    cell = row[-1]
    last = cell.spans[-1]
    return (
        follows(last, span)
        and span.left > row[-2].right
        and span.left < cell.right
        and span.right > cell.left
        and not ruling.separate(last.bottom, span.top, span.left, span.right)
    )


def _overlaps(span: TextSpan, row: CellRow) -> bool:
    middle = (span.top + span.bottom) / 2
    return min(cell.top for cell in row) - 1 <= middle <= max(cell.bottom for cell in row) + 1


def _beside_several_lines(found: list[CellRow], span: TextSpan, ruling: RulingLines) -> bool:
    """Make the last lines one cell of a row where the span is drawn beside them; tell if it was."""
    count = _lines_beside(_lines_above(found, span, ruling), span)
    if not count:
        return False
    cell = Cell(found[-count][0].spans[0])
    for row in found[len(found) - count + 1 :]:
        cell.add(row[0].spans[0])
    found[len(found) - count :] = [[cell, Cell(span)]]
    return True


def _lines_above(found: list[CellRow], span: TextSpan, ruling: RulingLines) -> list[TextSpan]:
    """The last lines at line spacing left of the span, from the bottom up."""
    lines: list[TextSpan] = []
    for row in reversed(found[-_MOST_LINES_GATHERED:]):
        line = row[0].spans[0]
        if len(row) > 1 or len(row[0].spans) > 1 or line.right > span.left + 1:
            break
        if lines and not follows(line, lines[-1]):
            break
        if lines and ruling.separate(line.bottom, lines[-1].top, line.left, line.right):
            break
        lines.append(line)
    return lines


def _lines_beside(lines: list[TextSpan], span: TextSpan) -> int:
    """How many of the lines form the cell left of the span: aligned at the top, else centred, else all."""
    if not lines:
        return 0
    tolerance = LINE_TOLERANCE * span.size
    middle = (span.top + span.bottom) / 2
    for count, line in enumerate(lines, 1):
        if abs(line.top - span.top) < tolerance:
            return count
    for count, line in enumerate(lines, 1):
        if abs((line.top + lines[0].bottom) / 2 - middle) < tolerance:
            return count
    overlapping = lines[-1].top - 2 * span.size < span.top and span.bottom < lines[0].bottom + 2 * span.size
    return len(lines) if overlapping and len(lines) <= MOST_LINES_OF_CELL else 0


def _split_columns(row: CellRow) -> list[CellRow]:
    """Split what is no row: text columns, and a table that is drawn column by column."""
    texts = [cell.spans for cell in row]
    if len(texts[0]) > 2 and any(map(_is_mostly_numeric, row)) and are_aligned(texts):
        return [list(map(Cell, line)) for line in zip(*texts, strict=True)]
    if any(len(cell.spans) > MOST_LINES_OF_CELL for cell in row):
        return [[Cell(span)] for cell in row for span in cell.spans]
    return [row]


def _is_mostly_numeric(cell: Cell) -> bool:
    return 2 * sum(looks_numeric(span.text) for span in cell.spans) > len(cell.spans)
