"""Tables of RTF: their rows tell where cells end on the paper, which gives each cell its columns."""

from collections.abc import Sequence
from typing import NamedTuple

from app.extraction.rtf.tokens import Token
from app.extraction.tables.cell_grid import CellGrid, MergedCells
from app.extraction.tables.lines import short_table_to_lines

_MERGED_DOWN = {"clvmgf", "clvmrg"}
_MERGED_RIGHT = "clmrg"
_TOLERANCE = 30  # twentieths of a point
_MOST_COLUMNS = 1000


class _Shape(NamedTuple):
    """Where a cell ends on the right, and how it is merged."""

    edge: int
    merged: frozenset[str]


class RtfTable:
    """Takes the cells of a table one after the other."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[_Shape, str]]] = []
        self._shapes: list[_Shape] = []
        self._merged: set[str] = set()
        self._texts: list[str] = []

    def note(self, token: Token) -> None:
        """Control words that describe the cells of a row."""
        if token.word == "trowd":
            self._shapes, self._merged = [], set()
        elif token.word in _MERGED_DOWN or token.word == _MERGED_RIGHT:
            self._merged.add(token.word)
        elif token.word == "cellx":
            self._shapes.append(_Shape(token.number or 0, frozenset(self._merged)))
            self._merged = set()

    def add_cell(self, text: str) -> None:
        """The text of the next cell of a row."""
        self._texts.append(text)

    def end_row(self) -> None:
        """The row ends; cells beyond those that were described end where the last one does."""
        shapes = self._shapes or [_Shape(1000 * number, frozenset()) for number in range(1, len(self._texts) + 1)]
        padded = [*shapes, *[shapes[-1]] * (len(self._texts) - len(shapes))] if shapes else []
        self._rows.append(list(zip(padded, self._texts, strict=False)))
        self._texts = []

    def lines(self) -> str:
        """The lines of the rows so far; begins anew."""
        edges = _edges(self._rows)
        grid = CellGrid()
        begun: dict[int, int] = {}  # for each column the row in which a cell begins that goes on downwards
        for number, row in enumerate(self._rows):
            column = 0
            for (edge, merged), text in row:
                after = max(column + 1, sum(other <= edge + _TOLERANCE for other in edges))
                if "clvmrg" in merged and column in begun and not text:
                    grid.merge(MergedCells(begun[column], column, number, after - 1))
                elif _MERGED_RIGHT not in merged:
                    begun[column] = number
                    grid.put(number, column, text)
                column = after
        self._rows = []
        return "\n".join(short_table_to_lines(list(grid.rows())))

    def __bool__(self) -> bool:
        return bool(self._rows)


def _edges(rows: Sequence[Sequence[tuple[_Shape, str]]]) -> list[int]:
    """Where columns end on the right."""
    edges: list[int] = []
    for edge in sorted({shape.edge for row in rows for shape, _ in row}):
        if len(edges) < _MOST_COLUMNS and (not edges or edge > edges[-1] + _TOLERANCE):
            edges.append(edge)
    return edges
