"""Drawing order: files that draw a page bottom-up, or a table column by column, are put into the order of reading.

Text columns are drawn one after the other, too. A table is told from them by its short texts at the same heights,
of which one column has numbers, or by labels that end in a colon.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from app.extraction.pdf.column_detection import median
from app.extraction.pdf.text_spans import LINE_TOLERANCE, TextSpan, same_line
from app.extraction.tables.values import is_value

_MOSTLY = 0.8
_FEWEST_LINES = 3
_FEWEST_LABELS = 2
_SHARE_MATCHED = 0.7
_LONGEST_TEXT = 25
_MANY_COLUMNS = 3
_WORDS_OF_TEXT = 4
_MOST_STRANDS = 60

Strand = list[TextSpan]
"""Spans drawn one below the other, or side by side."""


def in_reading_order(spans: Sequence[TextSpan]) -> list[TextSpan]:
    """The spans of a page from top to bottom, text columns one after the other, tables row by row."""
    downwards = _turned_around(spans) if _is_bottom_up(spans) else list(spans)
    ordered = [span for line in _drawn_lines(downwards) for span in sorted(line, key=attrgetter("left"))]
    strands = _strands(ordered)
    return ordered if len(strands) < 2 else list(_joined(strands))


def _drawn_lines(spans: Sequence[TextSpan]) -> Iterator[Strand]:
    """Spans of one line that are drawn one after the other."""
    line: Strand = []
    for span in spans:
        if line and not same_line(line[-1], span):
            yield line
            line = []
        line.append(span)
    if line:
        yield line


def _is_bottom_up(spans: Sequence[TextSpan]) -> bool:
    """Whether most lines are drawn above the line before."""
    steps = [_is_higher(span, above) for above, span in pairwise(spans) if not same_line(above, span)]
    return len(steps) >= _FEWEST_LINES and sum(steps) > _MOSTLY * len(steps)


def _is_higher(span: TextSpan, other: TextSpan) -> bool:
    return span.bottom < other.bottom - LINE_TOLERANCE * max(span.size, other.size)


def _turned_around(spans: Sequence[TextSpan]) -> list[TextSpan]:
    """Each stretch that is drawn upwards from its last line to its first; text columns stay in their order."""
    stretches: list[list[Strand]] = []
    for line in _drawn_lines(spans):
        if stretches and _is_higher(line[0], stretches[-1][-1][0]):
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return [span for lines in stretches for line in reversed(lines) for span in line]


def _strands(spans: Sequence[TextSpan]) -> list[Strand]:
    """The spans cut where drawing goes back up."""
    strands: list[Strand] = []
    for span in spans:
        if strands and not _is_higher(span, strands[-1][-1]):
            strands[-1].append(span)
        else:
            strands.append([span])
    return strands


def _joined(strands: list[Strand]) -> Iterator[TextSpan]:
    """The strands one after the other; those that are columns of one table row by row."""
    position = 0
    while position < len(strands):
        found = _columns(strands, position)
        if len(found.columns) > 1 and _is_table(found.columns):
            yield from found.above
            yield from _by_line([span for column in found.columns for span in column])
            yield from found.below
            position += found.strands
        else:
            yield from strands[position]
            position += 1


class _Columns(NamedTuple):
    """Stretches of so many `strands` that are beside each other, and what is drawn above and below them."""

    columns: list[Strand]
    above: Strand
    below: Strand
    strands: int


def _columns(strands: list[Strand], position: int) -> _Columns:
    """The strand at `position` with those after it that are beside it; others may be drawn in between."""
    found = _Columns([strands[position]], [], [], 1)
    above, below = Strand(), Strand()
    for number, strand in enumerate(strands[position + 1 : position + _MOST_STRANDS], 2):
        first = found.columns[0]
        if len(found.columns) == 1:
            top = max(first[0].top, strand[0].top) - LINE_TOLERANCE * first[0].size
            first = [span for span in first if span.top >= top]
        higher, inside, lower = _cut(strand, first)
        above, below = [*above, *higher], [*below, *lower]
        if _are_beside(first, inside):
            head = found.columns[0][: len(found.columns[0]) - len(first)]
            columns = [first, *found.columns[1:], inside]
            found = _Columns(columns, [*found.above, *head, *above], [*found.below, *below], number)
            above, below = [], []
        elif inside:
            break
    return found


def _cut(strand: Strand, column: Strand) -> tuple[Strand, Strand, Strand]:
    """The spans of a strand above, beside and below a column."""
    if not column:
        return [], strand, []
    top = column[0].top - LINE_TOLERANCE * column[0].size
    bottom = max(span.bottom for span in column) + LINE_TOLERANCE * column[0].size
    left, right = min(span.left for span in column), max(span.right for span in column)
    higher = [span for span in strand if span.top < top and span.left < right and span.right > left]
    lower = [span for span in strand if span.bottom > bottom]
    outside = set(map(id, [*higher, *lower]))
    return higher, [span for span in strand if id(span) not in outside], lower


def _are_beside(column: Strand, other: Strand) -> bool:
    """Whether most spans of `other` are on a line with one of `column`, and none above or below another."""
    if len(other) < _FEWEST_LABELS or len(column) < _FEWEST_LABELS:
        return False
    left, right = min(span.left for span in column), max(span.right for span in column)
    is_apart = all(span.right <= left + 1 or span.left >= right - 1 for span in other)
    lines = {round(span.bottom) for span in column}
    matched = sum(any(round(span.bottom) + near in lines for near in (-1, 0, 1)) for span in other)
    return is_apart and matched >= _SHARE_MATCHED * min(len(other), len(column))


def _is_table(columns: list[Strand]) -> bool:
    """Whether the strands have short texts, and labels, numbers or many columns."""
    if any(median(len(span.text) for span in column) > _LONGEST_TEXT for column in columns):
        return False
    if any(all(span.text.endswith(":") for span in column) for column in columns):
        return True
    lines = min(map(len, columns))
    if all(median(len(span.text.split()) for span in column) >= _WORDS_OF_TEXT for column in columns):
        return False
    has_numbers = any(2 * sum(is_value(span.text) for span in column) > len(column) for column in columns)
    return lines >= _FEWEST_LINES and (has_numbers or len(columns) >= _MANY_COLUMNS)


def _by_line(spans: list[TextSpan]) -> Iterator[TextSpan]:
    """From top to bottom, those of one line from left to right."""
    lines: list[Strand] = []
    for span in sorted(spans, key=attrgetter("bottom")):
        if lines and same_line(lines[-1][0], span):
            lines[-1].append(span)
        else:
            lines.append([span])
    for line in lines:
        yield from sorted(line, key=attrgetter("left"))
