"""Splits a text into chunks at headings, then paragraphs, lines, sentences and words, in this order."""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from app.domain.documents import Piece

TEXT_VERSION = 4
"""Grows with every change of how files are read and cut: what another version cut is cut anew."""

LARGEST = 800
_SMALLEST_LIMIT = 600  # a lower one would leave paragraphs of middling length alone
_TINY = 100
_LONGEST_HEADING = 120
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_FENCES = ("```", "~~~")
_SEPARATORS = [r"\n\s*\n", r"\n", r"(?<=[.!?…;])\s+", r"\s+"]


@dataclass(frozen=True, slots=True)
class _Section:
    path: tuple[str, ...]
    body: str


def split(text: str) -> list[Piece]:
    """Cut `text` (Markdown, or plain) into pieces of at most `LARGEST` characters, mostly over 400, in order.

    Every word is in the text or the heading of some piece; nothing overlaps. A section is a chunk of its
    own, however short, as a focused chunk is found more easily; only tiny ones (under 100 characters) are merged.
    """
    sections = _telling(list(_sections(text)))
    return list(_told_apart(cut for group in _together(sections) for cut in _cuts(group)))


def _told_apart(cuts: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    """Pieces with their digests, which number the occurrences of a text that is repeated."""
    seen: Counter[tuple[str, str]] = Counter()
    for heading, text in cuts:
        digest = hashlib.sha256(f"{heading}\0{text}\0{seen[heading, text]}".encode()).hexdigest()[:32]
        seen[heading, text] += 1
        yield Piece(heading, text, digest)


def _sections(text: str) -> Iterator[_Section]:
    """The texts between headings, each with the path of headings it is under."""
    levels: list[tuple[int, str]] = []
    body: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.startswith(_FENCES)
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading is None or len(heading[2]) > _LONGEST_HEADING:
            body.append(line)
            continue
        yield _section(levels, body)
        level = len(heading[1])
        levels = [(above, title) for above, title in levels if above < level]
        levels.append((level, heading[2].strip()))
        body = []
    yield _section(levels, body)


def _section(levels: list[tuple[int, str]], body: list[str]) -> _Section:
    return _Section(tuple(title for _, title in levels), "\n".join(body).strip())


def _telling(sections: list[_Section]) -> Iterator[_Section]:
    """The sections, without empty ones whose headings are part of the next one's path."""
    for section, following in zip(sections, [*sections[1:], None], strict=True):
        repeated = following is not None and following.path[: len(section.path)] == section.path
        if section.body or (section.path and not repeated):
            yield section


def _together(sections: Iterator[_Section]) -> Iterator[list[_Section]]:
    """Groups of neighbouring sections: mostly one each, several where they are tiny."""
    group: list[_Section] = []
    size = 0
    for section in sections:
        length = len(section.body) + sum(map(len, section.path[-1:]))
        if group and (size >= _TINY or size + length > LARGEST):
            yield group
            group, size = [], 0
        group.append(section)
        size += length
    if group:
        yield group


def _cuts(group: list[_Section]) -> Iterator[tuple[str, str]]:
    """Pairs of heading path and text."""
    shared = _shared_path(group)
    text = "\n".join(_with_headings(group, len(shared)))
    if not text:
        shared, text = shared[:-1], shared[-1]
    for part in _cut(text):
        yield " > ".join(shared), part


def _shared_path(group: list[_Section]) -> tuple[str, ...]:
    levels = zip(*(section.path for section in group), strict=False)
    same = takewhile(lambda titles: len(set(titles)) == 1, levels)
    return tuple(titles[0] for titles in same)


def _with_headings(group: list[_Section], shared: int) -> Iterator[str]:
    """The bodies, each below those of its headings that the group does not share."""
    for section in group:
        if len(section.path) > shared:
            yield "## " + " > ".join(section.path[shared:])
        if section.body:
            yield section.body


def _cut(text: str) -> Iterator[str]:
    """Parts of about the same size, so that the last one is not tiny."""
    if len(text) <= LARGEST:
        yield text
        return
    # Takes 0.3 s to import, which a start of the service and most commands need not wait for.
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

    even = math.ceil(1.15 * len(text) / math.ceil(len(text) / LARGEST))
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=min(LARGEST, max(_SMALLEST_LIMIT, even)),
        chunk_overlap=0,
    )
    for part in splitter.split_text(text):
        # The splitter leaves a word without end whole, and spaces without end too.
        slices = (part[start : start + LARGEST].strip() for start in range(0, len(part), LARGEST))
        yield from filter(None, slices)
