"""Bytes of a text file become text: by byte order mark, UTF-16 by its NULs, UTF-8 if valid, else cp1252.

Before cp1252 come the encodings of Japan and China, where the bytes look like them.
"""

import codecs

from app.extraction.east_asian import east_asian_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16, so it stands before it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FILES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x7fELF")
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1b")
_SAMPLE = 65536


def decode(data: bytes) -> str:
    """The text in `data`; never fails, what cannot be decoded becomes U+FFFD."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    utf16 = _utf16_without_mark(data[:_SAMPLE])
    if utf16:
        return data.decode(utf16, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(east_asian_encoding(data) or "cp1252", "replace")


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
