"""Cuts a block that is too long for one message, at the widest seams that will do."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from app.services.whatsapp.blocks import CODE_FENCE, Block, Run, plain

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
    """Pieces of `block`, the first of at most `room` UTF-16 code units (and maybe empty), the others of `limit`."""
    frame = 2 * len(CODE_FENCE) if block.code else max(len(block.first), len(block.rest))
    cutter = _Cutter(limit - frame, len(block.rest))
    cut_blocks: list[Block] = []
    first = block.first
    for runs in cutter.pieces(block.runs, room - frame):
        cut_blocks.append(block._replace(runs=runs, first=first))
        if plain(runs).strip():
            first = block.rest
    return cut_blocks


class _Cutter(NamedTuple):
    """`limit` is what the runs of a piece may take, `indent` what each of its further lines adds."""

    limit: int
    indent: int

    def pieces(self, runs: list[Run], room: int, seams: Sequence["regex.Pattern[str]"] = _SEAMS) -> list[list[Run]]:
        """The runs in pieces, cut at the first of `seams`, and at the next ones where that is too wide."""
        pieces: list[list[Run]] = [[]]
        for stretch in _split(runs, seams[0]):
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

    def _size(self, runs: list[Run]) -> int:
        """No less than the runs take when written, each of them with its own marks on each of its lines."""
        size = 0
        for text, marks in runs:
            around = 2 * sum(map(len, marks))
            size += units(text) + around + text.count("\n") * (around + self.indent)
        return size


def _split(runs: list[Run], seam: "regex.Pattern[str]") -> Iterator[list[Run]]:
    """The runs in stretches that end with a match of `seam`, which may lie across runs."""
    text = plain(runs)
    ends = (match.end() for match in seam.finditer(text))
    end = next(ends, len(text))
    stretch: list[Run] = []
    position = 0
    for run in runs:
        start = position
        position += len(run.text)
        while end <= position and start < position:
            stretch.append(Run(run.text[start - position : end - position or None], run.marks))
            yield stretch
            stretch, start, end = [], end, next(ends, len(text))
        if start < position:
            stretch.append(Run(run.text[start - position :], run.marks))
    if stretch:
        yield stretch
