"""Pages of runs and tables become Markdown: headings by the size of their type, paragraphs in one line each."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from app.extraction.pdf.grid import Table
from app.extraction.pdf.hyphens import join_words
from app.extraction.pdf.runs import HYPHEN, RECOGNISED_SIZE, Run
from app.extraction.pdf.tables import TableWriter

Block = Run | Table

_ITEM = re.compile(r"[•·▪●○■–*-]\s|\d{1,3}[.)]\s|[a-z]\)\s")
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
    layout = _Layout(pages)
    lines: list[str] = []
    tables = TableWriter(lines)
    for page in pages:
        tables.next_page()
        for is_table, group in groupby(page, key=lambda block: isinstance(block, Table)):
            blocks = list(group)
            if not is_table:
                tables.text(len(blocks))
                layout.add_text(lines, [block for block in blocks if isinstance(block, Run)])
                continue
            layout.end_paragraph(lines)
            for block in blocks:
                if isinstance(block, Table):
                    tables.add(block)
    layout.end_paragraph(lines)
    return join_words("\n".join(lines)).replace(HYPHEN, "-")


class _Layout:
    """Knows the size of the running text and of the headings."""

    def __init__(self, pages: Sequence[Sequence[Block]]) -> None:
        letters: Counter[float] = Counter()
        bold = 0
        for page in pages:
            for block in page:
                weight = len(block.text) if isinstance(block, Run) else sum(map(len, map("".join, block.rows)))
                letters[block.size] += weight
                bold += weight if block.bold is True else 0
        sizes = Counter({size: count for size, count in letters.items() if size != RECOGNISED_SIZE}) or letters
        self._body = sizes.most_common(1)[0][0] if sizes else 0.0
        larger = sorted((size for size in letters if size >= _LARGER * self._body), reverse=True)
        self._levels = {size: min(level, _MOST_LEVELS) for level, size in enumerate(larger, 1)}
        self._paragraph: list[Run] = []
        self._bold_level = min(len(larger), _MOST_LEVELS) + 1 if 4 * bold < letters.total() else 0

    def add_text(self, lines: list[str], runs: list[Run]) -> None:
        """Put the runs to the lines, as paragraphs and headings; the first may end the paragraph before."""
        edges: dict[int, float] = {}
        for run in runs:
            edge = round(run.left / _SAME_EDGE)
            edges[edge] = max(edges.get(edge, run.right), run.right)
        for run in runs:
            if self._paragraph and not self._goes_on(self._paragraph[-1], run, edges):
                self.end_paragraph(lines)
            self._paragraph.append(run)

    def end_paragraph(self, lines: list[str]) -> None:
        """Put what was gathered to the lines."""
        if self._paragraph:
            text = " ".join([run.text for run in self._paragraph]).replace(f"{HYPHEN} ", HYPHEN)
            level = self._level(text)
            lines.append(f"{'#' * level} {text}" if level else text)
            self._paragraph = []

    def _goes_on(self, last: Run, run: Run, edges: dict[int, float]) -> bool:
        """Whether the run is the next line of the paragraph or heading that `last` ended."""
        if last.size != run.size or _ITEM.match(run.text):
            return self._hangs(last, run) and _is_full(last, run, edges)
        below = 0.5 * run.size < run.top - last.top < _SPACING * run.size and run.left < last.right
        if run.size in self._levels:
            close = below and run.top - last.top < _SPACING_OF_HEADING * run.size
            return close and len(self._paragraph) < _MOST_LINES_OF_HEADING and last.bold == run.bold
        if last.text[-1] == HYPHEN:
            return True
        if len(last.text) < _NARROWEST or last.text[-1] in ".!?:;" or not (below or run.top < last.top):
            return False
        flows = last.text[-1].islower() or last.text[-1] == ","
        if not below:
            return flows and run.text[0].islower()
        return (flows or run.text[0].islower()) and _is_full(last, run, edges)

    def _hangs(self, last: Run, run: Run) -> bool:
        """Whether the run stands close below the text of a list item, right of its mark."""
        first = self._paragraph[0]
        indented = 0.5 * run.size < run.left - first.left < 3 * run.size
        close = 0.5 * run.size < run.top - last.top < _SPACING_OF_HEADING * run.size
        is_text = run.size not in self._levels and not _ITEM.match(run.text)
        return indented and close and is_text and bool(_ITEM.match(first.text))

    def _level(self, text: str) -> int:
        """That of the heading that the paragraph is, 0 if it is none."""
        first = self._paragraph[0]
        if len(text) > _LONGEST_HEADING or sum(map(str.isalpha, text)) < _FEWEST_LETTERS or _BULLET.match(text):
            return 0
        if first.size in self._levels:
            return self._levels[first.size]
        is_bold = all(run.bold for run in self._paragraph) and first.size == self._body
        return self._bold_level if is_bold and text[-1] not in ".;,!" else 0


def _is_full(line: Run, following: Run, edges: dict[int, float]) -> bool:
    """Whether the first word of the following line would not have fitted at the end of this one."""
    right = max(edges.get(round(run.left / _SAME_EDGE), run.right) for run in (line, following))
    word = following.text.partition(" ")[0]
    width = (len(word) + 1) * (following.right - following.left) / len(following.text)
    return line.right + width > right - 0.5 * line.size
