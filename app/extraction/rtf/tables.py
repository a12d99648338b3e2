"""Tables of RTF: their rows tell where cells end on the paper, which gives each cell its columns."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.extraction.edits import Edit
from app.extraction.rtf.tokens import Token

_MERGED = {"clvmgf", "clvmrg"}
_BREAKS = {"line", "tab", "par"}
_TOLERANCE = 30  # twentieths of a point
_MOST_COLUMNS = 100
_LONGEST = 1000


class _Shape(NamedTuple):
    """Where a cell ends on the right, and whether it is merged downwards ("clvmgf": begins, "clvmrg": goes on)."""

    edge: int
    merged: str


class _Cell(NamedTuple):
    shape: _Shape
    text: bytes
    mark: Token


class Table:
    """Takes the tokens of a table; its changes are told at its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._rows: list[list[_Cell]] = []
        self._shapes: list[_Shape] = []
        self._merged = ""
        self._texts: list[tuple[bytes, Token]] = []
        self._text: list[bytes] = []

    def take(self, token: Token) -> None:
        """The next token inside a table."""
        if token.is_text or token.word in _BREAKS or not token.word:
            self._text.append(self._data[token.start : token.end])
        elif token.word == "trowd":
            self._shapes, self._merged = [], ""
        elif token.word in _MERGED:
            self._merged = token.word
        elif token.word == "cellx":
            self._shapes.append(_Shape(token.number, self._merged))
            self._merged = ""
        elif token.word == "cell":
            self._texts.append((b"".join(self._text).strip(), token))
            self._text = []
        elif token.word == "row":
            cells = zip(self._shapes, self._texts, strict=False)
            self._rows.append([_Cell(shape, *text) for shape, text in cells])
            self._texts, self._text = [], []

    def end(self) -> Iterator[Edit[bytes]]:
        """What is merged downwards is said in each row, cells over several columns get empty ones beside them."""
        edges = _edges(self._rows)
        above: dict[int, bytes] = {}
        for row in self._rows if len(edges) <= _MOST_COLUMNS else ():
            column = 0
            for (edge, merged), text, mark in row:
                if merged == "clvmrg" and not text and above.get(column):
                    yield Edit(mark.start, mark.start, b"{" + above[column] + b"}")
                elif merged != "clvmrg":
                    above[column] = text if merged and len(text) <= _LONGEST else b""
                after = sum(other <= edge + _TOLERANCE for other in edges)
                if after > column + 1:
                    yield Edit(mark.end, mark.end, b"\\cell " * (after - column - 1))
                column = max(column + 1, after)
        self._rows, self._text = [], []


def _edges(rows: Sequence[Sequence[_Cell]]) -> list[int]:
    """Where columns end on the right."""
    edges: list[int] = []
    for edge in sorted({cell.shape.edge for row in rows for cell in row}):
        if not edges or edge > edges[-1] + _TOLERANCE:
            edges.append(edge)
    return edges
