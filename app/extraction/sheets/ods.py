"""OpenDocument workbooks (ODF 1.3, part 3, 9): the sheets that are seen, each under its name."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from app.extraction.opendocument import OpenDocument, spanned, text_of
from app.extraction.sheets.number_formats import brazilian, in_words, plain
from app.extraction.sheets.xlsx import Sheet
from app.extraction.tables.cell_grid import CellGrid, MergedCells
from app.extraction.text_blocks import TextBlock
from app.extraction.xml_parts import attribute

_CELLS = {"table-cell", "covered-table-cell"}
_NUMBERS = {"float", "currency", "percentage"}
_HIDDEN = {"collapse", "filter"}
_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")
_MOST_ROWS = 1_048_576


class Workbook:
    """A workbook that passed `check_archive`; `unread` names what of it is damaged."""

    uncomputed = 0  # the values of formulas are always there

    def __init__(self, data: bytes) -> None:
        self._document = OpenDocument(data)

    @property
    def unread(self) -> list[str]:
        """The paths of parts."""
        return self._document.unread

    def sheets(self) -> Iterator[Sheet]:
        """Those that are not hidden; the last one may end where the file is damaged."""
        styles = _Styles()
        table: Element | None = None
        cells = _Cells(styles)
        for event, element in self._document.content("spreadsheet"):
            if event == "start" and element.tag == "table":
                table, cells = element, _Cells(styles)
            elif event == "end" and element.tag == "style":
                styles.note(element)
            elif event == "end" and element.tag == "table" and table is not None:
                yield from _shown(table, cells, styles)
                table = None
            elif event == "end" and table is not None:
                cells.note(element)
        if table is not None:
            yield from _shown(table, cells, styles)


def _shown(table: Element, cells: "_Cells", styles: "_Styles") -> Iterator[Sheet]:
    if attribute(table, "style-name") not in styles.hidden:
        yield Sheet(attribute(table, "name"), cells.grid, cells.drawn)


class _Styles:
    """Which styles hide a sheet, and which cells are shown as their values are."""

    def __init__(self) -> None:
        self.hidden: set[str] = set()
        self.general = {"", "Default"}

    def note(self, style: Element) -> None:
        if any(attribute(part, "display") == "false" for part in style.iter("table-properties")):
            self.hidden.add(attribute(style, "name"))
        parent, shape = attribute(style, "parent-style-name"), attribute(style, "data-style-name", "N0")
        if attribute(style, "family") == "table-cell" and shape == "N0" and parent in self.general:
            self.general.add(attribute(style, "name"))


class _Cells:
    """The cells of one sheet, row by row, and the texts of boxes on it."""

    def __init__(self, styles: _Styles) -> None:
        self.grid = CellGrid()
        self.drawn: list[TextBlock] = []
        self._styles = styles
        self._row = 0
        self._columns: list[tuple[range, str]] = []

    def note(self, element: Element) -> None:
        """Take an element that has ended."""
        if element.tag == "table-column":
            self._note_column(element)
        elif element.tag == "table-row":
            self._add_row(element)
            element.clear()
        elif element.tag == "shapes":
            self.drawn.append(TextBlock("paragraph", text_of(element)))

    def _note_column(self, column: Element) -> None:
        """Whether it is hidden, and the style of its cells."""
        start = self._columns[-1][0].stop if self._columns else 0
        place = range(start, start + spanned(column, "number-columns-repeated"))
        self._columns.append((place, attribute(column, "default-cell-style-name")))
        if attribute(column, "visibility") in _HIDDEN:
            self.grid.hidden_columns.append(place)

    def _add_row(self, row: Element) -> None:
        first, self._row = self._row, self._row + min(spanned(row, "number-rows-repeated"), _MOST_ROWS)
        column = 0
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            place = range(column, column + spanned(cell, "number-columns-repeated"))
            column = place.stop
            text = self._shown(cell, place.start) if cell.tag == "table-cell" else ""
            for number in range(first, self._row) if text else ():
                self._put(number, place, text)
            bottom = first + spanned(cell, "number-rows-spanned") - 1
            self.grid.merge(
                MergedCells(first, place.start, bottom, place.start + spanned(cell, "number-columns-spanned") - 1)
            )
        if attribute(row, "visibility") in _HIDDEN:
            self.grid.hidden_rows.update(range(first, self._row))

    def _put(self, row: int, place: range, text: str) -> None:
        for column in place:
            self.grid.put(row, column, text)

    def _shown(self, cell: Element, column: int) -> str:
        text, kind = text_of(cell), attribute(cell, "value-type")
        if kind == "date":
            return _date(attribute(cell, "date-value")) or text
        if kind == "boolean":
            return in_words(attribute(cell, "boolean-value") == "true")
        value = attribute(cell, "value")
        if kind not in _NUMBERS or not value:
            return text
        style = attribute(cell, "style-name") or next(
            (style for place, style in self._columns if column in place), ""
        )
        try:
            if not text or (kind == "float" and style in self._styles.general):
                return plain(float(value))
            return _in_brazil(text, Decimal(value) * (100 if kind == "percentage" else 1))
        except (ValueError, InvalidOperation):
            return text


def _date(value: str) -> str:
    """From 2026-03-05T14:30:00."""
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?", value)
    if not match:
        return ""
    date = f"{match[3]}/{match[2]}/{match[1]}"
    return date if match[4] in {None, "00:00"} else f"{date} {match[4]}"


def _in_brazil(text: str, value: Decimal) -> str:
    """The text a number is shown as, written as in Brazil, whatever the language of the sheet."""
    match = _DIGITS.search(text)
    if not match:
        return text
    digits = match[0]
    decimals = len(digits) - max(digits.rfind("."), digits.rfind(",")) - 1 if re.search("[.,]", digits) else 0
    thousands = bool(re.search(r"[.,]\d{3}(?!\d)", digits)) and abs(value) >= 1000
    for places in {decimals, 0}:
        number = brazilian(abs(value), places, thousands)
        if re.sub(r"\D", "", number) == re.sub(r"\D", "", digits):
            return text[: match.start()] + number + text[match.end() :]
    return text
