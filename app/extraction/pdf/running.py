"""Running heads and feet: what stands at the same place of most pages, apart from the rest of the page."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from app.extraction.pdf.runs import Run, same_line

_MOST_LINES = 3
_MOST_BESIDE = 3
_MOST_RUNS = _MOST_LINES * _MOST_BESIDE
_GAP = 1
_WORDS = r"p[áa]g(?:ina|\.)?|page|folha|fl\."
_PAGE = re.compile(rf"(\b(?:{_WORDS})\W*)(\d{{1,5}})", re.IGNORECASE)
_ONLY_PAGE = re.compile(rf"(\W*(?:{_WORDS})?\W*)(\d{{1,5}})\W*(?:(?:de|of)?\W*\d+)?\W*", re.IGNORECASE)

Key = tuple[str, int]
"""Text and height."""


def without_repetitions(pages: Sequence[list[Run]]) -> list[list[Run]]:
    """Heads and feet stay on the first page that has them, numbers of pages on none; nothing else is left out."""
    if len(pages) < 2:
        return list(pages)
    edges = [[(run, key_of(run, number)) for run in _edges(runs)] for number, runs in enumerate(pages)]
    counts = Counter(key for page in edges for key in {key for _, key in page})
    most = {key for key, count in counts.items() if 2 * count > len(pages)}
    return [_rest(runs, repeated) for runs, repeated in zip(pages, _repeated(edges, most), strict=True)]


def key_of(run: Run, number: int) -> Key:
    """What is the same on each page: the number of a page counts less the `number` of pages before it."""
    page = _ONLY_PAGE.fullmatch(run.text) or _PAGE.search(run.text)
    if not page:
        return run.text, round(run.top)
    return f"{page[1]}{int(page[2]) - number}{run.text[page.end(2) :]}", round(run.top)


def is_number_of_page(run: Run) -> bool:
    """Whether that is all it says."""
    return bool(_ONLY_PAGE.fullmatch(run.text))


def _repeated(edges: Iterable[list[tuple[Run, Key]]], most: set[Key]) -> Iterator[set[int]]:
    """For each page those that a page before has, too."""
    seen: set[Key] = set()
    for page in edges:
        running = [(run, key) for run, key in page if key in most]
        yield {id(run) for run, key in running if key in seen or is_number_of_page(run)}
        seen.update(key for _, key in running)


def _rest(runs: list[Run], repeated: set[int]) -> list[Run]:
    return [run for run in runs if id(run) not in repeated] if repeated else runs


def _edges(runs: list[Run]) -> list[Run]:
    """The first and the last lines that stand apart."""
    ordered = sorted(runs, key=attrgetter("bottom"))
    head = _apart(ordered[: _MOST_RUNS + 1])
    foot = ordered[max(len(head), len(ordered) - _MOST_RUNS - 1) :]
    return [*head, *_apart(foot[::-1])]


def _apart(ordered: list[Run]) -> list[Run]:
    """Those before a gap."""
    lines = beside = 1
    for count, (run, following) in enumerate(pairwise(ordered), 1):
        upper, lower = (run, following) if run.bottom < following.bottom else (following, run)
        if lower.top - upper.bottom > _GAP * max(run.size, following.size):
            return ordered[:count]
        if same_line(run, following):
            beside += 1
        else:
            lines, beside = lines + 1, 1
        if lines > _MOST_LINES or beside > _MOST_BESIDE:
            break
    return []
