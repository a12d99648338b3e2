"""What OpenDocument texts and workbooks (ODF 1.3, part 3) have in common: XML whose text needs some care."""

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from app.extraction.running_headers import running_lines
from app.extraction.xml_parts import attribute, elements

_SPACES = {"tab": " ", "line-break": "\n"}
_LEFT_OUT = {"annotation", "annotation-end", "note-citation", "tracked-changes", "table-of-content"}
_ELSEWHERE = ("http://", "https://", "mailto:")
_MARGINS = ("header", "footer")
_MOST_SPACES = 100


def content(data: bytes, kind: str) -> Iterator[tuple[str, Element]]:
    """The elements of a document of this kind, as in `elements`; those that end hold only what a reader sees."""
    inside = ""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for event, element in elements(archive, "content.xml"):
            if inside == "body" and element.tag not in {kind, inside}:
                raise ValueError(f"{element.tag}, not {kind}")
            inside = element.tag if event == "start" else ""
            if event == "end":
                _make_readable(element)
            yield event, element


def margins(data: bytes) -> list[str]:
    """The lines in the headers and footers of pages."""
    texts: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for event, element in elements(archive, "styles.xml"):
            if event == "end":
                _make_readable(element)
                if element.tag.startswith(_MARGINS):
                    texts.append(text_of(element))
    return running_lines(line for text in texts for line in text.splitlines())


def text_of(element: Element) -> str:
    """All text in an element that has ended; each paragraph and each break begins a line."""
    lines = "".join(element.itertext()).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def spanned(element: Element, name: str) -> int:
    """How many rows or columns an element stands for or reaches over."""
    number = attribute(element, name, "1")
    return max(1, int(number)) if number.isdigit() else 1


def _make_readable(element: Element) -> None:
    if element.tag in _LEFT_OUT:
        _become(element, "")
    elif element.tag in _SPACES:
        element.text = _SPACES[element.tag]
    elif element.tag == "s":
        element.text = " " * min(spanned(element, "c"), _MOST_SPACES)
    elif element.tag == "note-body":
        _become(element, f" ({' '.join(text_of(element).split())})")
    elif element.tag == "a" and attribute(element, "href").startswith(_ELSEWHERE):
        _become(element, f"[{' '.join(text_of(element).split())}]({attribute(element, 'href')})")
    elif element.tag in {"p", "h"}:
        element.append(_line_end())


def _become(element: Element, text: str) -> None:
    after = element.tail  # is there already: the parser is ahead of its events
    element.clear()
    element.text, element.tail = text, after


def _line_end() -> Element:
    end = Element("line-break")
    end.text = "\n"
    return end
