"""Cuts RTF into control words, braces and text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)

_LITERALS = b"{}\\"


class Token(NamedTuple):
    """A control word or symbol or a brace in `word`, with its number; or, where `word` is "", bytes of text."""

    word: str
    number: int | None
    text: bytes
    end: int


def tokens(data: bytes) -> Iterator[Token]:
    """All of them; what is in binary form is jumped over."""
    place = 0
    while match := _TOKEN.match(data, place):
        word, number, code, symbol, brace, text = match.groups()
        place = match.end()
        value = int(number) if number else None
        if symbol and symbol in _LITERALS:
            yield Token("", None, symbol, place)
        elif code:
            yield Token("", None, bytes.fromhex(code.decode()), place)
        elif text:
            yield Token("", None, text, place)
        elif word or symbol or brace:
            yield Token((word or symbol or brace).decode("latin-1"), value, b"", place)
        if word == b"bin":
            place += max(0, value or 0)
