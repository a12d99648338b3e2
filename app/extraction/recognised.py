"""What tesseract says of a picture becomes runs, those of ruled tables line by line."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from app.extraction.pdf.runs import RECOGNISED_SIZE, Run
from app.extraction.ruled_pictures import Area

_FEWEST_CONFIDENCE = 5.0
_HEIGHT_OF_TYPE = 1.4
_WIDE_GAP = 0.8
_LEFT_OF_RULES = "|“‘"


class Word(NamedTuple):
    """A word with its place in the picture, in pixels; `line` tells the words of one line from others."""

    line: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    text: str

    @property
    def middle(self) -> float:
        """Its height in the picture."""
        return self.top + self.height / 2


def words_of(table: str) -> Iterator[Word]:
    """The words of tesseract's TSV.

    Its columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
    """
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip() and float(cells[10]) >= _FEWEST_CONFIDENCE:
            left, top, width, height = map(int, cells[6:10])
            yield Word(tuple(cells[1:5]), left, top, width, height, cells[11].strip())


def runs_of(words: list[Word], tables: list[Area]) -> Iterator[Run]:
    """Stretches of lines between wide gaps; one size of type for the whole page, as heights of words vary."""
    heights = sorted(word.height for word in words)
    size = _HEIGHT_OF_TYPE * heights[len(heights) // 2]
    for _, line in groupby(_in_lines(words, tables), key=lambda word: word.line):
        stretch: list[Word] = []
        for word in line:
            if stretch and word.left - stretch[-1].left - stretch[-1].width > _WIDE_GAP * size:
                yield _run(stretch, size)
                stretch = []
            stretch.append(word)
        yield _run(stretch, size)


def _in_lines(words: list[Word], tables: list[Area]) -> list[Word]:
    """Those of ruled tables line by line: tesseract takes columns that are far apart for texts of their own."""
    ordered = words
    for table in tables if _are_upright(words) else []:
        inside = [word for word in ordered if _is_in(word, table)]
        if inside:
            place = ordered.index(inside[0])
            within = set(map(id, inside))
            after = [word for word in ordered[place:] if id(word) not in within]
            ordered = [*ordered[:place], *_by_line(inside), *after]
    return ordered


def _are_upright(words: list[Word]) -> bool:
    """Whether they follow each other to the right, as they do not on a page that tesseract has turned."""
    pairs = [(word, after) for word, after in pairwise(words) if word.line == after.line]
    return 2 * sum(after.left >= word.left + word.width for word, after in pairs) >= len(pairs)


def _is_in(word: Word, table: Area) -> bool:
    across = word.left + word.width / 2
    return table.top <= word.middle < table.bottom and table.left <= across < table.right


def _by_line(words: list[Word]) -> Iterator[Word]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=attrgetter("middle")):
        if lines and word.middle < lines[-1][0].top + lines[-1][0].height:
            lines[-1].append(word)
        else:
            lines.append([word])
    for number, line in enumerate(lines):
        for word in sorted(line, key=attrgetter("left")):
            if text := word.text.strip(_LEFT_OF_RULES):
                yield word._replace(line=("table", str(number)), text=text)


def _run(words: list[Word], size: float) -> Run:
    """Scaled to a small size of type: what is recognised must not look like a heading beside text that is not."""
    scale = RECOGNISED_SIZE / size
    middle = scale * sum(word.middle for word in words) / len(words)
    return Run(
        " ".join(word.text for word in words),
        scale * words[0].left,
        scale * (words[-1].left + words[-1].width),
        middle - RECOGNISED_SIZE / 2,
        middle + RECOGNISED_SIZE / 2,
        RECOGNISED_SIZE,
        bold=False,
    )
