"""Puts right what kreuzberg's Markdown has too much of: escapes, emphasis, pictures, front matter, tables."""

import re
from collections.abc import Iterator
from itertools import groupby

from app.extraction.tables.lines import short_table_to_lines

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"\*\*(?=\S)((?:\\.|[^*\n\\])+)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![\w\\*_])([*_])(?=[^\W_])((?:\\.|(?!\1)[^\n\\])+)(?<=\S)\1(?![\w*_])")
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\([^()\[\n]*\)")
_FRONT_MATTER = re.compile(r"---\n(?:.*\n)*?---\n")
_RULE_OF_TABLE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_CELL_END = re.compile(r"(?<!\\)\|")


def tidy(markdown: str) -> str:
    """Headings stay, tables become readable lines."""
    parts: list[str] = []
    for is_table, group in groupby(markdown.splitlines(), key=lambda line: line.startswith("|")):
        lines = list(group)
        parts.extend(_table(lines) if is_table else map(plain, lines))
    return "\n".join(parts)


def plain(line: str) -> str:
    """A line without escapes, emphasis and links to pictures."""
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", _STRONG.sub(r"\1", _PICTURE.sub(r"\1", line))))


def without_front_matter(text: str) -> str:
    """What is left when the metadata of a page, between two lines of dashes at the start, is taken away."""
    match = _FRONT_MATTER.match(text)
    return text[match.end() :] if match else text


def _table(lines: list[str]) -> Iterator[str]:
    return short_table_to_lines([_cells(line) for line in lines if not _RULE_OF_TABLE.fullmatch(line.strip())])


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [plain(cell).replace("<br>", " ").strip() for cell in _CELL_END.split(inner)]
