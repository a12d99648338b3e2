"""Unruled tables: consecutive rows whose cells share columns, told from text in columns."""

from collections.abc import Iterator

from app.extraction.pdf.adjacent_values import split_adjacent_values
from app.extraction.pdf.cells import Cell, CellRow
from app.extraction.pdf.column_detection import ColumnEdges, detect_columns, median, nearest_column
from app.extraction.pdf.page_table import PageTable, build_table
from app.extraction.pdf.ruling_lines import RulingLines
from app.extraction.pdf.table_regions import end_of_table, start_of_table
from app.extraction.pdf.text_spans import TextSpan
from app.extraction.tables.header_rows import start_of_next_table
from app.extraction.tables.values import is_currency, is_value, is_year

_FULL = 0.75
_LONG_TEXT = 25
_MOST_LEVELS = 6


def split_off_unruled_tables(rows: list[CellRow], ruling: RulingLines) -> Iterator[TextSpan | PageTable]:
    """The text and tables of a page in reading order; a lone row of several cells is a table of one row."""
    rows = [_with_currencies(row) if len(row) > 2 else row for row in rows]
    position = 0
    while position < len(rows):
        start = start_of_table(rows, position)
        end = end_of_table(rows, start)
        if end - start < 2:
            start = position
        region = rows[position : max(end, start + 1)]
        if len(rows[start]) == 1:
            yield from region[0][0].spans
        elif text := _text_columns(region):
            yield from (span for column in text for cell in column for span in cell.spans)
        else:
            texts = [[" ".join(span.text for span in cell.spans) for cell in row] for row in region]
            region = region[: start_of_next_table(texts) or len(region)]
            yield _table(region, ruling)
        position += len(region)


def _table(region: list[CellRow], ruling: RulingLines) -> PageTable:
    rows = split_adjacent_values(region)
    return build_table(rows, ruling, _columns(rows))


def _with_currencies(row: CellRow) -> CellRow:
    """The row, in which the sign of a currency at the left edge of a column is part of the amount at its right."""
    found: CellRow = []
    for cell in row:
        before = found[-1].spans[0] if found else None
        amount = cell.spans[0]
        if before and is_currency(before.text) and amount.text[0].isdigit():
            found[-1] = Cell(amount._replace(text=f"{before.text} {amount.text}", left=before.left, pieces=()))
        else:
            found.append(cell)
    return found


def _columns(region: list[CellRow]) -> list[ColumnEdges]:
    """The columns of the data, as names of groups may be between columns; of all rows without numbers."""
    first = next((number for number, row in enumerate(region) if _has_number(row)), 0)
    if not 0 < first <= _MOST_LEVELS or len(region) - first < 2:
        return detect_columns(region)
    columns, names = detect_columns(region[first:]), region[first - 1]
    if len(names) == len(columns):
        return [
            (min(left, cell.left), max(right, cell.right))
            for cell, (left, right) in zip(names, columns, strict=True)
        ]
    beside = [cell for cell in names if all(cell.right < left or right < cell.left for left, right in columns)]
    return sorted([*columns, *((cell.left, cell.right) for cell in beside if len(names) > len(columns))])


def _has_number(row: CellRow) -> bool:
    texts = [cell.spans[0].text for cell in row[1:]]
    return any(is_value(text) and not is_year(text) for text in texts)


def _text_columns(region: list[CellRow]) -> list[list[Cell]]:
    """The columns of running text that is drawn line by line across them, full of long lines; [] for a table."""
    columns = detect_columns(region)
    if len(region) < 4 or 2 * sum(len(row) == len(columns) for row in region) < len(region):
        return []
    cells: list[list[Cell]] = [[] for _ in columns]
    for row in region:
        for cell in row:
            cells[nearest_column(columns, cell)].append(cell)
    for (left, right), column in zip(columns, cells, strict=True):
        fill = median((cell.right - cell.left) / (right - left) for cell in column)
        if fill < _FULL or median(len(cell.spans[0].text) for cell in column) < _LONG_TEXT:
            return []
    return cells
