"""What kreuzberg does not know of Word documents: how deep items are, lists made by a style, tabs, margins.

Each item and tab gets a sign that no text has, before kreuzberg reads the document, and becomes afterwards what it
stands for.
"""

import io
import re
import zipfile
from xml.etree.ElementTree import Element

from app.extraction.plain_tables import with_lines_for_tables
from app.extraction.running_headers import running_lines
from app.extraction.xml_parts import attribute, elements

_DOCUMENT = "word/document.xml"
_SIGNS = "".join(map(chr, range(0xE100, 0xE109)))
_TAB_SIGN = "\ue110"
_TAB = re.compile(rb"<w:tab\s*/>")
_HYPHEN = re.compile(rb"<w:noBreakHyphen\s*/>")
_BETWEEN_TABBED = re.compile(r"^((?:[^\t\n]*\t){2,}[^\t\n]*\n)\n(?=(?:[^\t\n]*\t){2})", re.MULTILINE)
_MARGIN = re.compile(r"word/(?:header|footer)\d*\.xml")
_PROPERTIES = re.compile(rb"<w:pPr>(.{0,5000}?)</w:pPr>", re.DOTALL)
_STYLE = re.compile(rb'<w:pStyle w:val="([^"]*)"')
_LEVEL = re.compile(rb'<w:ilvl w:val="([0-8])"')
_LIST = re.compile(rb'<w:numId w:val="[1-9]')
_NOT_HERE = re.compile(rb"<w:outlineLvl|<w:pPrChange")
_STYLE_OF_LIST = re.compile(r"List (?:Bullet|Number|Paragraph)(?: ([2-5]))?", re.IGNORECASE)
_ITEM = re.compile(rf"(?:[-*] )?(\d+[.)] )?([{_SIGNS}])(.*)")
_SIGN = re.compile(f"[{_SIGNS}]")


def with_signs(data: bytes) -> bytes:
    """The document with a sign for each item and tab, and without its pictures; as it is where there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _DOCUMENT not in archive.namelist():
            return data
        styles, text = _styles(archive), archive.read(_DOCUMENT)
        signed = _PROPERTIES.sub(lambda match: match[0] + _sign(match[1], styles), text)
        signed = _HYPHEN.sub(b"<w:t>-</w:t>", _TAB.sub(f"<w:t>{_TAB_SIGN}</w:t>".encode(), signed))
        if signed == text:
            return data
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as changed:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    changed.writestr(name, signed if name == _DOCUMENT else archive.read(name))
        return buffer.getvalue()


def with_items(markdown: str) -> str:
    """What kreuzberg made of it, with items that are indented and follow each other without empty lines."""
    lines: list[str] = []
    in_list = False
    for line in markdown.split("\n"):
        item = _ITEM.fullmatch(line)
        if item and in_list:
            while not lines[-1]:
                lines.pop()
        lines.append(f"{'  ' * _SIGNS.index(item[2])}{item[1] or '- '}{item[3]}" if item else _SIGN.sub("", line))
        in_list = bool(item) or (in_list and not line)
    return "\n".join(lines)


def with_tabs(markdown: str) -> str:
    """What kreuzberg made of it, with tables that are made by tabs as lines, and other tabs as spaces."""
    tabbed = re.sub(rf" ?{_TAB_SIGN} ?", "\t", markdown)
    return with_lines_for_tables(_BETWEEN_TABBED.sub(r"\1", tabbed)).replace("\t", " ")


def margins(data: bytes) -> list[str]:
    """The lines in the headers and footers of pages; raises `ParseError`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = sorted(filter(_MARGIN.fullmatch, archive.namelist()))
        paragraphs = [
            element
            for part in parts
            for event, element in elements(archive, part)
            if event == "end" and element.tag == "p"
        ]
    return running_lines(map(_text, paragraphs))


def _text(paragraph: Element) -> str:
    """That of its own: a box within it has paragraphs, too."""
    own = (part for part in paragraph if not any(inner.tag == "p" for inner in part.iter()))
    pieces = (piece for part in own for piece in part.iter() if piece.tag in {"t", "tab"})
    return "".join(" " if piece.tag == "tab" else piece.text or "" for piece in pieces)


def _styles(archive: zipfile.ZipFile) -> dict[bytes, int | None]:
    """How deep the items of a style are; None for headings."""
    styles: dict[bytes, int | None] = {}
    for event, element in elements(archive, "word/styles.xml"):
        if event == "end" and element.tag == "style":
            names = [attribute(name, "val") for name in element.iter("name")]
            match = _STYLE_OF_LIST.fullmatch(names[0]) if names else None
            key = attribute(element, "styleId").encode()
            if any(element.iter("outlineLvl")):
                styles[key] = None
            elif match and any(element.iter("numPr")):
                styles[key] = int(match[1] or 1) - 1
    return styles


def _sign(properties: bytes, styles: dict[bytes, int | None]) -> bytes:
    style, level = _STYLE.search(properties), _LEVEL.search(properties)
    depth = styles.get(style[1], -1) if style else -1
    if depth is None or _NOT_HERE.search(properties) or (depth < 0 and not _LIST.search(properties)):
        return b""
    sign = _SIGNS[max(depth, int(level[1]) if level else 0)]
    return f"<w:r><w:t>{sign}</w:t></w:r>".encode()
