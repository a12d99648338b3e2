"""Turns markdown's inline tokens, the content of a paragraph, into styled spans."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from markdown_it.token import Token

from app.services.whatsapp.blocks import CODE_FENCE, StyledSpan, plain

_MARKS = {"strong": "*", "b": "*", "em": "_", "i": "_", "s": "~", "del": "~", "strike": "~"}
_BREAKS = ("softbreak", "hardbreak")
_TAG = re.compile(r"<(/?)(br|b|strong|i|em|s|del|strike)\s*/?>", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"(?:mailto:|tel:)", re.IGNORECASE)


def to_spans(tokens: Sequence[Token], marks: tuple[str, ...] = ()) -> list[StyledSpan]:
    """The spans of one paragraph, cell or heading, all of them under `marks`."""
    reader = _Reader(marks)
    as_written = _inside_words(tokens)
    for position, token in enumerate(tokens):
        if position in as_written:
            reader.add(token.markup)
        else:
            reader.read(token)
    return reader.spans


class _Reader:
    def __init__(self, marks: tuple[str, ...]) -> None:
        self.spans: list[StyledSpan] = []
        self._marks = dict.fromkeys(marks, 1)  # how often each is open, outermost first
        self._link: tuple[int, str] = (0, "")

    def add(self, text: str) -> None:
        if text:
            self.spans.append(StyledSpan(text, tuple(self._marks)))

    def read(self, token: Token) -> None:
        if token.type == "text":
            self.add(token.content)
        elif token.type in _BREAKS:
            self.add("\n")
        elif token.tag in _MARKS:
            self._mark(_MARKS[token.tag], token.nesting > 0)
        elif token.type == "code_inline":
            self._add_code(token.content)
        elif token.type == "link_open":
            self._link = len(self.spans), str(token.attrs["href"])
        elif token.type == "link_close":
            self._close_link(*self._link)
        elif token.type == "image":
            start = len(self.spans)
            self.add(token.content)
            self._close_link(start, str(token.attrs["src"]))
        else:
            self._add_html(token.content)

    def _mark(self, mark: str, opens: bool) -> None:
        depth = self._marks.get(mark, 0) + (1 if opens else -1)
        if depth > 0:
            self._marks[mark] = depth
        else:
            self._marks.pop(mark, None)

    def _add_code(self, code: str) -> None:
        mark = CODE_FENCE if "`" in code else "`"
        self.spans.append(StyledSpan(code, () if CODE_FENCE in code else (mark,)))

    def _close_link(self, start: int, url: str) -> None:
        text = plain(self.spans[start:])
        address = _NO_ADDRESS.sub("", url, count=1)
        if not text:
            self.spans.append(StyledSpan(address))
        elif _bare(text) != _bare(url):
            self.spans.append(StyledSpan(f" ({address})"))
        else:
            self.spans[start:] = [StyledSpan(address if address != url else _with_scheme(text, url))]

    def _add_html(self, html: str) -> None:
        tag = _TAG.fullmatch(html)
        if tag is None:
            self.add(html)
        elif tag[2].lower() == "br":
            self.add("\n")
        else:
            self._mark(_MARKS[tag[2].lower()], not tag[1])


def _bare(url: str) -> str:
    return unquote(_SCHEME.sub("", url, count=1)).rstrip("/").casefold()


def _with_scheme(text: str, url: str) -> str:
    """A link whose text is its address: the text where WhatsApp makes a link of it, else the full address."""
    return text if _SCHEME.match(text) else url


def _inside_words(tokens: Sequence[Token]) -> set[int]:
    """The positions of marks with a letter or digit outside them, as in 2*3*4: WhatsApp would show them as text."""
    if not any(token.tag in _MARKS for token in tokens):
        return set()
    before = _neighbours(tokens, -1)
    after = _neighbours(tokens[::-1], 0)[::-1]
    found: set[int] = set()
    opened: list[int] = []
    for position, token in enumerate(tokens):
        if token.tag not in _MARKS:
            continue
        if token.nesting > 0:
            opened.append(position)
            continue
        start = opened.pop()
        if before[start].isalnum() or after[position].isalnum():
            found |= {start, position}
    return found


def _neighbours(tokens: Sequence[Token], end: int) -> list[str]:
    """The last visible character before each token; `end` is the index of that character in a token's text."""
    seen = ""
    found = []
    for token in tokens:
        found.append(seen)
        if token.type in _BREAKS:
            seen = "\n"
        elif token.content:
            seen = token.content[end]
    return found
