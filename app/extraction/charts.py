"""Charts and diagrams (SmartArt) in Office files (ECMA-376, part 1, 21): their texts and figures."""

from collections.abc import Iterator
from itertools import zip_longest
from xml.etree.ElementTree import Element

from app.extraction.sheets.number_formats import plain, shown
from app.extraction.tables.lines import named_line
from app.extraction.text_blocks import TextBlock
from app.extraction.xml_parts import attribute

_MOST_POINTS = 2000


def chart_to_block(root: Element) -> TextBlock:
    """A chart's title, and a line for each category with the values of all series."""
    series = [_series(node) for node in root.iter("ser")]
    names = ["", *(name for name, _, _ in series)]
    categories = next((categories for _, categories, _ in series if categories), [])
    columns = [categories, *(values for _, _, values in series)]
    rows = [list(row) for row in zip_longest(*columns, fillvalue="")] if series else []
    lines = [named_line(row, names) for row in rows[:_MOST_POINTS]]
    return TextBlock("rows", "\n".join(filter(None, [_title(root), *lines])))


def diagram_to_blocks(root: Element) -> Iterator[TextBlock]:
    """The texts in the boxes of a diagram, in the order they were written in."""
    for point in root.iter("pt"):
        if attribute(point, "type", "node") not in {"pres", "parTrans", "sibTrans"}:
            lines = ["".join(text.text or "" for text in line.iter("t")) for line in point.iter("p")]
            yield TextBlock("item", "\n".join(f"- {line.strip()}" for line in lines if line.strip()))


def _title(root: Element) -> str:
    """That of the chart itself; its axes have titles, too."""
    title = root.find("chart/title")
    texts = (part.text or "" for part in title.iter() if part.tag in {"t", "v"}) if title is not None else ()
    return " ".join("".join(texts).split())


def _series(node: Element) -> tuple[str, list[str], list[str]]:
    name = " ".join(" ".join(_points(node, "tx")).split())
    return name, _points(node, "cat") or _points(node, "xVal"), _points(node, "val") or _points(node, "yVal")


def _points(series: Element, part: str) -> list[str]:
    """The cached values of a reference into a workbook, by their places."""
    node = series.find(part)
    if node is None:
        return []
    form = next((text.text or "" for text in node.iter("formatCode")), "")
    points = {attribute(point, "idx", "0"): _value(point, form) for point in node.iter("pt")}
    places = sorted((int(place), text) for place, text in points.items() if place.isdecimal())
    texts = [""] * (min(places[-1][0], _MOST_POINTS) + 1) if places else []
    for place, text in places:
        if place < len(texts):
            texts[place] = text
    return texts or [text.text or "" for text in node.iter("v")]


def _value(point: Element, form: str) -> str:
    text = next((value.text or "" for value in point.iter("v")), "")
    try:
        return shown(float(text), form) if form else plain(float(text))
    except ValueError:
        return text
