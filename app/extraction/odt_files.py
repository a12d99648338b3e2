"""OpenDocument texts: headings, paragraphs, lists in lists and tables as lines."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from app.domain.file_text import FileText
from app.extraction.opendocument import OpenDocument, spanned, text_of
from app.extraction.problems import Problem, ProblemError
from app.extraction.tables.cell_grid import CellGrid, MergedCells
from app.extraction.tables.lines import short_table_to_lines
from app.extraction.warning_text import named
from app.extraction.xml_parts import attribute

_CELLS = {"table-cell", "covered-table-cell"}
_DEEPEST_HEADING = 6
_TITLE = "Title"


def read_odt(data: bytes) -> FileText:
    """The Markdown of a document that passed `check_archive`; raises `ProblemError` where nothing can be read.

    The warning names parts that are damaged; what comes before the damage is read.
    """
    file = OpenDocument(data)
    document: Element | None = None
    for _, element in file.content("text"):
        document = element if document is None else document
    if document is None:
        raise ProblemError(Problem.BROKEN, "no content.xml")
    titles = {attribute(style, "name") for style in document.iter("style") if _is_title(style)} | {_TITLE}
    text = "\n".join([*_lines(document, titles), *file.running_lines()])
    unread = f"Parts of the document that could not be read: {named(file.unread)}." if file.unread else None
    if unread and not any(map(str.isalnum, text)):
        raise ProblemError(Problem.BROKEN, unread)
    return FileText(text, unread)


def _is_title(style: Element) -> bool:
    return attribute(style, "parent-style-name") == _TITLE


def _lines(element: Element, titles: set[str]) -> Iterator[str]:
    for child in element:
        if child.tag == "h" or (child.tag == "p" and attribute(child, "style-name") in titles):
            level = min(spanned(child, "outline-level"), _DEEPEST_HEADING)
            yield from ("", f"{'#' * level} {' '.join(text_of(child).split())}", "")
        elif child.tag == "p":
            yield from (text_of(child), "")
        elif child.tag == "list":
            yield from (*_items(child, 0), "")
        elif child.tag == "table":
            yield from (*short_table_to_lines(list(_grid(child).rows())), "")
        else:
            yield from _lines(child, titles)


def _items(element: Element, depth: int) -> Iterator[str]:
    """Lists in lists are indented as in Markdown."""
    for item in element:
        texts = [text_of(child) for child in item if child.tag in {"p", "h"}]
        if any(texts):
            yield f"{'  ' * depth}- {' '.join(' '.join(texts).split())}"
        for child in item:
            if child.tag == "list":
                yield from _items(child, depth + 1)


def _grid(table: Element) -> CellGrid:
    grid = CellGrid()
    row = 0
    for element in _rows(table):
        column = 0
        for cell in element:
            if cell.tag not in _CELLS:
                continue
            text = text_of(cell)
            down, right = spanned(cell, "number-rows-spanned"), spanned(cell, "number-columns-spanned")
            grid.merge(MergedCells(row, column, row + down - 1, column + right - 1))
            for _ in range(spanned(cell, "number-columns-repeated")):
                if text:
                    grid.put(row, column, text)
                column += 1
        row += spanned(element, "number-rows-repeated")
    return grid


def _rows(element: Element) -> Iterator[Element]:
    """Rows are in the table, or in its header, or in groups of rows."""
    for child in element:
        if child.tag == "table-row":
            yield child
        elif child.tag.startswith("table-") and child.tag not in _CELLS:
            yield from _rows(child)
