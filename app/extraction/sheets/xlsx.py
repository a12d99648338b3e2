"""Excel workbooks (ECMA-376, part 1, 18): the sheets that are seen, each under its name."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

from app.extraction.office_package import Relation, path_of, relations
from app.extraction.sheets.numbers import BUILT_IN, in_words, plain, shown
from app.extraction.tables.cell_grid import CellGrid, MergedCells
from app.extraction.xml_parts import attribute, elements

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAYS_FROM_1900_TO_1904 = 1462


class Workbook:
    """What the sheets of a workbook have in common; `uncomputed` counts the formulas met without a value."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._days_later = 0
        self.uncomputed = 0
        self._path = path_of("officeDocument", relations(self._archive).values())
        self._parts = relations(self._archive, self._path)
        self._strings = list(self._shared_strings())
        self._formats = self._number_formats()

    def sheets(self) -> Iterator[tuple[str, CellGrid]]:
        """The names and cells of those that are not hidden."""
        visible: list[tuple[str, Relation]] = []
        for event, element in elements(self._archive, self._path):
            if event == "start" and element.tag == "workbookPr" and attribute(element, "date1904") in {"1", "true"}:
                self._days_later = _DAYS_FROM_1900_TO_1904
            if event == "start" and element.tag == "sheet" and attribute(element, "state", "visible") == "visible":
                visible.append((attribute(element, "name"), self._parts[attribute(element, "id")]))
        for name, (kind, path, _) in visible:
            if kind == "worksheet":  # there are sheets of nothing but a diagram, too
                yield name, self._grid(path)

    def _shared_strings(self) -> Iterator[str]:
        for event, element in elements(self._archive, path_of("sharedStrings", self._parts.values())):
            if event == "end" and element.tag == "si":
                yield _text(element)
                element.clear()

    def _number_formats(self) -> list[str]:
        """The format of each style that cells name by its number."""
        codes = dict(BUILT_IN)
        formats: list[str] = []
        inside = False
        for event, element in elements(self._archive, path_of("styles", self._parts.values())):
            if element.tag == "cellXfs":
                inside = event == "start"
            elif event == "start" and element.tag == "numFmt":
                codes[int(attribute(element, "numFmtId", "0"))] = attribute(element, "formatCode")
            elif event == "start" and element.tag == "xf" and inside:
                formats.append(codes.get(int(attribute(element, "numFmtId", "0")), ""))
        return formats

    def _grid(self, path: str) -> CellGrid:
        grid = CellGrid()
        row = column = -1
        for event, element in elements(self._archive, path):
            if event == "start" and element.tag == "row":
                row, column = int(attribute(element, "r", str(row + 2))) - 1, -1
                if attribute(element, "hidden") in {"1", "true"}:
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
        if kind == "s":
            return self._strings[int(text)] if text.strip() else ""
        if kind == "n" and text:
            return self._number(text, attribute(cell, "s", "0"))
        if kind == "d" and text:
            return f"{datetime.fromisoformat(text):%d/%m/%Y}"
        if kind == "b":
            return in_words(text == "1")
        return "" if kind == "e" else _unescaped(text)

    def _number(self, text: str, style: str) -> str:
        code = self._formats[int(style)] if int(style) < len(self._formats) else ""
        return shown(float(text), code, self._days_later) if code else plain(float(text))


def _note_layout(grid: CellGrid, element: Element) -> None:
    if element.tag == "col" and attribute(element, "hidden") in {"1", "true"}:
        grid.hidden_columns.append(range(int(attribute(element, "min")) - 1, int(attribute(element, "max"))))
    elif element.tag == "mergeCell":
        corners = _CELL.findall(attribute(element, "ref"))
        if len(corners) == 2:
            (left, top), (right, bottom) = corners
            grid.merge(MergedCells(int(top) - 1, _number_of(left), int(bottom) - 1, _number_of(right)))


def _text(element: Element) -> str:
    """Without the pronunciation that stands beside Japanese text."""
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
