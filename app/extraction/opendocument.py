"""What OpenDocument texts and workbooks (ODF 1.3, part 3) have in common: XML whose text needs some care."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from app.extraction.archives import DAMAGE
from app.extraction.inline_text import raised_as_meant
from app.extraction.links import with_target
from app.extraction.problems import Problem, ProblemError
from app.extraction.running_headers import running_lines
from app.extraction.xml_parts import attribute, elements

_SPACES = {"tab": " ", "line-break": "\n"}
_LEFT_OUT = {
    *("annotation", "annotation-end", "note-citation", "tracked-changes", "table-of-content", "hidden-text"),
    *("hidden-paragraph", "ruby-text"),
}
_RUNNING = ("header", "footer")
_MOST_SPACES = 100
_RAISED = re.compile("\ue000([^\ue000\ue001]*)\ue001")


class OpenDocument:
    """An opened file that passed `check_archive`; `unread` names the parts that are damaged."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._raised: set[str] = set()
        self._hidden: set[str] = set()
        self.unread: list[str] = []

    def content(self, kind: str) -> Iterator[tuple[str, Element]]:
        """The elements of a document of this kind, as in `elements`, up to where it is damaged.

        Those that end hold only what a reader sees. Raises `ProblemError` for a document of another kind.
        """
        inside = ""
        for event, element in self._elements("content.xml"):
            if inside == "body" and element.tag not in {kind, inside}:
                raise ProblemError(Problem.BROKEN, f"{element.tag}, not {kind}")
            inside = element.tag if event == "start" else ""
            yield event, element

    def running_lines(self) -> list[str]:
        """The lines in the headers and footers of pages."""
        texts = [
            text_of(element)
            for event, element in self._elements("styles.xml")
            if event == "end" and element.tag.startswith(_RUNNING)
        ]
        return running_lines(line for text in texts for line in text.splitlines())

    def _elements(self, path: str) -> Iterator[tuple[str, Element]]:
        try:
            for event, element in elements(self._archive, path):
                if event == "end":
                    self._make_readable(element)
                yield event, element
        except (ParseError, *DAMAGE):
            self.unread.append(path)

    def _make_readable(self, element: Element) -> None:
        tag = element.tag
        if tag == "style":
            self._note_style(element)
        elif tag in _LEFT_OUT or (tag in {"span", "p", "h"} and attribute(element, "style-name") in self._hidden):
            _become(element, "")
        elif tag in _SPACES:
            element.text = _SPACES[tag]
        elif tag == "s":
            element.text = " " * min(spanned(element, "c"), _MOST_SPACES)
        elif tag == "note-body":
            _become(element, f" ({' '.join(text_of(element).split())})")
        elif tag == "a":
            _become(element, with_target("".join(element.itertext()), attribute(element, "href")))
        elif tag == "span" and attribute(element, "style-name") in self._raised:
            _become(element, f"\ue000{''.join(element.itertext())}\ue001")
        elif tag in {"p", "h"}:
            element.append(_line_end())

    def _note_style(self, style: Element) -> None:
        for properties in style.iter("text-properties"):
            if attribute(properties, "text-position").startswith("super"):
                self._raised.add(attribute(style, "name"))
            if attribute(properties, "display") == "none":
                self._hidden.add(attribute(style, "name"))


def text_of(element: Element) -> str:
    """All text in an element that has ended; each paragraph and each break begins a line."""
    text = _RAISED.sub(_meant, "".join(element.itertext()))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def spanned(element: Element, name: str) -> int:
    """How many rows or columns an element stands for or reaches over."""
    number = attribute(element, name, "1")
    return max(1, int(number)) if number.isdecimal() and len(number) < 10 else 1


def _meant(raised: re.Match[str]) -> str:
    return raised_as_meant(raised.string[max(0, raised.start() - 24) : raised.start()], raised[1])


def _become(element: Element, text: str) -> None:
    after = element.tail  # is there already: the parser is ahead of its events
    element.clear()
    element.text, element.tail = text, after


def _line_end() -> Element:
    end = Element("line-break")
    end.text = "\n"
    return end
