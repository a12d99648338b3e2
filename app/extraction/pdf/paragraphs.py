"""Text spans and tables of pages become Markdown: headings by font size, each paragraph in one line."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from app.extraction.pdf.hyphenation import join_hyphenated_words
from app.extraction.pdf.page_table import PageTable
from app.extraction.pdf.table_writer import TableWriter
from app.extraction.pdf.text_spans import HYPHEN, OCR_FONT_SIZE, TextSpan

Block = TextSpan | PageTable

_LIST_ITEM = re.compile(r"[•·▪●○■–*-]\s|\d{1,3}[.)]\s|[a-z]\)\s")
_BULLET = re.compile(r"[•·▪●○■–*-]\s")
_LARGER = 1.12
_LONGEST_HEADING = 150
_MOST_LINES_OF_HEADING = 3
_MOST_LEVELS = 4
_NARROWEST = 28
_FEWEST_LETTERS = 3
_SPACING = 1.9
_SPACING_OF_HEADING = 1.45
_SAME_EDGE = 4


def to_markdown(pages: Sequence[Sequence[Block]]) -> str:
    """The text of all pages, one line a paragraph, heading, list item or row of a table."""
    text = _TextWriter(pages)
    lines: list[str] = []
    tables = TableWriter(lines)
    for page in pages:
        tables.next_page()
        for is_table, group in groupby(page, key=lambda block: isinstance(block, PageTable)):
            blocks = list(group)
            if not is_table:
                tables.text(len(blocks))
                text.add_text(lines, [block for block in blocks if isinstance(block, TextSpan)])
                continue
            text.end_paragraph(lines)
            for block in blocks:
                if isinstance(block, PageTable):
                    tables.add(block)
    text.end_paragraph(lines)
    return join_hyphenated_words("\n".join(lines)).replace(HYPHEN, "-")


class _TextWriter:
    """Writes paragraphs; knows the font sizes of running text and of headings."""

    def __init__(self, pages: Sequence[Sequence[Block]]) -> None:
        letters: Counter[float] = Counter()
        bold = 0
        for page in pages:
            for block in page:
                weight = len(block.text) if isinstance(block, TextSpan) else sum(map(len, map("".join, block.rows)))
                letters[block.size] += weight
                bold += weight if isinstance(block, TextSpan) and block.bold else 0
        sizes = Counter({size: count for size, count in letters.items() if size != OCR_FONT_SIZE}) or letters
        self._body = sizes.most_common(1)[0][0] if sizes else 0.0
        larger = sorted((size for size in letters if size >= _LARGER * self._body), reverse=True)
        self._levels = {size: min(level, _MOST_LEVELS) for level, size in enumerate(larger, 1)}
        self._paragraph: list[TextSpan] = []
        self._bold_level = min(len(larger), _MOST_LEVELS) + 1 if 4 * bold < letters.total() else 0

    def add_text(self, lines: list[str], spans: list[TextSpan]) -> None:
        """Append the spans to `lines` as paragraphs and headings; the first may continue the open paragraph."""
        edges: dict[int, float] = {}
        for span in spans:
            edge = round(span.left / _SAME_EDGE)
            edges[edge] = max(edges.get(edge, span.right), span.right)
        for span in spans:
            if self._paragraph and not self._goes_on(self._paragraph[-1], span, edges):
                self.end_paragraph(lines)
            self._paragraph.append(span)

    def end_paragraph(self, lines: list[str]) -> None:
        """Append the open paragraph to `lines`."""
        if self._paragraph:
            text = " ".join([span.text for span in self._paragraph]).replace(f"{HYPHEN} ", HYPHEN)
            level = self._level(text)
            lines.append(f"{'#' * level} {text}" if level else text)
            self._paragraph = []

    def _goes_on(self, last: TextSpan, span: TextSpan, edges: dict[int, float]) -> bool:
        """Whether the span continues the paragraph or heading whose last line is `last`."""
        if last.size != span.size or _LIST_ITEM.match(span.text):
            return self._hangs(last, span) and _is_full(last, span, edges)
        below = 0.5 * span.size < span.top - last.top < _SPACING * span.size and span.left < last.right
        if span.size in self._levels:
            close = below and span.top - last.top < _SPACING_OF_HEADING * span.size
            return close and len(self._paragraph) < _MOST_LINES_OF_HEADING and last.bold == span.bold
        if last.text[-1] == HYPHEN:
            return True
        if len(last.text) < _NARROWEST or last.text[-1] in ".!?:;" or not (below or span.top < last.top):
            return False
        flows = last.text[-1].islower() or last.text[-1] == ","
        if not below:
            return flows and span.text[0].islower()
        return (flows or span.text[0].islower()) and _is_full(last, span, edges)

    def _hangs(self, last: TextSpan, span: TextSpan) -> bool:
        """Whether the span continues a list item: close below its text, right of its marker."""
        first = self._paragraph[0]
        indented = 0.5 * span.size < span.left - first.left < 3 * span.size
        close = 0.5 * span.size < span.top - last.top < _SPACING_OF_HEADING * span.size
        is_text = span.size not in self._levels and not _LIST_ITEM.match(span.text)
        return indented and close and is_text and bool(_LIST_ITEM.match(first.text))

    def _level(self, text: str) -> int:
        """The level of the heading that the open paragraph is; 0 if it is none."""
        first = self._paragraph[0]
        if len(text) > _LONGEST_HEADING or sum(map(str.isalpha, text)) < _FEWEST_LETTERS or _BULLET.match(text):
            return 0
        if first.size in self._levels:
            return self._levels[first.size]
        is_bold = all(span.bold for span in self._paragraph) and first.size == self._body
        return self._bold_level if is_bold and text[-1] not in ".;,!" else 0


def _is_full(line: TextSpan, following: TextSpan, edges: dict[int, float]) -> bool:
    """Whether the line is full: the first word of the following one would not have fitted."""
    right = max(edges.get(round(span.left / _SAME_EDGE), span.right) for span in (line, following))
    word = following.text.partition(" ")[0]
    width = (len(word) + 1) * (following.right - following.left) / len(following.text)
    return line.right + width > right - 0.5 * line.size
