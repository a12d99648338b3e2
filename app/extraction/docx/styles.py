"""What the styles of a Word document say about its paragraphs (ECMA-376, part 1, 17.7)."""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from app.extraction.xml_parts import attribute

_HEADING = re.compile(r"(?:heading|t[íi]tulo) ?([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|t[íi]tulo", re.IGNORECASE)
_LIST = re.compile(r"List (?:Bullet|Number|Paragraph)(?: ([2-5]))?", re.IGNORECASE)
_MOST_PARENTS = 20
_BODY_LEVEL = 9
_OFF = {"0", "false", "off", "none"}


class Numbering(NamedTuple):
    """A list ("0" is none) and how deep in it, from 0 on."""

    list_id: str
    depth: int


class Style(NamedTuple):
    """The level of headings (0: no heading), the list its paragraphs are in, and whether its text is hidden."""

    heading: int = 0
    numbering: Numbering | None = None
    is_hidden: bool = False


def read_styles(root: Element | None) -> dict[str, Style]:
    """The styles of word/styles.xml by their ids; what a style does not say, that says which it is based on."""
    nodes = {attribute(node, "styleId"): node for node in root.iter("style")} if root is not None else {}
    return {name: _inherited(name, nodes) for name in nodes}


def heading_level(properties: Element | None) -> int | None:
    """The level that the properties of a paragraph give it: 0 none, None where they do not say."""
    level = _value(properties, "outlineLvl")
    if level is None or not level.isdigit():
        return None
    return int(level) + 1 if int(level) < _BODY_LEVEL else 0


def numbering_of(properties: Element | None) -> Numbering | None:
    """The list that the properties of a paragraph put it in, None where they do not say."""
    node = properties.find("numPr") if properties is not None else None
    if node is None:
        return None
    depth = _value(node, "ilvl") or "0"
    return Numbering(_value(node, "numId") or "", int(depth) if depth.isdigit() else 0)


def is_on(properties: Element | None, name: str) -> bool:
    """Whether a property that is on or off is on."""
    node = properties.find(name) if properties is not None else None
    return node is not None and attribute(node, "val", "1") not in _OFF


def _inherited(name: str, nodes: dict[str, Element]) -> Style:
    heading: int | None = None
    numbering: Numbering | None = None
    hidden = False
    for _ in range(_MOST_PARENTS):
        node = nodes.get(name)
        if node is None:
            break
        own = _own(node)
        heading = own[0] if heading is None else heading
        numbering = numbering or own[1]
        hidden = hidden or is_on(node.find("rPr"), "vanish")
        name = _value(node, "basedOn") or ""
    return Style(heading or 0, numbering, hidden)


def _own(node: Element) -> tuple[int | None, Numbering | None]:
    """Built-in headings and lists are known by their names, also where they say no more."""
    name = _value(node, "name") or ""
    properties = node.find("pPr")
    heading, numbering = heading_level(properties), numbering_of(properties)
    if heading is None and (match := _HEADING.fullmatch(name)):
        heading = int(match[1])
    elif heading is None and _TITLE.fullmatch(name):
        heading = 1
    if numbering and (match := _LIST.fullmatch(name)):
        numbering = numbering._replace(depth=max(numbering.depth, int(match[1] or 1) - 1))
    return heading, numbering


def _value(node: Element | None, name: str) -> str | None:
    found = node.find(name) if node is not None else None
    return None if found is None else attribute(found, "val")
