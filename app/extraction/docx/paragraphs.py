"""The text of a paragraph of a Word document as it is shown: with insertions, without deletions and hidden text."""

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from app.extraction.docx.styles import Style, is_on
from app.extraction.inline_text import InlineText
from app.extraction.links import with_target
from app.extraction.office_package import Relation
from app.extraction.xml_parts import attribute, chosen

_NOT_SHOWN = {
    *("del", "moveFrom", "delText", "instrText", "delInstrText", "commentReference", "annotationRef", "rt"),
    *("pPr", "rPr", "sdtPr", "sdtEndPr", "fldData", "ffData", "rubyPr"),
}
_SIGNS = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-", "br": "\n", "cr": "\n"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_DRAWINGS = {"drawing", "pict", "object"}


class Context(NamedTuple):
    """What paragraphs refer to: styles by id, notes by kind and id, relations of their part by id."""

    styles: Mapping[str, Style]
    notes: Mapping[tuple[str, str], str]
    relations: Mapping[str, Relation]


class ParagraphText(NamedTuple):
    """A paragraph's text, with tabs, and the drawings anchored in it."""

    text: str
    drawings: list[Element]


def read_paragraph(paragraph: Element, context: Context) -> ParagraphText:
    """What is shown of a paragraph."""
    reader = _Reader(context)
    reader.read(paragraph)
    lines = reader.line.take().split("\n")
    return ParagraphText("\n".join(_tidy(line) for line in lines).strip(), reader.drawings)


class _Reader:
    def __init__(self, context: Context) -> None:
        self._context = context
        self.line = InlineText()
        self.drawings: list[Element] = []

    def read(self, element: Element, *, raised: bool = False) -> None:
        for child in chosen(element):
            self._take(child, raised)

    def _take(self, element: Element, raised: bool) -> None:
        tag = element.tag
        if tag in _NOT_SHOWN:
            return
        if tag == "t":
            self.line.add("".join(element.itertext()), raised=raised)
        elif tag in _SIGNS:
            self.line.add(_SIGNS[tag] if attribute(element, "type") in {"", "textWrapping"} else " ")
        elif tag in _NOTES:
            note = self._context.notes.get((_NOTES[tag], attribute(element, "id")))
            self.line.add(f" ({note})" if note else "")
        elif tag in _DRAWINGS:
            self.drawings.append(element)
        elif tag == "r":
            if not self._is_hidden(element):
                self.read(element, raised=raised or _is_raised(element))
        elif tag == "hyperlink":
            self._read_link(element)
        elif tag == "f":  # a fraction of a formula
            self._read_fraction(element)
        elif tag == "sup":
            self.read(element, raised=True)
        elif tag != "sdt" or not is_on(element.find("sdtPr"), "showingPlcHdr"):
            self.read(element, raised=raised)

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find("rPr")
        style = properties.find("rStyle") if properties is not None else None
        known = self._context.styles.get(attribute(style, "val")) if style is not None else None
        if properties is not None and properties.find("vanish") is not None:
            return is_on(properties, "vanish")
        return known is not None and known.is_hidden

    def _read_link(self, element: Element) -> None:
        relation = self._context.relations.get(attribute(element, "id"))
        inner = _Reader(self._context)
        inner.read(element)
        self.drawings.extend(inner.drawings)
        text = inner.line.take()
        self.line.add(with_target(text, relation.path if relation and relation.is_external else ""))

    def _read_fraction(self, element: Element) -> None:
        for part in element:
            if part.tag == "den":
                self.line.add("/")
            self.read(part)


def _is_raised(run: Element) -> bool:
    properties = run.find("rPr")
    node = properties.find("vertAlign") if properties is not None else None
    return node is not None and attribute(node, "val") == "superscript"


def _tidy(line: str) -> str:
    return "\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip()
