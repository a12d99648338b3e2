"""Ruled tables: the ruling lines decide which row and column a text span is in."""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from app.extraction.pdf.cells import Cell, CellRow, are_aligned, looks_numeric
from app.extraction.pdf.page_table import PageTable, build_table, join_lines
from app.extraction.pdf.ruled_grid import CellIndex, RuledGrid, find_ruled_grids
from app.extraction.pdf.ruling_lines import NO_RULING_LINES, RulingLines
from app.extraction.pdf.text_spans import TextSpan, same_line
from app.extraction.tables.header_rows import HeaderRows, join_levels, locate_header
from app.extraction.tables.lines import named_line

_MOST_LINES_OF_CELL = 12
_FEWEST_LINES_OF_ROWS = 3
_MOST_ODD_CELLS = 4
_LONGEST_SUMMARY = 400

SpansByCell = dict[CellIndex, list[TextSpan]]


def split_off_ruled_tables(spans: list[TextSpan], ruling: RulingLines) -> Iterator[list[TextSpan] | PageTable]:
    """The spans between ruled tables, and each table at the place of its first span in drawing order."""
    found = find_ruled_grids(ruling) if ruling.vertical else []
    if not found:
        yield spans
        return
    tables: dict[int, PageTable] = {}
    table_of_span: dict[int, int] = {}
    summaries: dict[int, tuple[int, TextSpan]] = {}
    for number, grid in enumerate(found):
        free = [span for span in spans if id(span) not in table_of_span]
        cells = _cells([*free, *(summary for _, summary in summaries.values())], grid)
        if not (table := _table(grid, cells)):
            continue
        tables[number] = table
        for span in (span for cell in cells.values() for span in cell):
            if id(span) in summaries:
                nested, _ = summaries.pop(id(span))
                del tables[nested]
                table_of_span = {key: number if of == nested else of for key, of in table_of_span.items()}
            table_of_span[id(span)] = number
        if summary := _summary(table, grid):
            summaries[id(summary)] = number, summary
    for table_of_group, group in groupby(spans, key=lambda span: table_of_span.get(id(span))):
        if table_of_group is None:
            yield list(group)
        elif table_of_group in tables:
            yield tables.pop(table_of_group)


def _summary(table: PageTable, grid: RuledGrid) -> TextSpan | None:
    """A short table as one text, for the cell of another table that it may be in."""
    header, rows = table.header.header, table.rows[table.header.data :]
    texts = [named_line(row, header).replace("; ", ", ") for row in (rows if header else table.rows)]
    text = "; ".join(texts)
    if len(text) > _LONGEST_SUMMARY:
        return None
    across, down = grid.column_edges, grid.row_edges
    return TextSpan(text, across[0], across[-1], down[0], down[-1], table.size, bold=False)


def _cells(spans: list[TextSpan], grid: RuledGrid) -> SpansByCell:
    cells: SpansByCell = {}
    for span in spans:
        if (place := grid.origin_of(span)) is not None:
            cells.setdefault(place, []).append(span)
    return cells


def _table(grid: RuledGrid, cells: SpansByCell) -> PageTable | None:
    """None where the grid holds no table: a single column, or cells full of running text."""
    columns = sorted({column for _, column in cells})
    if len(columns) < 2:
        return None
    edges = list(pairwise(grid.column_edges))
    spans = [edges[column] for column in columns]
    if _has_rows_within(cells):
        return build_table(_lines(cells), NO_RULING_LINES, spans)
    if _MOST_ODD_CELLS * sum(not _is_single_text(cell) for cell in cells.values()) > len(cells):
        return None
    filled = sorted({row for row, _ in cells})
    header = next((row for row in filled if sum(place[0] == row for place in cells) > 1), filled[0])
    texts = [_texts(row, columns, grid, cells, header) for row in filled]
    ends = [[span for place in cells if place[0] == row for span in cells[place]] for row in (header, filled[-1])]
    bold = [all(span.bold for span in end) for end in ends]
    return PageTable(
        texts, spans, ends[1][0].size, _header_rows(texts, filled, columns, grid, cells), bold == [True, False]
    )


def _header_rows(
    texts: list[list[str]], filled: list[int], columns: list[int], grid: RuledGrid, cells: SpansByCell
) -> HeaderRows:
    """The header rows, in which a merged cell names all of its columns."""
    titles, data = locate_header(texts)
    while data > titles and _reaches_down(filled[data - 1], filled[data], columns, grid):
        data -= 1
    if titles == data:
        return HeaderRows(titles, data, ())
    levels = [
        [_joined(cells.get(grid.origins[row, column], ())) for column in columns] for row in filled[titles:data]
    ]
    return HeaderRows(titles, data, tuple(map(join_lines, join_levels(levels))))


def _reaches_down(row: int, below: int, columns: list[int], grid: RuledGrid) -> bool:
    """Whether a cell of the first column is merged over both rows."""
    return grid.origins[row, columns[0]] == grid.origins[below, columns[0]]


def _joined(cell: Iterable[TextSpan]) -> str:
    return join_lines(*(span.text for span in cell))


def _is_single_text(cell: list[TextSpan]) -> bool:
    """Whether a cell holds the lines of one text, neither a page of text nor values side by side."""
    return len(cell) <= _MOST_LINES_OF_CELL and not any(same_line(span, other) for span, other in pairwise(cell))


def _has_rows_within(cells: SpansByCell) -> bool:
    """Whether the lines in a row of cells are rows themselves, as where only the header row is ruled off."""
    bands = [[cells[place] for place in band] for _, band in groupby(sorted(cells), key=lambda place: place[0])]
    for texts in bands:
        fewest = (
            2 if any(all(looks_numeric(span.text) for span in text) for text in texts) else _FEWEST_LINES_OF_ROWS
        )
        is_ruled = len(bands) > 2 and fewest > 2
        if len(texts) > 1 and not is_ruled and len(texts[0]) >= fewest and _is_aligned(texts):
            return True
    return False


def _is_aligned(texts: list[list[TextSpan]]) -> bool:
    """Whether all cells have equally many lines, at the same heights."""
    below = all(span.top > above.top and not same_line(span, above) for above, span in pairwise(texts[0]))
    return below and are_aligned(texts)


def _lines(cells: SpansByCell) -> list[CellRow]:
    spans = sorted((span for cell in cells.values() for span in cell), key=lambda span: (span.bottom, span.left))
    lines: list[CellRow] = []
    for span in spans:
        if lines and same_line(span, lines[-1][0].spans[0]):
            lines[-1].append(Cell(span))
        else:
            lines.append([Cell(span)])
    return lines


def _texts(row: int, columns: list[int], grid: RuledGrid, cells: SpansByCell, header: int) -> list[str]:
    """The texts of a row: one if it is merged across all columns; cells merged down below `header` are repeated."""
    places = [grid.origins[row, column] for column in columns]
    if len(set(places)) == 1:
        return [_joined(cells[places[0]])]
    return [
        _joined(cells.get(place, ()))
        if place == (row, column) or (header < place[0] < row and place[1] == column)
        else ""
        for place, column in zip(places, columns, strict=True)
    ]
