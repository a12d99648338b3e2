"""Splits an answer into messages that WhatsApp accepts."""

from app.services.whatsapp.blocks import Block, StyledSpan, write
from app.services.whatsapp.cutting import cut, units
from app.services.whatsapp.markdown_blocks import to_blocks

LONGEST_PART = 4096
_LEAST_LIMIT = 160


def to_parts(response: str, limit: int = LONGEST_PART) -> tuple[str, ...]:
    """`response` (markdown) in WhatsApp's marks, in parts of at most `limit` UTF-16 code units.

    Parts are cut between paragraphs, list items and table rows; one of these that is too long is cut between
    sentences, else words, else characters. Marks and code blocks are closed at a cut and opened again after it.
    () when `response` is blank; a response of which markdown shows nothing (a thematic break alone) is returned
    unchanged. 4,096 is the Cloud API's limit for the body of a text message; UTF-16 code units are the stricter
    of the two ways to count it.
    Raises `ValueError` when `limit` is below 160: marks and nested markers of lists need room.
    """
    if limit < _LEAST_LIMIT:
        raise ValueError(f"A part needs room for {_LEAST_LIMIT} code units at least.")
    return _pack(to_blocks(response), limit) or _pack([Block([StyledSpan(response)])], limit)


def _pack(blocks: list[Block], limit: int) -> tuple[str, ...]:
    packer = _Packer(limit)
    for block in blocks:
        packer.add(block)
    return packer.parts()


class _Packer:
    """Fills one part after the other."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._full: list[str] = []
        self._open: list[str] = []
        self._room = limit

    def add(self, block: Block) -> None:
        text = write(block)
        gap = block.gap if self._open else ""
        if units(text) <= self._limit:
            self._put(gap, text)
            return
        first, *others = cut(block, self._room - len(gap), self._limit)
        self._put(gap, write(first))
        for piece in others:
            self._close()
            self._put("", write(piece))

    def parts(self) -> tuple[str, ...]:
        self._close()
        return tuple(self._full)

    def _put(self, gap: str, text: str) -> None:
        if not text:
            return
        if len(gap) + units(text) > self._room:
            self._close()
            gap = ""
        self._open += (gap, text)
        self._room -= len(gap) + units(text)

    def _close(self) -> None:
        if self._open:
            self._full.append("".join(self._open))
        self._open = []
        self._room = self._limit
