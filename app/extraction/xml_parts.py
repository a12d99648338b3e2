"""Reads the XML inside office files piece by piece; the elements' names come without their namespaces.

What defines entities by others is refused before (`archives`), and Expat fetches nothing from outside.
"""

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, iterparse


def elements(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, Element]]:
    """("start" or "end", element) for every element of a part; nothing where there is no such part.

    Raises `ParseError` where its XML is damaged, and what `zipfile` raises.
    """
    if path not in archive.namelist():
        return
    with archive.open(path) as part:
        try:
            for event, element in iterparse(part, events=("start", "end")):  # noqa: S314 - as above
                if event == "start":
                    element.tag = local(element.tag)
                yield event, element
        except LookupError as error:  # of an encoding
            raise ParseError(str(error)) from error


def attribute(element: Element, name: str, default: str = "") -> str:
    """The value of the attribute of this name, whatever its namespace."""
    if name in element.attrib:
        return element.attrib[name]
    return next((value for key, value in element.attrib.items() if local(key) == name), default)


def chosen(element: Element) -> Iterator[Element]:
    """The children of an element; of alternatives for programs of different age only the first that has any."""
    for child in element:
        if child.tag == "AlternateContent":
            choices = [choice for choice in child if choice.tag in {"Choice", "Fallback"} and len(choice)]
            yield from choices[0] if choices else ()
        else:
            yield child


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]
