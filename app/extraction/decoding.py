"""Bytes of a text file become text: by byte order mark, UTF-16 by its NULs, UTF-8, or an older encoding."""

import codecs
from typing import NamedTuple

from app.extraction.legacy_encodings import Guess, guess_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16, so it comes before it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FILES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x7fELF")
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1b")
_SAMPLE = 65536
_REPLACEMENT = "\ufffd"
_MOST_LINES_NAMED = 5
_NAMES = {"cp1252": "Windows-1252", "cp850": "DOS (code page 850)", "mac_roman": "Mac Roman"}
_LATIN_1 = {"iso8859-1", "ascii"}
"""Who declares these means cp1252 (WHATWG Encoding Standard)."""


class DecodedText(NamedTuple):
    """A text, and a sentence about what in it may be wrong (None: nothing)."""

    text: str
    warning: str | None = None


def decode(data: bytes, declared: str | None = None) -> DecodedText:
    """The text in `data`; never fails, what cannot be decoded becomes U+FFFD and is told in the warning.

    `declared` is the encoding that the file names itself. A byte order mark and valid UTF-8 count for more.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replaced(data[len(mark) :], encoding)
    utf16 = _utf16_without_mark(data[:_SAMPLE])
    if utf16:
        return _replaced(data, utf16)
    try:
        return DecodedText(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(data):
        return _replaced(data, "utf-8")
    guess = _declared(data, declared) or guess_encoding(data)
    text, warning = _replaced(data, guess.encoding)
    return DecodedText(text, warning if guess.certain else _uncertainty(guess.encoding))


def is_text(data: bytes) -> bool:
    """Whether these are the bytes of some text, rather than of a picture, a program or an archive."""
    sample = data[:_SAMPLE]
    if sample.startswith(_OTHER_FILES):
        return False
    if sample.startswith(tuple(mark for mark, _ in _MARKS)) or _utf16_without_mark(sample):
        return True
    controls = len(sample) - len(sample.translate(None, delete=_CONTROLS))
    return controls <= len(sample) // 50


def _utf16_without_mark(sample: bytes) -> str | None:
    """In Latin text every second byte of UTF-16 is NUL: the high ones, and none of the low ones."""
    pairs = len(sample) // 2
    if not pairs:
        return None
    even, odd = (sample[start::2].count(0) / pairs for start in (0, 1))
    if odd > 0.5 and even < 0.05:
        return "utf-16-le"
    if even > 0.5 and odd < 0.05:
        return "utf-16-be"
    return None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether more characters beyond ASCII are valid than not; in older encodings next to none are."""
    text = data.decode("utf-8", "replace")
    bad = text.count(_REPLACEMENT)
    return sum(sign > "\x7f" for sign in text) - bad >= bad


def _declared(data: bytes, name: str | None) -> Guess | None:
    """The encoding of this name, unless it is unknown or the text is not in it."""
    try:
        encoding = codecs.lookup(name or "").name
        encoding = "cp1252" if encoding in _LATIN_1 else encoding
        data.decode(encoding)
    except (LookupError, ValueError):
        return None
    return Guess(encoding, certain=True)


def _replaced(data: bytes, encoding: str) -> DecodedText:
    text = data.decode(encoding, "replace")
    bad = text.count(_REPLACEMENT) - data.decode(encoding, "ignore").count(_REPLACEMENT)
    if not bad:
        return DecodedText(text)
    lines = [str(number) for number, line in enumerate(text.split("\n"), 1) if _REPLACEMENT in line]
    named = ", ".join(lines[:_MOST_LINES_NAMED]) + (", …" if len(lines) > _MOST_LINES_NAMED else "")
    return DecodedText(text, f"Characters that could not be read: {bad}, in line {named}. Save the file as UTF-8.")


def _uncertainty(encoding: str) -> str:
    name = _NAMES.get(encoding, encoding)
    return f"The file does not tell its encoding; it was read as {name}. If accents are wrong, save it as UTF-8."
