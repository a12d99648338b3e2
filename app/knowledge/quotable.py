"""Splits a passage into what can be quoted: sentences, list items and rows of tables, with their context."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_HEADING = re.compile(r"#{1,6}\s+(.+)")
_ITEM = re.compile(r"[•·▪●○■|]|(?:[-*+–—]|\d{1,3}[.)]|[a-zA-Z]\))\s")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[¿¡]*[^\W_a-zà-ÿ])")
_SENTENCE_ENDS = (".", "!", "…")
_NO_TITLE = re.compile(r"[\d:;,|@.!…]")
_LONGEST_TITLE = 60
_ABBREVIATION = re.compile(
    r"""(?: ^\d{1,3} | (?:^|[\s("“]) (?:\w|(?:\w\.)+\w|arts?|av|cap|cel|cia|cód|dr[as]?|eng|etc|ex|fig|fls?|incs?
    |ltda|máx|mín|nº|núm|obs|págs?|pp|profa?|rod|sec|séc|sr[as]?|sras|srta|sta|sto|tel|trav|vol) )\.$""",
    re.IGNORECASE | re.VERBOSE,
)


class Sentence(NamedTuple):
    """A sentence or a line, as it is in the document.

    Its context, "" where there is none: `heading`, the nearest one above; `question`, the question that it follows
    (as in lists of frequent questions); `lead`, the line that introduces it, which ends in a colon or looks like
    a title.
    """

    text: str
    heading: str = ""
    question: str = ""
    lead: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it ends like a sentence, and so can be quoted alone."""
        return self.text.rstrip("\"'”’»)]")[-1:] in _SENTENCE_ENDS


def quotable_sentences(passage: str) -> list[Sentence]:
    """The quotable parts of `passage`, in order; headings and questions are only part of their context.

    List items and rows of tables stay whole. A sentence is not split after an abbreviation or within a number:
    "Art. 5º", "Sr. Silva", "R$ 1.234,56".
    """
    cutter = _Cutter()
    for line in passage.splitlines():
        cutter.read(line.strip())
    return cutter.found


class _Cutter:
    """Reads line by line, and remembers the context of the next line."""

    def __init__(self) -> None:
        self.found: list[Sentence] = []
        self._heading = self._question = self._lead = ""
        self._after_blank = False

    def read(self, line: str) -> None:
        title = _HEADING.fullmatch(line)
        if title:
            self._heading, self._question, self._lead = title[1].strip(), "", ""
        elif _ITEM.match(line):
            self._found(line)
        elif line:
            if self._after_blank:
                self._lead = ""
            for text in _split(line):
                self._read_sentence(text)
        self._after_blank = not line

    def _read_sentence(self, text: str) -> None:
        if text.endswith("?"):
            self._question, self._lead = text, ""
            return
        is_title, introduces = _looks_like_title(text), text.endswith(":")
        if is_title or (introduces and self._lead.endswith(":")):
            self._lead = ""
        self._found(text)
        if is_title or introduces:
            self._lead = text

    def _found(self, text: str) -> None:
        self.found.append(Sentence(text, self._heading, self._question, self._lead))


def _looks_like_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and text[0].isupper() and _NO_TITLE.search(text) is None


def _split(line: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(line):
        if not _ABBREVIATION.search(line[start : end.start() + 1]):
            yield line[start : end.end()].strip()
            start = end.end()
    yield line[start:]
