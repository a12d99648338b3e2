"""Text in DrawingML (ECMA-376, part 1, 21.1.2), as slides and the boxes on sheets have it."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple
from xml.etree.ElementTree import Element

from app.extraction.inline_text import InlineText
from app.extraction.links import with_target
from app.extraction.office_package import Relation
from app.extraction.xml_parts import attribute, chosen

_CHANGING_FIELDS = ("slidenum", "datetime")
_BULLETS = {"buChar", "buAutoNum", "buBlip"}


class DrawnParagraph(NamedTuple):
    """A paragraph's text; `bullet` is the name of the element that gives it one ("" where it doesn't say)."""

    text: str
    level: int
    bullet: str


class _Stretch(NamedTuple):
    text: str
    raised: bool
    target: str


def drawn_paragraphs(body: Element, relations: Mapping[str, Relation]) -> Iterator[DrawnParagraph]:
    """The paragraphs of a text body that have text; runs are joined as they are."""
    for paragraph in body.iter("p"):
        line = InlineText()
        for target, stretches in groupby(_stretches(paragraph, relations), key=lambda stretch: stretch.target):
            linked = InlineText()
            for stretch in stretches:
                (linked if target else line).add(stretch.text, raised=stretch.raised)
            line.add(with_target(linked.take(), target))
        text = "\n".join(" ".join(part.split()) for part in line.take().split("\n")).strip()
        properties = paragraph.find("pPr")
        level = attribute(properties, "lvl", "0") if properties is not None else "0"
        if text:
            yield DrawnParagraph(text, int(level) if level.isdecimal() else 0, bullet_of(properties))


def bullet_of(properties: Element | None) -> str:
    """The element that gives a paragraph a bullet or number, or takes it away ("buNone")."""
    children = properties if properties is not None else ()
    return next((child.tag for child in children if child.tag in {*_BULLETS, "buNone"}), "")


def _stretches(element: Element, relations: Mapping[str, Relation]) -> Iterator[_Stretch]:
    for child in chosen(element):
        if child.tag == "br":
            yield _Stretch("\n", False, "")
        elif child.tag == "r" or (child.tag == "fld" and not _changes(child)):
            properties = child.find("rPr")
            yield _Stretch(_text(child), _is_raised(properties), _target(properties, relations))
        elif child.tag not in {"fld", "pPr", "endParaRPr"}:
            yield _Stretch(_text(child), False, "")  # a formula


def _text(run: Element) -> str:
    return "".join("".join(text.itertext()) for text in run.iter("t"))


def _changes(field: Element) -> bool:
    return attribute(field, "type").startswith(_CHANGING_FIELDS)


def _is_raised(properties: Element | None) -> bool:
    baseline = attribute(properties, "baseline", "0") if properties is not None else "0"
    return baseline.rstrip("%").isdecimal() and int(baseline.rstrip("%")) > 0


def _target(properties: Element | None, relations: Mapping[str, Relation]) -> str:
    link = properties.find("hlinkClick") if properties is not None else None
    relation = relations.get(attribute(link, "id")) if link is not None else None
    return relation.path if relation and relation.is_external else ""
