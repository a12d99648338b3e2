"""Marks of list items: some programs draw a bullet or number by itself, left of its text."""

import re
from collections.abc import Iterable, Sequence

from app.extraction.pdf.rules import Line
from app.extraction.pdf.runs import Run, same_line

_LONGEST_MARK = 4
_BULLET = re.compile(r"[•·▪●○■◦➢✓✔]")
_MARK = re.compile(r"[–*-]|\d{1,3}[.)]|[a-z]\)")
_FARTHEST = 3


def with_marks(runs: Sequence[Run], vertical: Iterable[Line]) -> list[Run]:
    """The runs, where a mark and its text are one."""
    found: list[Run] = []
    mark: Run | None = None
    for number, run in enumerate(runs):
        if mark:
            found.append(run._replace(text=f"{mark.text} {run.text}", left=mark.left, parts=()))
            mark = None
        elif len(run.text) <= _LONGEST_MARK and _is_mark(runs[max(number - 1, 0) : number + 3], run, vertical):
            mark = run
        else:
            found.append(run)
    return found


def _is_mark(near: Sequence[Run], run: Run, vertical: Iterable[Line]) -> bool:
    """Whether text follows close by; what could be a value of a table, too, must have only text beside it."""
    number = near.index(run)
    text = next(iter(near[number + 1 :]), None)
    if text is None or not same_line(run, text) or not -1 < text.left - run.right < _FARTHEST * run.size:
        return False
    if any(run.right <= x <= text.left and top <= run.bottom <= bottom for x, top, bottom in vertical):
        return False
    others = [*near[:number], *near[number + 2 :]]
    is_alone = not any(same_line(run, other) for other in others)
    return bool(_BULLET.fullmatch(run.text) or (is_alone and _MARK.fullmatch(run.text)))
