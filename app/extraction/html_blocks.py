"""Walks through the elements of a web page and writes down what a browser shows of them."""

import re

from lxml.etree import iterwalk

from app.extraction.html_cells import Element, html_grid, is_layout
from app.extraction.inline_text import InlineText
from app.extraction.links import with_target
from app.extraction.tables.lines import pairs_to_lines, short_table_to_lines
from app.extraction.text_blocks import TextBlock, blocks_to_line, blocks_to_markdown, heading, list_item

_NOT_SHOWN = {"head", "script", "style", "template", "noscript", "iframe", "object", "svg", "rt", "rp", "datalist"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul", "ol", "menu", "dir"}
_VERBATIM = {"pre", "textarea", "listing", "xmp"}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
    *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main"),
    *("nav", "optgroup", "option", "p", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th"),
    *("thead", "tr", *_HEADINGS, *_LISTS, *_VERBATIM),
}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SHOWN_BREAKS = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)


def page_to_markdown(root: Element) -> str:
    """The Markdown of an element and all in it."""
    return blocks_to_markdown(_Writer().blocks(root))


def _cell_text(cell: Element, *, links: bool) -> str:
    """What is in a cell, in one line."""
    return blocks_to_line(_Writer(in_cell=True, links=links).blocks(cell))


class _Writer:
    """Takes elements in their order; in a cell of a table, lists and headings have no signs of their own."""

    def __init__(self, *, in_cell: bool = False, links: bool = True) -> None:
        self._in_cell = in_cell
        self._links = links
        self._inline = InlineText()
        self._blocks: list[TextBlock] = []
        self._lists: list[int | None] = []
        self._marker = ""
        self._heading = 0
        self._raised = 0
        self._verbatim = 0
        self._term = ""

    def blocks(self, root: Element) -> list[TextBlock]:
        """What is shown of an element."""
        walker = iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._close(element)
                if element is not root:
                    self._add(element.tail)
            elif not self._open(element, root):
                walker.skip_subtree()
        self._end_block()
        return self._blocks

    def _open(self, element: Element, root: Element) -> bool:
        """Whether what is inside is to be walked through."""
        tag = element.tag
        if tag in _NOT_SHOWN:
            return False
        if tag in _BLOCKS:
            self._end_block()
        if tag == "table" and element is not root and not is_layout(element):
            self._add_table(element)
            return False
        if tag == "a" and element is not root:
            return self._open_link(element)
        self._note(element)
        self._add(element.text)
        return True

    def _note(self, element: Element) -> None:
        tag = element.tag
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag in _LISTS:
            self._lists.append(_number(element.get("start")) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "br":
            self._inline.add("\n")
        elif tag == "img":
            self._add(f" {element.get('alt', '')} ")
        elif tag == "sup":
            self._raised += 1
        elif tag == "q":
            self._inline.add("“")
        if _is_verbatim(element):
            self._verbatim += 1

    def _close(self, element: Element) -> None:
        tag = element.tag
        if tag == "dt":
            self._end_block()
            self._term = self._blocks.pop().text if self._blocks and self._blocks[-1].kind == "paragraph" else ""
        elif tag in _BLOCKS:
            self._end_block()
        if tag in _LISTS and self._lists:
            self._lists.pop()
        elif tag in _HEADINGS:
            self._heading = 0
        elif tag == "sup":
            self._raised -= 1
        elif tag == "q":
            self._inline.add("”")
        if tag not in _NOT_SHOWN and tag != "table" and _is_verbatim(element):
            self._verbatim -= 1

    def _add(self, text: str | None) -> None:
        if text:
            self._inline.add(text if self._verbatim else _SPACES.sub(" ", text), raised=self._raised > 0)

    def _open_link(self, element: Element) -> bool:
        """Links around whole parts of a page are walked through, others are written with their target."""
        before = element.getprevious()
        if before is not None and before.tag == "a" and not before.tail:
            self._inline.add(" ")
        if any(inner.tag in _BLOCKS for inner in element.iterdescendants()):
            self._note(element)
            self._add(element.text)
            return True
        text, target = _cell_text(element, links=False), element.get("href") or ""
        first, last = (element.text or "")[:1], (element[-1].tail if len(element) else element.text) or ""
        shown = with_target(text, target) if self._links else text
        self._add(f"{' ' if first.isspace() else ''}{shown}{' ' if last[-1:].isspace() else ''}")
        return False

    def _add_table(self, table: Element) -> None:
        for caption in table.iterchildren("caption"):
            self._blocks.append(TextBlock("paragraph", _cell_text(caption, links=self._links)))
        rows = list(html_grid(table, _cell_text).rows())
        self._blocks.append(TextBlock("rows", "\n".join(short_table_to_lines(rows))))

    def _end_block(self) -> None:
        if not self._inline:
            return
        text = self._inline.take()
        if not self._verbatim:
            text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
        if not text.strip():
            return
        text = text.strip("\n") if self._verbatim else text.strip()
        if self._term:
            text = "\n".join(pairs_to_lines([[self._term, text]]))
            self._term = ""
        if self._heading and not self._in_cell:
            self._blocks.append(heading(text, self._heading))
        elif self._lists and not self._in_cell:
            self._blocks.append(list_item(text, len(self._lists) - 1, self._marker))
            self._marker = ""
        else:
            self._blocks.append(TextBlock("item" if self._lists else "paragraph", text))

    def _next_marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "


def _is_verbatim(element: Element) -> bool:
    return element.tag in _VERBATIM or bool(_SHOWN_BREAKS.search(element.get("style", "")))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 1
