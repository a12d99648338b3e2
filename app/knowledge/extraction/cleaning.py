"""What every extracted text goes through last."""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n{3,}")
_INVISIBLE = dict.fromkeys(
    [code for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"]
    + [0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF]
)
_REPLACED = {0xA0: " ", 0x202F: " ", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
_TABLE = _INVISIBLE | _REPLACED


def clean(text: str) -> str:
    """One kind of line end, NFC, no control characters, lone surrogates, ligatures or invisible characters.

    Accents that a PDF stores as separate characters would otherwise never match a question.
    """
    text = _LINE_ENDS.sub("\n", text).translate(_TABLE)
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    text = "\n".join(map(str.rstrip, text.split("\n")))
    return _EMPTY_LINES.sub("\n\n", text).strip()
