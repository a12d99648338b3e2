"""The body of a Word document: paragraphs, headings, lists and tables in their order."""

from collections.abc import Callable, Iterator
from typing import Literal
from xml.etree.ElementTree import Element

from app.extraction.docx.numbering import BULLET, ListNumbers
from app.extraction.docx.paragraphs import Context, ParagraphText, read_paragraph
from app.extraction.docx.styles import Style, heading_level, is_on, numbering_of
from app.extraction.tables.cell_grid import CellGrid, MergedCells
from app.extraction.tables.lines import short_table_to_lines
from app.extraction.text_blocks import TextBlock, blocks_to_line, heading, list_item
from app.extraction.xml_parts import attribute, chosen

_NO_LIST = {"", "0"}
_TRANSPARENT = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "txbxContent"}
_MOST_COLUMNS = 1000

ReadPart = Callable[[Literal["altChunk", "chart", "diagramData"], str], Iterator[TextBlock]]
"""Gives the text of a part that is in the body, by its relation's id."""


class Body:
    """Reads the parts of a document; lists count on from one to the next."""

    def __init__(self, context: Context, numbers: ListNumbers, read_part: ReadPart) -> None:
        self._context = context
        self._numbers = numbers
        self._read_part = read_part

    def blocks(self, element: Element) -> Iterator[TextBlock]:
        """What is shown of an element and all in it."""
        for child in chosen(element):
            if child.tag == "p":
                yield from self._paragraph(child)
            elif child.tag == "tbl":
                yield from self._table(child)
            elif child.tag == "altChunk":
                yield from self._read_part("altChunk", attribute(child, "id"))
            elif child.tag in _TRANSPARENT:
                yield from self.blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[TextBlock]:
        read = read_paragraph(paragraph, self._context)
        if read.text:
            yield self._block(read, paragraph.find("pPr"))
        for drawing in read.drawings:
            yield from self._drawing(drawing)

    def _block(self, read: ParagraphText, properties: Element | None) -> TextBlock:
        style = self._context.styles.get(_style_id(properties), Style())
        level = heading_level(properties)
        level = style.heading if level is None else level
        numbering = numbering_of(properties)
        if numbering and style.numbering:
            numbering = numbering._replace(depth=max(numbering.depth, style.numbering.depth))
        numbering = numbering or style.numbering
        in_list = numbering is not None and numbering.list_id not in _NO_LIST
        marker = self._numbers.marker(numbering) if numbering and in_list else ""
        if level:
            return heading(f"{marker if marker != BULLET else ''}{read.text}", level)
        if numbering and in_list:
            return list_item(read.text, numbering.depth, marker)
        return TextBlock("paragraph", read.text)

    def _drawing(self, drawing: Element) -> Iterator[TextBlock]:
        """The texts of boxes, diagrams and charts."""
        for child in chosen(drawing):
            if child.tag == "txbxContent":
                yield from self.blocks(child)
            elif child.tag == "chart" and attribute(child, "id"):
                yield from self._read_part("chart", attribute(child, "id"))
            elif child.tag == "relIds":
                yield from self._read_part("diagramData", attribute(child, "dm"))
            else:
                yield from self._drawing(child)

    def _table(self, table: Element) -> Iterator[TextBlock]:
        rows = [row for row in _inside(table, "tr") if not _is_removed(row)]
        cells = [[(cell, list(self.blocks(cell))) for cell in _inside(row, "tc")] for row in rows]
        nested = sum(any(inner.tag == "tbl" for inner in cell) for found in cells for cell, _ in found)
        if max(map(len, cells), default=0) < 2 or 2 * nested > sum(map(len, cells)):  # only puts texts in places
            yield from (block for found in cells for _, blocks in found for block in blocks)
            return
        grid = CellGrid()
        merged: dict[int, int] = {}  # the row in which a column's cell begins that goes on downwards
        for number, (row, found) in enumerate(zip(rows, cells, strict=True)):
            column = _whole(row.find("trPr"), "gridBefore", 0)
            for cell, blocks in found:
                column = _put(grid, merged, (number, column), cell, blocks_to_line(blocks))
        yield TextBlock("rows", "\n".join(short_table_to_lines(list(grid.rows()))))


def _put(grid: CellGrid, merged: dict[int, int], place: tuple[int, int], cell: Element, text: str) -> int:
    """The next free column behind a cell."""
    row, column = place
    properties = cell.find("tcPr")
    right = column + min(max(1, _whole(properties, "gridSpan", 1)), _MOST_COLUMNS)
    merge = properties.find("vMerge") if properties is not None else None
    if merge is None or attribute(merge, "val", "continue") == "restart":
        merged[column] = row
        grid.put(row, column, text)
    elif merged.get(column, row) < row:
        grid.merge(MergedCells(merged[column], column, row, right - 1))
    return right


def _inside(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, which may be in content controls."""
    for child in chosen(element):
        if child.tag == tag:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _inside(child, tag)


def _is_removed(row: Element) -> bool:
    properties = row.find("trPr")
    return properties is not None and (properties.find("del") is not None or is_on(properties, "hidden"))


def _style_id(properties: Element | None) -> str:
    node = properties.find("pStyle") if properties is not None else None
    return attribute(node, "val") if node is not None else ""


def _whole(properties: Element | None, name: str, default: int) -> int:
    node = properties.find(name) if properties is not None else None
    text = attribute(node, "val") if node is not None else ""
    return min(int(text), _MOST_COLUMNS) if text.isdecimal() else default
