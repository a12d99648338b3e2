"""The text of a page, as pdfium reads it, becomes text spans."""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from app.extraction.pdf.page_objects import upright_box
from app.extraction.pdf.ruling_lines import RulingLine
from app.extraction.pdf.text_spans import HYPHEN, TextSpan

_LINE = re.compile(rf"[^\r\n{HYPHEN}]+{HYPHEN}?")
_LEADERS = re.compile(r"[ .…]*(?:\.[ ]?){4,}[ .…]*|…{3,}")
_DOTS = ("..", ". .", "…")
_WORD = re.compile(r"\S+")
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_SYMBOL_BULLETS = re.compile("[\uf0b7\uf0a7\uf076\uf0d8\uf0fc\uf06e\u2219\u25aa]")
_BULLET = re.compile(r"[•·▪●○■◦]\s+")
_GAP = 0.9
_WIDE_LETTERS = 0.6

_Piece = tuple[int, int, float, float]
"""First and last position, left and right edge."""


class TextPage:
    """The text of one page, read by pdfium."""

    def __init__(self, page: Any, text: Any, vertical_lines: list[RulingLine]) -> None:
        self._text = text
        self._rotation = pdfium.FPDFPage_GetRotation(page)
        self._vertical_lines = vertical_lines
        self._box = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._corners = [ctypes.c_double() for _ in range(4)]
        self._refs = [ctypes.byref(corner) for corner in self._corners]
        self._bold_fonts: dict[int, bool] = {}
        self._exact = True

    @classmethod
    def of(cls, page: Any, vertical_lines: list[RulingLine]) -> "TextPage | None":
        """The text of a page; None where pdfium cannot read it."""
        text = pdfium.FPDFText_LoadPage(page)
        return cls(page, text, vertical_lines) if text else None

    def close(self) -> None:
        """Free pdfium's memory."""
        pdfium.FPDFText_ClosePage(self._text)

    def spans(self) -> list[TextSpan]:
        """The spans in drawing order."""
        content = _SYMBOL_BULLETS.sub("•", self._content())
        if any(dots in content for dots in _DOTS):
            content = _LEADERS.sub(lambda dots: " " * len(dots[0]), content)
        return [span for line in _LINE.finditer(content) for span in self._spans(content, *line.span())]

    def _content(self) -> str:
        count = pdfium.FPDFText_CountChars(self._text)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (2 * count + 1))()
        units = pdfium.FPDFText_GetText(self._text, 0, count, buffer)
        content = bytes(buffer)[: 2 * (units - 1)].decode("utf-16-le", "surrogatepass")
        self._exact = len(content) == count
        return content

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether these characters are drawn at once, so that there is no gap among them."""
        first, last = self._index(start), self._index(end - 1)
        return not self._vertical_lines and pdfium.FPDFText_CountRects(self._text, first, last + 1 - first) == 1

    def _levels(self, content: str, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of a line whose words are at different heights: pdfium joins the lines of nested tables."""
        words = [(word.start(), word.end()) for word in _WORD.finditer(content, start, end)]
        levels = [start]
        if not self._is_turned(words):
            levels += [after for (before, _), (after, _) in pairwise(words) if self._is_tall(before, after, 0.5)]
        return list(pairwise([*levels, end]))

    def _is_tall(self, first: int, last: int, sizes: float) -> bool:
        """Whether the baselines of two characters are so many font sizes apart."""
        box, other = self._loose(first), self._loose(last)
        return abs(box[3] - other[3]) > sizes * (box[3] - box[1])

    def _is_turned(self, words: Sequence[tuple[int, int]]) -> bool:
        """Whether the letters of a word are below or above each other."""
        return any(end - start > 1 and self._is_tall(start, end - 1, 0.3) for start, end in words)

    def _spans(self, content: str, start: int, line_end: int) -> Iterator[TextSpan]:
        end = line_end
        while start < end and content[start].isspace():
            start += 1
        while end > start and (content[end - 1].isspace() or content[end - 1] == HYPHEN):
            end -= 1
        if start == end:
            return
        size, bold = self._style(start if content[start].isalnum() else _first_letter(content, start, end), end - 1)
        first, last = self._loose(start), self._loose(end - 1)
        top, bottom = min(first[1], last[1]), max(first[3], last[3])
        left, right = min(first[0], last[0]), max(first[2], last[2])
        text = content[start:line_end].rstrip()
        if len(text) > 1 and text[-1] == "-" and text[-2].isalnum():
            text = text[:-1] + HYPHEN
        wide = right - left > _WIDE_LETTERS * size * (end - start)
        levels = self._levels(content, start, line_end) if bottom - top > 2 * size else []
        if len(levels) > 1:
            yield from (span for level in levels for span in self._spans(content, *level))
            return
        if levels or (not wide and "  " not in text and self._is_whole(start, end)):
            yield TextSpan(text, left, right, top, bottom, size, bold)
            return
        for pieces in self._pieces(content, start, end, size):
            ends = [last if last < end else line_end for _, last, _, _ in pieces]
            text = " ".join(content[pieces[0][0] : ends[-1]].split())
            drawn_pieces = tuple(
                (" ".join(content[piece[0] : stop].split()), piece[2], piece[3])
                for piece, stop in zip(pieces, ends, strict=True)
                if len(pieces) > 1
            )
            yield TextSpan(text, pieces[0][2], pieces[-1][3], top, bottom, size, bold, drawn_pieces)

    def _pieces(self, content: str, start: int, end: int, size: float) -> Iterator[list[_Piece]]:
        """The stretches between wide gaps or ruling lines, each as the pieces that are drawn separately."""
        begun: list[_Piece] = []
        _, top, _, bottom = self._loose(start)
        middle = (top + bottom) / 2
        for word in _WORD.finditer(content, start, end):
            left = self._tight(word.start())[0]
            right = self._tight(word.end() - 1)[2]
            first, last, begin, edge = begun[-1] if begun else (0, 0, 0.0, -math.inf)
            if not -size < left - edge < _GAP * size or self._ruled(edge, left, middle):
                if begun:
                    yield begun
                begun = [(word.start(), word.end(), left, right)]
            elif self._is_drawn_separately(last - 1, word.start()):
                begun.append((word.start(), word.end(), left, right))
            else:
                begun[-1] = (first, word.end(), begin, right)
        if begun:
            yield begun

    def _is_drawn_separately(self, last: int, first: int) -> bool:
        """Whether pdfium has made up the space between two characters of separately drawn texts."""
        if not pdfium.FPDFText_IsGenerated(self._text, self._index(first - 1)):
            return False
        drawn = [pdfium.FPDFText_GetTextObject(self._text, self._index(position)) for position in (last, first)]
        return all(drawn) and ctypes.addressof(drawn[0].contents) != ctypes.addressof(drawn[1].contents)

    def _ruled(self, left: float, right: float, height: float) -> bool:
        return any(
            left - 0.5 <= x <= right + 0.5 and top <= height <= bottom for x, top, bottom in self._vertical_lines
        )

    def _style(self, first: int, last: int) -> tuple[float, bool]:
        index = self._index(first)
        size = pdfium.FPDFText_GetFontSize(self._text, index)
        if pdfium.FPDFText_GetMatrix(self._text, index, ctypes.byref(self._matrix)):
            size *= (self._matrix.c**2 + self._matrix.d**2) ** 0.5
        return max(round(2 * size) / 2, 0.5), self._is_bold(index) and self._is_bold(self._index(last))

    def _is_bold(self, index: int) -> bool:
        drawn = pdfium.FPDFText_GetTextObject(self._text, index)
        font = pdfium.FPDFTextObj_GetFont(drawn) if drawn else None
        if not font:
            return False
        address = ctypes.addressof(font.contents)
        if address not in self._bold_fonts:
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, 128)
            self._bold_fonts[address] = bool(_BOLD.search(name.value)) or pdfium.FPDFFont_GetWeight(font) > 600
        return self._bold_fonts[address]

    def _index(self, position: int) -> int:
        """pdfium's index of a character, which also counts characters without text."""
        return position if self._exact else int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._text, position))

    def _loose(self, position: int) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of a character's box, as high as its font."""
        pdfium.FPDFText_GetLooseCharBox(self._text, self._index(position), ctypes.byref(self._box))
        box = self._box
        if not self._rotation:
            return box.left, -box.top, box.right, -box.bottom
        return upright_box(self._rotation, box.left, box.bottom, box.right, box.top)

    def _tight(self, position: int) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of a character's ink."""
        pdfium.FPDFText_GetCharBox(self._text, self._index(position), *self._refs)
        left, right, bottom, top = (corner.value for corner in self._corners)
        return upright_box(self._rotation, left, bottom, right, top)


def _first_letter(content: str, start: int, end: int) -> int:
    """The position after a bullet, which may be of another font size."""
    bullet = _BULLET.match(content, start, end - 1)
    return bullet.end() if bullet else start
