"""Cuts a block that is too long for one message: between lines, else sentences, words, characters."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from app.services.whatsapp.blocks import CODE_FENCE, Block, StyledSpan, plain

_LINE = regex.compile(r"\n+")
_SENTENCE = regex.compile(r"(?<=[.!?…])[\"'”’»)\]]?\s+")
_WORD = regex.compile(r"\s+")
_GRAPHEME = regex.compile(r"\p{RI}{2}|\X")  # flags apart: \X alone takes quadratic time in a row of them
_CHARACTER = regex.compile(r".", regex.DOTALL)
_SEAMS = (_LINE, _SENTENCE, _WORD, _GRAPHEME, _CHARACTER)


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units: what JavaScript and Java, and so most gateways, count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(block: Block, room: int, limit: int) -> list[Block]:
    """`block` in pieces: the first of at most `room` UTF-16 code units (it may be empty), the others of `limit`."""
    frame = 2 * len(CODE_FENCE) if block.code else max(len(block.first), len(block.rest))
    cutter = _Cutter(limit - frame, len(block.rest))
    cut_blocks: list[Block] = []
    first = block.first
    for spans in cutter.pieces(block.spans, room - frame):
        cut_blocks.append(block._replace(spans=spans, first=first))
        if plain(spans).strip():
            first = block.rest
    return cut_blocks


class _Cutter(NamedTuple):
    """`limit`: the most UTF-16 code units of a piece's spans; `indent`: what each further line adds to them."""

    limit: int
    indent: int

    def pieces(
        self, spans: list[StyledSpan], room: int, seams: Sequence["regex.Pattern[str]"] = _SEAMS
    ) -> list[list[StyledSpan]]:
        """The spans in pieces, cut at the first of `seams`; what is still too long, at the next ones."""
        pieces: list[list[StyledSpan]] = [[]]
        for stretch in _split(spans, seams[0]):
            size = self._size(stretch)
            if size > self.limit and len(seams) > 1:
                head, *tail = self.pieces(stretch, room, seams[1:])
                pieces[-1] += head
                pieces += tail
                room = (self.limit if tail else room) - self._size((tail or [head])[-1])
                continue
            if size > room:
                pieces.append([])
                room = self.limit
            pieces[-1] += stretch
            room -= size
        return pieces

    def _size(self, spans: list[StyledSpan]) -> int:
        """An upper bound of the written length: every span with its own marks, on each of its lines."""
        size = 0
        for text, marks in spans:
            around = 2 * sum(map(len, marks))
            size += units(text) + around + text.count("\n") * (around + self.indent)
        return size


def _split(spans: list[StyledSpan], seam: "regex.Pattern[str]") -> Iterator[list[StyledSpan]]:
    """The spans in groups that each end with a match of `seam`, which may reach across spans."""
    text = plain(spans)
    ends = (match.end() for match in seam.finditer(text))
    end = next(ends, len(text))
    stretch: list[StyledSpan] = []
    position = 0
    for span in spans:
        start = position
        position += len(span.text)
        while end <= position and start < position:
            stretch.append(StyledSpan(span.text[start - position : end - position or None], span.marks))
            yield stretch
            stretch, start, end = [], end, next(ends, len(text))
        if start < position:
            stretch.append(StyledSpan(span.text[start - position :], span.marks))
    if stretch:
        yield stretch
