"""Excel workbooks (ECMA-376, part 1, 18): the sheets that are seen, each under its name."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from app.extraction.archives import DAMAGE
from app.extraction.charts import chart_to_block, diagram_to_blocks
from app.extraction.drawing_text import drawn_paragraphs
from app.extraction.office_package import OfficePackage, Relation, path_of
from app.extraction.problems import Problem, ProblemError
from app.extraction.sheets.number_formats import BUILT_IN, in_words, plain, shown
from app.extraction.tables.cell_grid import CellGrid, MergedCells
from app.extraction.text_blocks import TextBlock
from app.extraction.xml_parts import attribute, chosen, elements

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAYS_FROM_1900_TO_1904 = 1462
_ON = {"1", "true"}


class Sheet(NamedTuple):
    """A sheet's name and cells, and what is above them in boxes, diagrams and charts."""

    name: str
    grid: CellGrid
    drawn: list[TextBlock]


class Workbook:
    """What the sheets of a workbook have in common.

    `uncomputed` counts the formulas met without a value, `unread` names the sheets and parts that are damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._package = OfficePackage(data)
        self._days_later = 0
        self.uncomputed = 0
        self._path = self._package.main_part()
        self._parts = self._package.relations(self._path)
        self._strings = list(self._shared_strings())
        self._formats = self._number_formats()

    @property
    def unread(self) -> list[str]:
        """The paths of parts, and the names of sheets."""
        return self._package.unread

    def sheets(self) -> Iterator[Sheet]:
        """Those that are not hidden."""
        visible: list[tuple[str, Relation | None]] = []
        is_workbook = False
        for event, element in self._elements(self._path):
            is_workbook = is_workbook or element.tag == "workbook"
            if event == "start" and element.tag == "workbookPr" and attribute(element, "date1904") in _ON:
                self._days_later = _DAYS_FROM_1900_TO_1904
            if event == "start" and element.tag == "sheet" and attribute(element, "state", "visible") == "visible":
                visible.append((attribute(element, "name"), self._parts.get(attribute(element, "id"))))
        if not is_workbook:
            raise ProblemError(Problem.BROKEN, "no workbook")
        for name, relation in visible:
            if relation is None or relation.path not in self._package.archive.namelist():
                self.unread.append(name)
            elif relation.kind == "worksheet":
                yield Sheet(name, self._grid(relation.path, name), self._drawn(relation.path))
            elif relation.kind == "chartsheet":
                yield Sheet(name, CellGrid(), self._drawn(relation.path))

    def _elements(self, path: str, name: str = "") -> Iterator[tuple[str, Element]]:
        """As `elements`, up to where a part is damaged."""
        try:
            yield from elements(self._package.archive, path)
        except (ParseError, *DAMAGE):
            self.unread.append(name or path)

    def _shared_strings(self) -> Iterator[str]:
        for event, element in self._elements(path_of("sharedStrings", self._parts.values())):
            if event == "end" and element.tag == "si":
                yield _text(element)
                element.clear()

    def _number_formats(self) -> list[str]:
        """The format of each style that cells name by its number."""
        codes = dict(BUILT_IN)
        formats: list[str] = []
        inside = False
        for event, element in self._elements(path_of("styles", self._parts.values())):
            if element.tag == "cellXfs":
                inside = event == "start"
            elif event == "start" and element.tag == "numFmt":
                codes[_whole(attribute(element, "numFmtId"))] = attribute(element, "formatCode")
            elif event == "start" and element.tag == "xf" and inside:
                formats.append(codes.get(_whole(attribute(element, "numFmtId")), ""))
        return formats

    def _grid(self, path: str, name: str) -> CellGrid:
        grid = CellGrid()
        row = column = -1
        for event, element in self._elements(path, name):
            if event == "start" and element.tag == "row":
                row, column = _whole(attribute(element, "r"), row + 2) - 1, -1
                if attribute(element, "hidden") in _ON:
                    grid.hidden_rows.add(row)
            elif event == "end" and element.tag == "c":
                column = _column(attribute(element, "r"), column + 1)
                grid.put(row, column, self._value(element))
            elif event == "end" and element.tag in {"row", "sheetData"}:
                element.clear()
            elif event == "start":
                _note_layout(grid, element)
        return grid

    def _value(self, cell: Element) -> str:
        kind = attribute(cell, "t", "n")
        if kind == "inlineStr":
            return _text(cell)
        text = next((part.text or "" for part in cell if part.tag == "v"), "")
        if kind == "n" and not text and any(part.tag == "f" for part in cell):
            self.uncomputed += 1
        try:
            return self._shown(kind, text, attribute(cell, "s")) if text.strip() else ""
        except (ValueError, IndexError):  # a number that is none, a text that is missing
            return text if kind != "s" else ""

    def _shown(self, kind: str, text: str, style: str) -> str:
        if kind == "s":
            return self._strings[int(text)]
        if kind == "n":
            place = _whole(style)
            code = self._formats[place] if place < len(self._formats) else ""
            return shown(float(text), code, self._days_later) if code else plain(float(text))
        if kind == "d":
            return f"{datetime.fromisoformat(text):%d/%m/%Y}"
        if kind == "b":
            return in_words(text == "1")
        return "" if kind == "e" else _unescaped(text)

    def _drawn(self, sheet: str) -> list[TextBlock]:
        path = path_of("drawing", self._package.relations(sheet).values())
        root = self._package.tree(path) if path else None
        return list(self._texts(root, self._package.relations(path))) if root is not None else []

    def _texts(self, element: Element, relations: dict[str, Relation]) -> Iterator[TextBlock]:
        for child in chosen(element):
            if child.tag == "txBody":
                yield from (TextBlock("paragraph", line.text) for line in drawn_paragraphs(child, relations))
                continue
            kinds = {"chart": attribute(child, "id"), "relIds": attribute(child, "dm")}
            relation = relations.get(kinds.get(child.tag, ""))
            if relation is None or relation.is_external:
                yield from self._texts(child, relations)
            elif (root := self._package.tree(relation.path)) is not None:
                yield from [chart_to_block(root)] if child.tag == "chart" else diagram_to_blocks(root)


def _whole(text: str, default: int = 0) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default


def _note_layout(grid: CellGrid, element: Element) -> None:
    if element.tag == "col" and attribute(element, "hidden") in _ON:
        grid.hidden_columns.append(
            range(_whole(attribute(element, "min"), 1) - 1, _whole(attribute(element, "max")))
        )
    elif element.tag == "mergeCell":
        corners = _CELL.findall(attribute(element, "ref"))
        if len(corners) == 2:
            (left, top), (right, bottom) = corners
            grid.merge(MergedCells(int(top) - 1, _number_of(left), int(bottom) - 1, _number_of(right)))


def _text(element: Element) -> str:
    """Without the pronunciation beside Japanese text."""
    spoken = {id(part) for phonetic in element.iter("rPh") for part in phonetic.iter("t")}
    return _unescaped("".join("".join(part.itertext()) for part in element.iter("t") if id(part) not in spoken))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _column(reference: str, otherwise: int) -> int:
    match = _CELL.fullmatch(reference)
    return _number_of(match[1]) if match else otherwise


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
