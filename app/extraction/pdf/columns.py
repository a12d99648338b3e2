"""The columns of a table that no lines part, by what stands one above the other."""

from collections.abc import Iterable

from app.extraction.pdf.cells import Cell, Row

Span = tuple[float, float]
"""Left and right edge."""


def columns_of(region: list[Row]) -> list[Span]:
    """Edges of the columns: cells one above the other belong together, those that span several count for none."""
    most = max(map(len, region))
    spans: list[Span] = []
    for cell in sorted((cell for row in region for cell in row), key=lambda cell: cell.right - cell.left):
        over = [span for span in spans if span[0] < cell.right and cell.left < span[1]]
        if len(over) < 2:
            spans = [span for span in spans if span not in over]
            spans.append((min([cell.left, *(s[0] for s in over)]), max([cell.right, *(s[1] for s in over)])))
    spans.sort()
    return _joined_halves(region, spans) if len(spans) > most else spans


def _joined_halves(region: list[Row], spans: list[Span]) -> list[Span]:
    """Spans become one column where this is certain, as names at its left stand above numbers at its right, say.

    That is where no row fills both, and each has only the other: three in a row may be put together in two ways.
    """
    filled = [{nearest(spans, cell) for cell in row} for row in region]
    groups: list[list[Span]] = []
    for number, span in enumerate(spans):
        if number and not any({number - 1, number} <= numbers for numbers in filled):
            groups[-1].append(span)
        else:
            groups.append([span])
    return [
        (group[first][0], group[first + step - 1][1])
        for group in groups
        for step in [1 if len(group) % 2 else 2]
        for first in range(0, len(group), step)
    ]


def nearest(columns: list[Span], cell: Cell) -> int:
    """The column it shares most of its width with, else the closest."""

    def shared(number: int) -> float:
        left, right = columns[number]
        return min(right, cell.right) - max(left, cell.left)

    return max(range(len(columns)), key=shared)


def median(values: Iterable[float]) -> float:
    """The upper one of an even number; `statistics` takes longer to import than a page to read."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
