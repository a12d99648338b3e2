"""Markdown files (CommonMark, and GitHub's tables) become what their reader is shown.

Headings, lists and code keep their marks, as they tell where a text may be cut; emphasis, highlights and links to
other parts of the same site do not.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.extraction.html_files import html_to_text
from app.extraction.inline_text import InlineText, raised_as_meant
from app.extraction.tables.lines import short_table_to_lines
from app.extraction.text_blocks import TextBlock, blocks_to_markdown, heading, list_item

_FRONT_MATTER = re.compile(r"---\n((?:.*\n)*?)---(?:\n|\Z)")
_ELSEWHERE = ("http://", "https://", "mailto:", "tel:")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_RAISED = re.compile(r"<(/?)sup>", re.IGNORECASE)
_DEEPEST = 20
# What renderers beyond CommonMark take for marks, and what writers mean though CommonMark does not see it.
_PAIRS = re.compile(
    r"(?P<mark>\*\*|==|\+\+|~~)(?=\S)(?P<inside>[^\n]{1,1000}?)(?<=\S)(?P=mark)"
    r"|(?<=\w)\^(?P<raised>[^\s^]{1,10})\^|(?<=\w)~(?P<lowered>[^\s~]{1,10})~|(?<!\w)_(?P<start>[^\W_]+)_(?=[^\W_])"
)


def markdown_to_text(markdown: str) -> str:
    """The text, still with headings and lists in Markdown."""
    front = _FRONT_MATTER.match(markdown)
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"]).disable("code")
    blocks = _Writer().blocks(parser.parse(markdown[front.end() :] if front else markdown))
    return (f"{front[1]}\n" if front else "") + blocks_to_markdown(blocks)


class _Writer:
    """Takes the tokens of blocks in their order."""

    def __init__(self) -> None:
        self._lists = 0
        self._marker = ""
        self._rows: list[list[str]] = []
        self._heading = 0

    def blocks(self, tokens: Sequence[Token]) -> Iterator[TextBlock]:
        """The parts of the document."""
        for token in tokens:
            if token.type == "inline":
                yield from self._text(_shown(token.children or []))
            elif token.type == "fence":
                yield TextBlock("paragraph", f"{token.markup}{token.info}\n{token.content}{token.markup}")
            elif token.type == "html_block":
                yield TextBlock("paragraph", html_to_text(token.content)[0])
            elif token.type == "table_close":
                yield TextBlock("rows", "\n".join(short_table_to_lines(self._rows)))
                self._rows = []
            else:
                self._note(token)

    def _note(self, token: Token) -> None:
        if token.type == "tr_open":
            self._rows.append([])
        elif token.type == "heading_open":
            self._heading = int(token.tag[1])
        elif token.type == "heading_close":
            self._heading = 0
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            self._lists += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._lists -= 1
        elif token.type == "list_item_open":
            self._marker = f"{token.info}. " if token.info else "- "

    def _text(self, text: str) -> Iterator[TextBlock]:
        if self._rows:
            self._rows[-1].append(" ".join(text.split()))
        elif self._heading:
            yield heading(text, self._heading)
        elif self._lists:
            yield list_item(text, self._lists - 1, self._marker)
            self._marker = ""
        else:
            yield TextBlock("paragraph", text)


def _shown(tokens: Sequence[Token]) -> str:
    """A line of text without its marks; links to other sites keep their targets."""
    line, targets = InlineText(), list[str]()
    raised = False
    for token in _with_products(tokens):
        tag = _RAISED.fullmatch(token.content) if token.type == "html_inline" else None
        if tag:
            raised = not tag[1]
        elif token.type in {"softbreak", "hardbreak"} or _BREAK.fullmatch(token.content):
            line.add("\n")
        elif token.type == "link_open":
            targets.append(str(token.attrGet("href") or ""))
            line.add("[" if _is_shown(targets[-1], token) else "")
        elif token.type == "link_close" and targets:
            target = targets.pop()
            line.add(f"]({target})" if _is_shown(target, token) else "")
        elif token.type != "html_inline":
            line.add(token.content, raised=raised)
    return _PAIRS.sub(_meant, line.take())


def _with_products(tokens: Sequence[Token]) -> Iterator[Token]:
    """With the stars of 2*3*4, which CommonMark takes for emphasis."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.markup == "*" and before.content[-1:].isdigit() and after.content[:1].isdigit():
            token.content = "*"
            token.type = "text"
    yield from tokens


def _is_shown(target: str, token: Token) -> bool:
    """Links to other sites; an address in the text by itself ("<https://…>") is its own target."""
    return target.startswith(_ELSEWHERE) and token.info != "auto"


def _meant(match: re.Match[str]) -> str:
    if match["raised"]:
        return raised_as_meant(match.string[: match.start()][-24:], match["raised"])
    return match["inside"] or match["lowered"] or match["start"]
