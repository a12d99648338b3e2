"""Presentations (ECMA-376, part 1, 19): slides in their order, each with its title, texts, tables and notes."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from app.domain.file_text import FileText
from app.extraction.charts import chart_to_block, diagram_to_blocks
from app.extraction.drawing_text import DrawnParagraph, bullet_of, drawn_paragraphs
from app.extraction.office_package import OfficePackage, Relation, path_of
from app.extraction.problems import Problem, ProblemError
from app.extraction.running_headers import running_lines
from app.extraction.tables.cell_grid import CellGrid, MergedCells
from app.extraction.tables.lines import short_table_to_lines
from app.extraction.text_blocks import TextBlock, blocks_to_line, blocks_to_markdown, heading, list_item
from app.extraction.warning_text import joined, named
from app.extraction.xml_parts import attribute, chosen

_TITLES = {"title", "ctrTitle"}
_LISTS = {"", "body", "obj"}
"""Kinds of placeholders whose paragraphs have bullets, unless they say otherwise."""
_FOOTERS = {"ftr", "hdr"}
_CHANGING = {"sldNum", "dt", "sldImg"}
_TITLE_LEVEL = 2
_LONGEST_TITLE = 80
_OFF = {"0", "false"}
_WIDEST = 1000


def read_pptx(data: bytes) -> FileText:
    """The Markdown of a presentation that passed `check_archive`; raises `ProblemError`.

    The warning names slides that are hidden, which are not read, and parts that are damaged or missing.
    """
    deck = _Deck(OfficePackage(data))
    slides = list(deck.slides())
    text = "\n\n".join([*filter(None, map(blocks_to_markdown, slides)), *running_lines(deck.footers)])
    unread = deck.package.unread
    if not text and unread:
        raise ProblemError(Problem.BROKEN, named(unread))
    damaged = f"Parts of the presentation that could not be read: {named(unread)}." if unread else None
    hidden = f"Hidden slides were not read: {named(deck.hidden)}." if deck.hidden else None
    return FileText(text, joined(damaged, hidden))


class _Deck:
    def __init__(self, package: OfficePackage) -> None:
        self.package = package
        self.footers: list[str] = []
        self.hidden: list[str] = []
        self._backgrounds: set[str] = set()

    def slides(self) -> Iterator[list[TextBlock]]:
        path = self.package.main_part()
        root = self.package.tree(path)
        if root is None or root.tag != "presentation":
            raise ProblemError(Problem.BROKEN, "no presentation")
        relations = self.package.relations(path)
        for number, slide in enumerate(root.iter("sldId"), 1):
            name = next((value for key, value in slide.attrib.items() if key.endswith("}id")), "")
            relation = relations.get(name)
            if relation is None or relation.is_external:
                self.package.unread.append(f"slide {number}")
                continue
            yield self._slide(relation.path, number)

    def _slide(self, path: str, number: int) -> list[TextBlock]:
        root = self.package.tree(path)
        if root is None:
            self.package.unread.append(f"slide {number}")
            return []
        if attribute(root, "show", "1") in _OFF:
            self.hidden.append(str(number))
            return []
        relations = self.package.relations(path)
        blocks = _with_title(list(self._texts(root, relations)))
        notes = path_of("notesSlide", relations.values())
        notes_root = self.package.tree(notes) if notes else None
        if notes_root is not None:
            own = self._texts(notes_root, self.package.relations(notes))
            blocks.extend(TextBlock("paragraph", blocks_to_line([block])) for block in own)
        self._read_background(path_of("slideLayout", relations.values()))
        return blocks

    def _read_background(self, layout: str) -> None:
        """What a layout and its master show on each of their slides, as a footer does."""
        for kind in ("slideMaster", ""):
            if not layout or layout in self._backgrounds:
                return
            self._backgrounds.add(layout)
            root, relations = self.package.tree(layout), self.package.relations(layout)
            for shape in root.iter("sp") if root is not None else ():
                if shape.find("nvSpPr/nvPr/ph") is None:
                    self.footers.extend(line.text for line in drawn_paragraphs(shape, relations))
            layout = path_of(kind, relations.values())

    def _texts(self, element: Element, relations: Mapping[str, Relation]) -> Iterator[TextBlock]:
        """What is shown of a tree of shapes, from the hindmost to the foremost."""
        for child in chosen(element):
            if any(attribute(properties, "hidden") in {"1", "true"} for properties in child.iterfind("*/cNvPr")):
                continue
            if child.tag == "sp":
                yield from self._shape(child, relations)
            elif child.tag == "tbl":
                yield TextBlock("rows", "\n".join(short_table_to_lines(list(_grid(child, relations).rows()))))
            elif child.tag == "chart":
                yield from self._part(relations.get(attribute(child, "id")))
            elif child.tag == "relIds":
                yield from self._part(relations.get(attribute(child, "dm")))
            elif child.tag != "txBody":
                yield from self._texts(child, relations)

    def _shape(self, shape: Element, relations: Mapping[str, Relation]) -> Iterator[TextBlock]:
        placeholder = shape.find("nvSpPr/nvPr/ph")
        kind = None if placeholder is None else attribute(placeholder, "type")
        body = shape.find("txBody")
        if body is None or kind in _CHANGING:
            return
        paragraphs = list(drawn_paragraphs(body, relations))
        if kind in _FOOTERS:
            self.footers.extend(paragraph.text for paragraph in paragraphs)
        elif kind in _TITLES and paragraphs:
            yield heading(" ".join(paragraph.text for paragraph in paragraphs), _TITLE_LEVEL)
        else:
            style = body.find("lstStyle/lvl1pPr")
            are_items = kind in _LISTS and len(paragraphs) > 1 and bullet_of(style) != "buNone"
            yield from _with_bullets(paragraphs, are_items)

    def _part(self, relation: Relation | None) -> Iterator[TextBlock]:
        """A chart or a diagram."""
        if relation is None or relation.is_external:
            return
        root = self.package.tree(relation.path)
        if root is not None:
            yield from diagram_to_blocks(root) if relation.kind == "diagramData" else [chart_to_block(root)]


def _with_bullets(paragraphs: list[DrawnParagraph], are_items: bool) -> Iterator[TextBlock]:
    number = 0
    for text, level, bullet in paragraphs:
        number = number + 1 if bullet == "buAutoNum" else 0
        if bullet == "buNone" or not (bullet or are_items):
            yield TextBlock("paragraph", text)
        else:
            yield list_item(text, level, f"{number}. " if number else "- ")


def _with_title(blocks: list[TextBlock]) -> list[TextBlock]:
    """The title first; where there is none, a short text that comes first is it."""
    titles = [block for block in blocks if block.kind == "heading"]
    if not titles and blocks and blocks[0].kind == "paragraph" and len(blocks[0].text) <= _LONGEST_TITLE:
        return [heading(blocks[0].text, _TITLE_LEVEL), *blocks[1:]]
    return [*titles, *(block for block in blocks if block.kind != "heading")]


def _grid(table: Element, relations: Mapping[str, Relation]) -> CellGrid:
    grid = CellGrid()
    for row, cells in enumerate(table.iter("tr")):
        for column, cell in enumerate(cell for cell in cells if cell.tag == "tc"):
            if attribute(cell, "hMerge") == "1" or attribute(cell, "vMerge") == "1":
                continue
            grid.put(row, column, " ".join(line.text for line in drawn_paragraphs(cell, relations)))
            bottom, right = row + _span(cell, "rowSpan") - 1, column + _span(cell, "gridSpan") - 1
            grid.merge(MergedCells(row, column, bottom, right))
    return grid


def _span(cell: Element, name: str) -> int:
    text = attribute(cell, name, "1")
    return min(int(text), _WIDEST) if text.isdecimal() else 1
