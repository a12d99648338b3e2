"""Lines of a PDF become paragraphs, headings and rows of tables.

kreuzberg gives a PDF in two ways: plain, line by line, without headings; and as Markdown with headings and joined
hyphens, but with tables run together into one paragraph. Each has what the other lacks.
"""

import re
from collections.abc import Iterator

from app.knowledge.extraction.markdown import plain as without_markup

_HEADING = re.compile(r"(#{1,6}) (.+)")
_HYPHENATED = re.compile(r"\b([^\W\d_]+)-([^\W\d_]+)\b")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NOT_LETTERS = re.compile(r"[\W_]+")
_ITEM = re.compile(r"[•·▪●○■–*-]\s|\d{1,3}[.)]\s|[a-z]\)\s")
_MOST_LINES_OF_HEADING = 3
_NARROWEST = 60
_FULL = 0.7


def rebuild(lines_of_pdf: str, markdown: str) -> str:
    """The text in the order and wording of `lines_of_pdf`, with the headings and joined words of `markdown`."""
    markup = without_markup(markdown)
    text = _join_hyphens(lines_of_pdf, set(_WORD.findall(markup)))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(_paragraphs(list(_mark_headings(lines, _headings(markup)))))


def _headings(markdown: str) -> dict[str, list[int]]:
    """Levels of the headings by their letters, as often as they occur."""
    found: dict[str, list[int]] = {}
    for line in markdown.splitlines():
        heading = _HEADING.fullmatch(line)
        if heading and _letters(heading[2]):
            found.setdefault(_letters(heading[2]), []).append(len(heading[1]))
    return found


def _mark_headings(lines: list[str], headings: dict[str, list[int]]) -> Iterator[str]:
    """Put the marks before the lines that are headings; a heading may run over several lines."""
    position = 0
    while position < len(lines):
        for count in range(1, _MOST_LINES_OF_HEADING + 1):
            candidate = " ".join(lines[position : position + count])
            levels = headings.get(_letters(candidate))
            if levels and lines[position]:
                yield f"{'#' * levels.pop(0)} {candidate}"
                position += count
                break
        else:
            yield lines[position]
            position += 1


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Join the lines of running text; rows of tables, items of lists and headings stay by themselves."""
    width = max(_NARROWEST, _usual_width(lines))
    paragraph: list[str] = []
    for line in lines:
        if paragraph and not _goes_on(paragraph[-1], line, width):
            yield " ".join(paragraph)
            paragraph = []
        paragraph.append(line)
    yield " ".join(paragraph)


def _goes_on(line: str, following: str, width: float) -> bool:
    if len(line) < _FULL * width or not following or _HEADING.match(line) or _HEADING.match(following):
        return False
    if line[-1] in ".!?:;" or _ITEM.match(following):
        return False
    return following[0].islower() or line[-1].islower() or line[-1] == ","


def _usual_width(lines: list[str]) -> int:
    """The length that nine of ten lines do not exceed, in characters."""
    lengths = sorted(map(len, filter(None, lines)))
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _join_hyphens(text: str, words: set[str]) -> str:
    """ "informa-ção" becomes "informação" where that is how the Markdown writes it."""

    def joined(match: re.Match[str]) -> str:
        whole = match[1] + match[2]
        return whole if whole in words and match[0] not in words else match[0]

    return _HYPHENATED.sub(joined, text)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
