"""Turns markdown, as markdown-it parses it, into blocks."""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.services.whatsapp.blocks import Block, StyledSpan
from app.services.whatsapp.inline import to_spans
from app.services.whatsapp.table_lines import TableRow, to_lines

_DEEPEST = 20
_DEEPEST_INDENT = 4
_PIPE = re.compile(r"(?<!\\)\|")
_LANGUAGE = re.compile(r"\s*[\w+#.-]*\s*", re.ASCII)
_LINE_END = re.compile(r"\r\n?|\n")


def to_blocks(markdown: str) -> list[Block]:
    """The blocks of `markdown` (CommonMark 0.31 with GitHub's tables and strikethrough), in order.

    Link definitions and HTML comments, which CommonMark does not show, are kept as text; thematic breaks and the
    language of a code block are dropped. A text nested deeper than 20 levels becomes one block, unchanged.
    """
    tokens = _parser().parse(markdown)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        return [Block([StyledSpan(markdown)])]
    reader = _Reader(markdown)
    stream = iter(tokens)
    for token in stream:
        reader.read(token, stream)
    return reader.blocks


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.disable(["code", "html_block", "lheading", "reference"])
    parser.parse("*")  # fills its tables of rules, which threads would otherwise do at the same time
    return parser


class _Reader:
    """Keeps track of open quotes and lists; `_marker` is the list marker that the next block begins with."""

    def __init__(self, markdown: str) -> None:
        self.blocks: list[Block] = []
        self._markdown = markdown
        self._quotes = 0
        self._lists = 0
        self._marker = ""
        self._last_line = 0

    def read(self, token: Token, following: Iterator[Token]) -> None:
        match token.type:
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting
            case "list_item_open":
                self._lists += 1
                self._marker += self._item_marker(token)
            case "list_item_close":
                self._lists -= 1
                self._marker = ""
            case "heading_open":
                self._add(to_spans(next(following).children or [], ("*",)), token)
            case "inline":
                self._add(to_spans(token.children or []), token)
            case "fence":
                self._add_code(token)
            case "table_open":
                self._add_table(token, following)

    def _item_marker(self, item: Token) -> str:
        if item.info:
            return f"{item.info}{item.markup} "
        return "- " if self._lists == 1 else "• "

    def _add(self, spans: list[StyledSpan], token: Token) -> None:
        gap = self._gap(token)
        first, rest = self._prefixes()
        self.blocks.append(Block(spans, first, rest, gap))

    def _add_code(self, token: Token) -> None:
        gap = self._gap(token)
        number, self._marker = self._marker.strip(" -•"), ""
        if number:
            self.blocks.append(Block([StyledSpan(number)], self._indent(self._lists - 1), gap=gap))
            gap = "\n"
        title = "" if _LANGUAGE.fullmatch(token.info) else f"{token.info.strip()}\n"
        self.blocks.append(Block([StyledSpan(title + token.content)], gap=gap, code=True))

    def _add_table(self, table: Token, following: Iterator[Token]) -> None:
        gap = self._gap(table)
        header, *body = self._table_rows(following)
        bullet, lines = to_lines(header, body)
        for line in lines:
            first, rest = self._prefixes()
            self.blocks.append(Block(line, first + bullet, rest, gap))
            gap = "\n"

    def _table_rows(self, following: Iterator[Token]) -> Iterator[TableRow]:
        source = _LINE_END.split(self._markdown)
        row: TableRow = []
        for token in following:
            if token.type == "table_close":
                return
            if token.type == "tr_open":
                row = []
            elif token.type == "inline":
                row.append(
                    [
                        StyledSpan(span.text.replace("\n", " "), span.marks)
                        for span in to_spans(token.children or [])
                    ]
                )
                line = source[token.map[0]] if token.map else ""
            elif token.type == "tr_close":
                row[-1] += _surplus(line, len(row))
                yield row

    def _prefixes(self) -> tuple[str, str]:
        """What is put before the first line of the next block, and before its other lines."""
        marker, self._marker = self._marker, ""
        rest = self._indent(self._lists)
        return (self._indent(self._lists - 1) + marker if marker else rest), rest

    def _indent(self, depth: int) -> str:
        return ("> " if self._quotes else "") + "  " * min(depth, _DEEPEST_INDENT)

    def _gap(self, token: Token) -> str:
        """One line break where the source has no empty line between two blocks, else two."""
        start, end = token.map or (0, 0)
        gap = "\n" if start == self._last_line else "\n\n"
        self._last_line = end
        return gap


def _surplus(line: str, columns: int) -> list[StyledSpan]:
    """The cells beyond the header row's columns, which GitHub's tables would drop."""
    cells = _PIPE.split(line.strip("> \t").removeprefix("|").removesuffix("|"))
    return [StyledSpan(f" | {cell.strip()}") for cell in cells[columns:]]
