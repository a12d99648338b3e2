"""OCR layout: the words that tesseract reads become text spans, those in ruled tables line by line."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from app.extraction.ocr.line_removal import TableArea
from app.extraction.pdf.text_spans import OCR_FONT_SIZE, TextSpan

_FEWEST_CONFIDENCE = 5.0
_HEIGHT_OF_TYPE = 1.4
_WIDE_GAP = 0.8
_LEFT_OF_LINES = "|“‘"


class OcrWord(NamedTuple):
    """A word with its box in pixels; `line` is the same for the words of one line."""

    line: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    text: str

    @property
    def middle(self) -> float:
        """The height of its middle, in pixels from the top."""
        return self.top + self.height / 2


def parse_words(table: str) -> Iterator[OcrWord]:
    """The words of tesseract's TSV output that it is not entirely unsure of.

    Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
    """
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip() and float(cells[10]) >= _FEWEST_CONFIDENCE:
            left, top, width, height = map(int, cells[6:10])
            yield OcrWord(tuple(cells[1:5]), left, top, width, height, cells[11].strip())


def spans_of_words(words: list[OcrWord], tables: list[TableArea]) -> Iterator[TextSpan]:
    """Spans between wide gaps; one font size for the whole page, as the heights of words vary."""
    heights = sorted(word.height for word in words)
    size = _HEIGHT_OF_TYPE * heights[len(heights) // 2]
    for _, line in groupby(_in_lines(words, tables), key=lambda word: word.line):
        stretch: list[OcrWord] = []
        for word in line:
            if stretch and word.left - stretch[-1].left - stretch[-1].width > _WIDE_GAP * size:
                yield _span(stretch, size)
                stretch = []
            stretch.append(word)
        yield _span(stretch, size)


def _in_lines(words: list[OcrWord], tables: list[TableArea]) -> list[OcrWord]:
    """Reorder the words of ruled tables line by line: tesseract reads distant columns as separate texts."""
    ordered = words
    for table in tables if _are_upright(words) else []:
        inside = [word for word in ordered if _is_in(word, table)]
        if inside:
            place = ordered.index(inside[0])
            within = set(map(id, inside))
            after = [word for word in ordered[place:] if id(word) not in within]
            ordered = [*ordered[:place], *_by_line(inside), *after]
    return ordered


def _are_upright(words: list[OcrWord]) -> bool:
    """Whether words follow each other to the right, as they do not on a page that tesseract has rotated."""
    pairs = [(word, after) for word, after in pairwise(words) if word.line == after.line]
    return 2 * sum(after.left >= word.left + word.width for word, after in pairs) >= len(pairs)


def _is_in(word: OcrWord, table: TableArea) -> bool:
    across = word.left + word.width / 2
    return table.top <= word.middle < table.bottom and table.left <= across < table.right


def _by_line(words: list[OcrWord]) -> Iterator[OcrWord]:
    lines: list[list[OcrWord]] = []
    for word in sorted(words, key=attrgetter("middle")):
        if lines and word.middle < lines[-1][0].top + lines[-1][0].height:
            lines[-1].append(word)
        else:
            lines.append([word])
    for number, line in enumerate(lines):
        for word in sorted(line, key=attrgetter("left")):
            if text := word.text.strip(_LEFT_OF_LINES):
                yield word._replace(line=("table", str(number)), text=text)


def _span(words: list[OcrWord], size: float) -> TextSpan:
    """Scaled to a small font size: recognised text must not look like a heading beside other text."""
    scale = OCR_FONT_SIZE / size
    middle = scale * sum(word.middle for word in words) / len(words)
    return TextSpan(
        " ".join(word.text for word in words),
        scale * words[0].left,
        scale * (words[-1].left + words[-1].width),
        middle - OCR_FONT_SIZE / 2,
        middle + OCR_FONT_SIZE / 2,
        OCR_FONT_SIZE,
        bold=False,
    )
