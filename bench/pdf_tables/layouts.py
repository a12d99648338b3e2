"""Ten layouts in which programs draw tables, from ruled grids to nothing but aligned text."""

import io
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from bench.pdf_tables.samples import HeaderCell, Sample, SampleTable

_PAGE_WIDTH, _PAGE_HEIGHT = landscape(A4)
_MARGIN = 50
_LEADING = 1.2
_WIDEST_NAME = 170
_SPACIOUS = 2.6
_ABOVE = "Os valores abaixo foram apurados pela área financeira e podem ser revistos a qualquer momento."
_BELOW = "Fonte: relatório anual da rede. Dúvidas podem ser enviadas ao atendimento em dias úteis."


class Layout(NamedTuple):
    """`lines`: "grid", "rows", "header", "booktabs" (also below groups of columns) or none; `order` of drawing."""

    name: str
    lines: str = ""
    numbers: str = "right"
    names: str = "left"
    size: float = 9
    gap: float = 14
    row_gap: float = 4
    bold: bool = False
    fill: str = ""
    order: str = "rows"
    bottom_names: bool = True


LAYOUTS = (
    Layout("grid", lines="grid", numbers="left", bold=True),
    Layout("plain", names="right"),
    Layout("booktabs", lines="booktabs", names="center", gap=16),
    Layout("line between rows", lines="rows", names="right", row_gap=6),
    Layout("shaded rows", fill="rows", names="center", row_gap=6),
    Layout("centred", numbers="center", names="center", gap=20),
    Layout("column by column", order="columns", numbers="left"),
    Layout("shaded names, bold", fill="names", bold=True, names="right"),
    Layout("small and narrow", lines="header", size=7, gap=7, row_gap=2.5, names="right"),
    Layout("wide and airy", size=11, gap=36, row_gap=12, names="left", numbers="left", bottom_names=False),
)


class _Text(NamedTuple):
    """A line of text at its place, `down` points below the top."""

    x: float
    down: float
    text: str
    bold: bool


def draw(sample: Sample, layout: Layout) -> bytes:
    """A PDF of one page with the tables of the sample between two lines of other text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(_PAGE_WIDTH, _PAGE_HEIGHT), invariant=True)
    top = 60.0
    _write(canvas, [_Text(_MARGIN, top, _ABOVE, bold=False)], 10)
    top += 30
    for table in sample.tables:
        top = _Drawing(canvas, table, layout, sample).draw(top) + 2 * layout.row_gap
    _write(canvas, [_Text(_MARGIN, top + 30, _BELOW, bold=False)], 10)
    canvas.save()
    return buffer.getvalue()


def _write(canvas: Canvas, texts: list[_Text], size: float) -> None:
    for text in texts:
        canvas.setFont("Helvetica-Bold" if text.bold else "Helvetica", size)
        canvas.drawString(text.x, _PAGE_HEIGHT - text.down, text.text)


class _Drawing:
    """One table on its way onto a page."""

    def __init__(self, canvas: Canvas, table: SampleTable, layout: Layout, sample: Sample) -> None:
        self._canvas, self._table, self._layout = canvas, table, layout
        self._row_gap = layout.row_gap + (_SPACIOUS * layout.size if sample.spacious else 0)
        self._leaders = sample.leaders
        widths = self._widths()
        self._edges = list(accumulate((width + layout.gap for width in widths), initial=float(_MARGIN)))

    def draw(self, top: float) -> float:
        """The height at which the table ends, when it is drawn."""
        layout, table = self._layout, self._table
        line = layout.size * _LEADING
        texts: list[_Text] = []
        for title in table.titles:
            places = [self._edges[0], self._edges[len(self._edges) // 2 + 1]]
            down = top + layout.size
            texts += [_Text(x, down, text, layout.bold) for x, text in zip(places, title, strict=False)]
            top += line + self._row_gap
            self._across("grid", top)
        header_top = top
        self._across("grid booktabs", top)
        for number, level in enumerate(table.header):
            lines = max(cell.text.count("\n") + 1 for cell in level)
            height = lines * line + self._row_gap
            if layout.fill == "names":
                self._shade(top, height)
            texts += self._level(level, top, lines)
            top += height
            if number < len(table.header) - 1:
                self._below_groups(level, top)
        self._across("grid booktabs rows header", top)
        if table.empty_row:
            top += line + self._row_gap
            self._across("grid", top)
        below_names = top
        for number, row in enumerate(table.rows):
            height = line * (1 + max(text.count("\n") for text in row)) + self._row_gap
            if layout.fill == "rows" and number % 2 == 0:
                self._shade(top, height)
            texts += self._row(row, top + self._row_gap / 2)
            top += height
            self._across("grid rows", top)
        self._across("booktabs", top)
        if layout.lines == "grid":
            self._between_columns(header_top, below_names, top)
        if layout.order == "columns":
            texts.sort(key=lambda text: self._column(text.x))
        _write(self._canvas, texts, layout.size)
        return top

    def _column(self, x: float) -> int:
        return max(number for number, edge in enumerate(self._edges) if edge <= x + 0.1)

    def _widths(self) -> list[float]:
        """As wide as the widest text of each column, and wider where names of groups need it."""
        size, font = self._layout.size, "Helvetica-Bold"
        columns = sum(cell.columns for cell in self._table.header[0])
        widths = [
            max(
                stringWidth(line, font, size)
                for row in self._table.rows
                if len(row) > 1
                for line in row[c].split("\n")
            )
            for c in range(columns)
        ]
        for level in reversed(self._table.header):
            first = 0
            for cell in level:
                needed = max(stringWidth(text, font, size) for text in cell.text.split("\n"))
                have = sum(widths[first : first + cell.columns]) + self._layout.gap * (cell.columns - 1)
                for column in range(first, first + cell.columns):
                    widths[column] += max(0, needed - have) / cell.columns
                first += cell.columns
        return widths

    def _level(self, level: list[HeaderCell], top: float, lines: int) -> Iterator[_Text]:
        first = 0
        for cell in level:
            align = "left" if first == 0 else "center" if cell.columns > 1 else self._layout.names
            texts = cell.text.split("\n")
            skip = lines - len(texts) if self._layout.bottom_names else 0
            for number, text in enumerate(texts, skip):
                if text:
                    x = self._x(text, first, first + cell.columns, align, bold=self._layout.bold)
                    down = top + self._row_gap / 2 + (number * _LEADING + 1) * self._layout.size
                    yield _Text(x, down, text, self._layout.bold)
            first += cell.columns

    def _row(self, row: list[str], top: float) -> Iterator[_Text]:
        lines = max(text.count("\n") for text in row)
        down = top + self._layout.size
        for column, text in enumerate(row):
            is_number = any(map(str.isdigit, text)) or text == "-"
            align = self._layout.numbers if column and (is_number or self._layout.numbers == "center") else "left"
            currency, tab, amount = text.partition("\t")
            if tab:
                yield _Text(self._x(currency, column, column + 1, "left", bold=False), down, currency, bold=False)
                yield _Text(self._x(amount, column, column + 1, "right", bold=False), down, amount, bold=False)
                continue
            for number, line in enumerate(text.split("\n")):
                if line:
                    shown = line + self._dots(line) if self._leaders and not column else line
                    x = self._x(shown, column, column + 1, align, bold=False)
                    last = 0 if column == 0 or self._layout.bottom_names is False else lines
                    height = (number if column == 0 else last) * _LEADING * self._layout.size
                    yield _Text(x, down + height, shown, bold=False)

    def _dots(self, text: str) -> str:
        size = self._layout.size
        room = self._edges[1] - self._edges[0] - self._layout.gap / 2 - stringWidth(text, "Helvetica", size)
        return " " + "." * max(3, int(room / stringWidth(".", "Helvetica", size)))

    def _x(self, text: str, first: int, end: int, align: str, *, bold: bool) -> float:
        width: float = stringWidth(text, "Helvetica-Bold" if bold else "Helvetica", self._layout.size)
        half = self._layout.gap / 2
        left, right = self._edges[first] + half, self._edges[end] - half
        return {"left": left, "right": right - width, "center": (left + right - width) / 2}[align]

    def _across(self, layouts: str, down: float) -> None:
        if self._layout.lines and self._layout.lines in layouts.split():
            self._line(self._edges[0], down, self._edges[-1], down)

    def _below_groups(self, level: list[HeaderCell], down: float) -> None:
        first = 0
        for cell in level:
            if cell.columns > 1 and self._layout.lines in {"grid", "booktabs"}:
                inset = 3 if self._layout.lines == "booktabs" else 0
                self._line(self._edges[first] + inset, down, self._edges[first + cell.columns] - inset, down)
            first += cell.columns

    def _between_columns(self, top: float, below_names: float, bottom: float) -> None:
        """Lines between columns; in the header only where a group of columns ends."""
        height = (below_names - top) / len(self._table.header)
        for edge in self._edges:
            self._line(edge, below_names, edge, bottom)
        for number, level in enumerate(self._table.header):
            upper = top + number * height
            for column in accumulate((cell.columns for cell in level), initial=0):
                self._line(self._edges[column], upper, self._edges[column], upper + height)

    def _line(self, x: float, down: float, other_x: float, other_down: float) -> None:
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x, _PAGE_HEIGHT - down, other_x, _PAGE_HEIGHT - other_down)

    def _shade(self, top: float, height: float) -> None:
        self._canvas.setFillGray(0.85)
        width = self._edges[-1] - self._edges[0]
        self._canvas.rect(self._edges[0], _PAGE_HEIGHT - top - height, width, height, stroke=0, fill=1)
        self._canvas.setFillGray(0)
