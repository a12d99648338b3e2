"""RTF (1.9.1) is changed a little before kreuzberg reads it.

Paragraphs in styles of headings get outline levels, cells of tables their columns; headers and footers go last.
"""

import re

from app.extraction.edits import Edit, applied
from app.extraction.problems import Problem, ProblemError
from app.extraction.rtf.tables import Table
from app.extraction.rtf.tokens import Token, tokens

_PAGE_PARTS = {kind + page for kind in ("header", "footer") for page in ("", "l", "r", "f")}
_NO_TEXT = {"*", "fonttbl", "colortbl", "stylesheet", "info", "pict", "listtext", "pntext", "fldinst"} | _PAGE_PARTS
_STYLE = re.compile(
    rb"\{\\s(\d{1,4})\b[^{}]*[ \n]((?:heading|t[^ ;{}]{1,12}tulo) ?[1-6]|title);\s*\}", re.IGNORECASE
)


def prepared(data: bytes) -> bytes:
    """The same document, better to read; raises `ProblemError`."""
    # kreuzberg takes any text for RTF, also half a document, and does not know the space that never breaks.
    if not data.lstrip().startswith(b"{\\rtf") or not data.rstrip(b"\0\r\n\t ").endswith(b"}"):
        raise ProblemError(Problem.BROKEN, "not RTF, or cut off")
    return _Document(data.replace(b"\\~", b" ")).prepared()


class _Document:
    """Read once from the start to the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._edits: list[Edit[bytes]] = []
        self._page_parts: list[bytes] = []
        self._levels: dict[int, int] = {}
        self._in_table = False
        self._table = Table(data)

    def prepared(self) -> bytes:
        groups: list[bool] = []
        hidden: Token | None = None  # began a group that is no text
        depth = 0  # of that group
        for token in tokens(self._data):
            if token.word == "{":
                groups.append(self._in_table)
            elif token.word == "}" and groups:
                if hidden and depth == len(groups):
                    self._leave(hidden, token.start)
                    hidden = None
                self._in_table = groups.pop()
            elif not hidden and token.word in _NO_TEXT:
                hidden, depth = token, len(groups)
            elif not hidden:
                self._take(token)
        self._edits.extend(self._table.end())
        return _with_last(applied(self._data, sorted(self._edits)), list(dict.fromkeys(self._page_parts)))

    def _leave(self, first: Token, end: int) -> None:
        """The end of a group that is no text."""
        if first.word == "stylesheet":
            for style in _STYLE.finditer(self._data, first.end, end):
                self._levels[int(style[1])] = int(style[2][-1:]) if style[2][-1:].isdigit() else 1
        elif first.word in _PAGE_PARTS:
            self._edits.append(Edit(first.start, end, b""))
            self._page_parts.append(self._data[first.end : end])

    def _take(self, token: Token) -> None:
        if token.word == "pard":
            self._in_table = False
        elif token.word == "s" and token.number in self._levels:
            level = b"\\outlinelevel%d " % (self._levels[token.number] - 1)
            self._edits.append(Edit(token.end, token.end, level))
        elif token.word == "intbl":
            self._in_table = True
        elif token.is_text and not self._in_table:
            self._edits.extend(self._table.end())
        else:
            self._table.take(token)


def _with_last(data: bytes, parts: list[bytes]) -> bytes:
    """The document with these as its last paragraphs."""
    if not parts:
        return data
    end = data.rindex(b"}")
    paragraphs = b"".join(b"{\\pard " + part + b"\\par}" for part in parts)
    return data[:end] + b"\\par" + paragraphs + data[end:]
