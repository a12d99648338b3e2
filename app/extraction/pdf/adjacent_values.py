"""Values of neighbouring columns that are no farther apart than two words."""

from collections.abc import Iterator
from itertools import pairwise

from app.extraction.pdf.cells import Cell, CellRow
from app.extraction.pdf.text_spans import TextPiece, TextSpan

_LONGEST_VALUE = 25


def split_adjacent_values(region: list[CellRow]) -> list[CellRow]:
    """The rows of a table; a row that lacks cells is split where its texts were drawn separately."""
    if not any(span.pieces for row in region for cell in row for span in cell.spans):
        return region
    most = max(map(len, region))
    spans = [piece[1:] for row in region for cell in row for piece in _pieces(cell)]
    return [_split_row(row, spans, most) if len(row) < most else row for row in region]


def _split_row(row: CellRow, spans: list[tuple[float, float]], most: int) -> CellRow:
    cells = [part for cell in row for part in _cells(cell, spans)]
    return cells if len(cells) <= most else row


def _pieces(cell: Cell) -> tuple[TextPiece, ...]:
    """Several only where all are short: a sentence may be drawn in pieces, too."""
    pieces = cell.spans[0].pieces
    are_values = len(cell.spans) == 1 and pieces and all(len(piece[0]) <= _LONGEST_VALUE for piece in pieces)
    return pieces if are_values else (("", cell.left, cell.right),)


def _cells(cell: Cell, spans: list[tuple[float, float]]) -> Iterator[Cell]:
    """The cell, split at gaps that no text of the other rows crosses."""
    pieces = _pieces(cell)
    if len(pieces) == 1:
        yield cell
        return
    span = cell.spans[0]
    begun = list(pieces[:1])
    for before, piece in pairwise(pieces):
        middle = (before[2] + piece[1]) / 2
        if not any(left < middle < right for left, right in spans):
            yield _cell(span, begun)
            begun = []
        begun.append(piece)
    yield _cell(span, begun)


def _cell(span: TextSpan, pieces: list[TextPiece]) -> Cell:
    text = " ".join(piece[0] for piece in pieces)
    return Cell(span._replace(text=text, left=pieces[0][1], right=pieces[-1][2], pieces=()))
