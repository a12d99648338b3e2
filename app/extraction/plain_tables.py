"""Tables in plain text: with bars, as in GitHub's Markdown, or with tabs."""

import re

from app.extraction.tables.header_rows import is_header_of
from app.extraction.tables.lines import rows_to_lines, short_table_to_lines

_RULE_OF_TABLE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_CODE = r"(?P<code>(?:```|~~~).*\n(?:.*\n)*?(?:```|~~~|\Z))"
_BARRED = r"\|.*\|[ \t]*\n\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?:\n\|.*)+"
_TABBED_LINE = r"[^\t\n]+(?:\t[^\t\n]+){2,}"
_TABLES = re.compile(rf"^(?:{_CODE}|{_BARRED}|(?P<tabbed>{_TABBED_LINE}(?:\n{_TABBED_LINE}){{2,}}))", re.MULTILINE)
_CELL_END = re.compile(r"(?<!\\)\|")
_STRONG = re.compile(r"\*\*(?=\S)([^*\n]+)(?<=\S)\*\*")


def with_lines_for_tables(text: str) -> str:
    """Tables become readable lines; all else stays, also code between fences."""
    return _TABLES.sub(_with_lines, text)


def _with_lines(match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    lines = match[0].splitlines()
    if not match["tabbed"]:
        rows = [_cells(line) for line in lines if not _RULE_OF_TABLE.fullmatch(line.strip())]
        return "\n".join(short_table_to_lines(rows))
    rows = [line.split("\t") for line in lines]
    return "\n".join(rows_to_lines(rows)) if is_header_of(*rows[:2]) else match[0]


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    cells = (_STRONG.sub(r"\1", cell).replace("<br>", " ") for cell in _CELL_END.split(inner))
    return [cell.replace("\\|", "|").strip() for cell in cells]
