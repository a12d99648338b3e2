"""Cuts RTF into control words, braces and text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|(\\'[0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)|\\", re.DOTALL
)

_LITERALS = b"{}\\_-"


class Token(NamedTuple):
    """`word` is a control word or symbol, or a brace, "" for text that stands for itself."""

    word: str
    number: int
    start: int
    end: int
    is_text: bool


def tokens(data: bytes) -> Iterator[Token]:
    """All of them; what stands in binary form is jumped over."""
    place = 0
    while match := _TOKEN.match(data, place):
        word, number, code, symbol, brace, text = match.groups()
        literal = symbol and symbol in _LITERALS
        name = "" if literal else (word or symbol or brace or b"").decode("latin-1")
        value = int(number or 0)
        is_text = bool(code or literal or name == "u" or (text and text.strip()))
        place = match.end()
        yield Token(name, value, match.start(), place, is_text)
        if name == "bin":
            place += max(0, value)
