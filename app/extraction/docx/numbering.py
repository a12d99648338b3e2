"""The numbers and bullets of a Word document's lists (ECMA-376, part 1, 17.9), which are nowhere in its text."""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from app.extraction.docx.styles import Numbering
from app.extraction.xml_parts import attribute

_PLACEHOLDER = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LARGEST = 9999
_DEEPEST = 8
BULLET = "- "


class _Level(NamedTuple):
    start: int = 1
    format: str = "decimal"
    text: str = ""


class ListNumbers:
    """Counts the items of all lists of a document, in the order of its paragraphs."""

    def __init__(self, root: Element | None) -> None:
        self._definitions: dict[str, str] = {}
        self._levels: dict[tuple[str, int], _Level] = {}
        self._counts: dict[tuple[str, int], int] = {}
        for definition in root.iter("abstractNum") if root is not None else ():
            self._read_levels(attribute(definition, "abstractNumId"), definition)
        for node in root.iter("num") if root is not None else ():
            self._read_list(attribute(node, "numId"), node)

    def marker(self, numbering: Numbering) -> str:
        """What comes before the next item: "- ", "3. ", "2.1. ", or "" where a list shows nothing."""
        definition = self._definitions.get(numbering.list_id)
        if definition is None:
            return BULLET
        depth = min(numbering.depth, _DEEPEST)
        while depth and (definition, depth) not in self._levels:  # "List Bullet 2" is a list of one level
            depth -= 1
        level = self._level(definition, depth)
        self._counts[definition, depth] = self._counts.get((definition, depth), level.start - 1) + 1
        for deeper in range(depth + 1, _DEEPEST + 1):
            self._counts.pop((definition, deeper), None)
        if level.format == "bullet":
            return BULLET
        text = _PLACEHOLDER.sub(lambda match: self._number(definition, int(match[1]) - 1), level.text).strip()
        return f"{text} " if text else ""

    def _number(self, definition: str, depth: int) -> str:
        level = self._level(definition, depth)
        return _written(self._counts.get((definition, depth), level.start), level.format)

    def _level(self, definition: str, depth: int) -> _Level:
        return self._levels.get((definition, depth), _Level(text=f"%{depth + 1}."))

    def _read_list(self, list_id: str, node: Element) -> None:
        """Lists with the same definition count on; one that overrides a start or a level counts by itself."""
        definition = _value(node, "abstractNumId", "")
        overrides = node.findall("lvlOverride")
        self._definitions[list_id] = f"list {list_id}" if overrides else definition
        if not overrides:
            return
        for depth in range(_DEEPEST + 1):
            self._levels[f"list {list_id}", depth] = self._level(definition, depth)
        for override in overrides:
            self._read_levels(f"list {list_id}", override)
            place = f"list {list_id}", _whole(attribute(override, "ilvl", "0"), 0)
            start = _whole(_value(override, "startOverride", ""), self._level(*place).start)
            self._levels[place] = self._level(*place)._replace(start=start)

    def _read_levels(self, definition: str, node: Element) -> None:
        for level in node.iter("lvl"):
            self._levels[definition, _whole(attribute(level, "ilvl", "0"), 0)] = _Level(
                start=_whole(_value(level, "start", "1"), 1),
                format=_value(level, "numFmt", "decimal"),
                text=_value(level, "lvlText", ""),
            )


def _value(node: Element, name: str, default: str) -> str:
    found = node.find(name)
    return default if found is None else attribute(found, "val", default)


def _whole(text: str, default: int) -> int:
    return min(int(text), _LARGEST) if text.isdecimal() else default


def _written(number: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    if form == "ordinal":
        return f"{number}º"
    if form == "none":
        return ""
    return f"{number:02}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text, number = text + letters * (number // value), number % value
    return text
