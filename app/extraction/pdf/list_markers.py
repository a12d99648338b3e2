"""List markers: some programs draw the bullet or number of a list item separately, left of its text."""

import re
from collections.abc import Iterable, Sequence

from app.extraction.pdf.ruling_lines import RulingLine
from app.extraction.pdf.text_spans import TextSpan, same_line

_LONGEST_MARKER = 4
_BULLET = re.compile(r"[•·▪●○■◦➢✓✔]")
_MARKER = re.compile(r"[–*-]|\d{1,3}[.)]|[a-z]\)")
_MOST_INDENT = 3


def attach_list_markers(spans: Sequence[TextSpan], vertical: Iterable[RulingLine]) -> list[TextSpan]:
    """The spans, each separately drawn list marker joined to the text it introduces."""
    found: list[TextSpan] = []
    marker: TextSpan | None = None
    for number, span in enumerate(spans):
        if marker:
            found.append(span._replace(text=f"{marker.text} {span.text}", left=marker.left, pieces=()))
            marker = None
        elif len(span.text) <= _LONGEST_MARKER and _is_marker(
            spans[max(number - 1, 0) : number + 3], span, vertical
        ):
            marker = span
        else:
            found.append(span)
    return found


def _is_marker(near: Sequence[TextSpan], span: TextSpan, vertical: Iterable[RulingLine]) -> bool:
    """Whether text follows close by. A marker that could be a table's value must have nothing else beside it."""
    number = near.index(span)
    text = next(iter(near[number + 1 :]), None)
    if text is None or not same_line(span, text) or not -1 < text.left - span.right < _MOST_INDENT * span.size:
        return False
    if any(span.right <= x <= text.left and top <= span.bottom <= bottom for x, top, bottom in vertical):
        return False
    others = [*near[:number], *near[number + 2 :]]
    is_alone = not any(same_line(span, other) for other in others)
    return bool(_BULLET.fullmatch(span.text) or (is_alone and _MARKER.fullmatch(span.text)))
