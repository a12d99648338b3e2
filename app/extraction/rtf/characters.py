"""The characters of RTF: bytes in the encoding of their font, and numbers of UTF-16 units."""

import codecs

from app.extraction.rtf.tokens import Token

_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": " ", "enspace": " ", "qmspace": " ", "~": " ", "_": "-", "tab": "\t",
    "line": "\n", "lbr": "\n", "softline": "\n", "nestcell": " ",
}  # fmt: skip


class Characters:
    """Decodes what is between control words; `take` gives it away."""

    def __init__(self) -> None:
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._bytes = bytearray()
        self._encoding = "cp1252"
        self._units = bytearray()
        self._to_skip = 0
        self._text: list[str] = []

    def note(self, token: Token) -> None:
        """Words at the start of a document that tell its encoding."""
        if token.word == "ansicpg" and token.number:
            self._default = _known(f"cp{token.number}")
        elif token.word in _CODE_PAGES:
            self._default = _CODE_PAGES[token.word]

    def note_font(self, number: int, charset: int) -> None:
        """A font of the table and the character set it has."""
        if charset in _CHARSETS:
            self._fonts[number] = _CHARSETS[charset]

    def add(self, token: Token, font: int, replaced: int) -> bool:
        """Whether the token is text; `replaced` characters behind a number stand for it and are left out."""
        if token.word == "u" and token.number is not None:
            self._add_number(token.number)
            self._to_skip = replaced
        elif token.word == "":
            self._add_bytes(token.text, self._fonts.get(font, self._default))
        elif token.word in _SIGNS:
            if self._to_skip:
                self._to_skip -= 1
            else:
                self._add_text(_SIGNS[token.word])
        else:
            self._to_skip = 0
            return False
        return True

    def take(self) -> str:
        """The text since it was taken last."""
        self._end_units()
        self._end_bytes()
        text = "".join(self._text)
        self._text.clear()
        self._to_skip = 0
        return text

    def _add_number(self, number: int) -> None:
        self._end_bytes()
        if number > 0xFFFF:  # against the standard, but it is clear what is meant
            self._add_text(chr(number) if number < 0x110000 else "")
        else:
            self._units += (number & 0xFFFF).to_bytes(2, "little")

    def _add_bytes(self, text: bytes, encoding: str) -> None:
        skipped = min(self._to_skip, len(text))
        self._to_skip -= skipped
        if skipped == len(text):
            return
        self._end_units()
        if encoding != self._encoding:
            self._end_bytes()
            self._encoding = encoding
        self._bytes += text[skipped:]

    def _add_text(self, text: str) -> None:
        self._end_units()
        self._end_bytes()
        self._text.append(text)

    def _end_units(self) -> None:
        """Two numbers may be one character, an emoji."""
        if self._units:
            self._text.append(self._units.decode("utf-16-le", "replace"))
            self._units.clear()

    def _end_bytes(self) -> None:
        if self._bytes:
            self._text.append(self._bytes.decode(self._encoding, "replace"))
            self._bytes.clear()


def _known(encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return "utf-8" if encoding == "cp65001" else "cp1252"
    return encoding
