"""Running headers and footers: lines at the same height of most pages, set apart from the rest of the page."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from app.extraction.pdf.text_spans import TextSpan, same_line

_MOST_LINES = 3
_MOST_BESIDE = 3
_MOST_SPANS = _MOST_LINES * _MOST_BESIDE
_GAP = 1
_WORDS = r"p[áa]g(?:ina|\.)?|page|folha|fl\."
_PAGE = re.compile(rf"(\b(?:{_WORDS})\W*)(\d{{1,5}})", re.IGNORECASE)
_ONLY_PAGE = re.compile(rf"(\W*(?:{_WORDS})?\W*)(\d{{1,5}})\W*(?:(?:de|of)?\W*\d+)?\W*", re.IGNORECASE)

LineKey = tuple[str, int]
"""Text and top edge in points."""


def remove_running_headers(pages: Sequence[list[TextSpan]]) -> list[list[TextSpan]]:
    """Keep running headers and footers on the first page that has them, and page numbers on none."""
    if len(pages) < 2:
        return list(pages)
    edges = [[(span, line_key(span, number)) for span in _edges(spans)] for number, spans in enumerate(pages)]
    counts = Counter(key for page in edges for key in {key for _, key in page})
    most = {key for key, count in counts.items() if 2 * count > len(pages)}
    return [_rest(spans, repeated) for spans, repeated in zip(pages, _repeated(edges, most), strict=True)]


def line_key(span: TextSpan, number: int) -> LineKey:
    """What a running header or footer has in common on all pages; page numbers count relative to `number`."""
    page = _ONLY_PAGE.fullmatch(span.text) or _PAGE.search(span.text)
    if not page:
        return span.text, round(span.top)
    return f"{page[1]}{int(page[2]) - number}{span.text[page.end(2) :]}", round(span.top)


def is_page_number(span: TextSpan) -> bool:
    """Whether the span holds nothing else."""
    return bool(_ONLY_PAGE.fullmatch(span.text))


def _repeated(edges: Iterable[list[tuple[TextSpan, LineKey]]], most: set[LineKey]) -> Iterator[set[int]]:
    """For each page the ids of the spans to leave out: those an earlier page has, and page numbers."""
    seen: set[LineKey] = set()
    for page in edges:
        running = [(span, key) for span, key in page if key in most]
        yield {id(span) for span, key in running if key in seen or is_page_number(span)}
        seen.update(key for _, key in running)


def _rest(spans: list[TextSpan], repeated: set[int]) -> list[TextSpan]:
    return [span for span in spans if id(span) not in repeated] if repeated else spans


def _edges(spans: list[TextSpan]) -> list[TextSpan]:
    """The first and last lines of a page that are set apart."""
    ordered = sorted(spans, key=attrgetter("bottom"))
    head = _apart(ordered[: _MOST_SPANS + 1])
    foot = ordered[max(len(head), len(ordered) - _MOST_SPANS - 1) :]
    return [*head, *_apart(foot[::-1])]


def _apart(ordered: list[TextSpan]) -> list[TextSpan]:
    """The lines before the first gap; none where there is no gap near."""
    lines = beside = 1
    for count, (span, following) in enumerate(pairwise(ordered), 1):
        upper, lower = (span, following) if span.bottom < following.bottom else (following, span)
        if lower.top - upper.bottom > _GAP * max(span.size, following.size):
            return ordered[:count]
        if same_line(span, following):
            beside += 1
        else:
            lines, beside = lines + 1, 1
        if lines > _MOST_LINES or beside > _MOST_BESIDE:
            break
    return []
