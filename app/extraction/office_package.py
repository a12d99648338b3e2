"""The parts of an Office file (ECMA-376, part 2), found by their relationships: their names are free."""

import io
import posixpath
import zipfile
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from app.extraction.archives import DAMAGE
from app.extraction.xml_parts import attribute, elements


class Relation(NamedTuple):
    """What a part is to the one that names it ("worksheet"), and its path, or its address where it is elsewhere."""

    kind: str
    path: str
    is_external: bool


class OfficePackage:
    """An opened file that passed `check_archive`; `unread` names the parts that are damaged or missing."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.unread: list[str] = []

    def main_part(self) -> str:
        """The path of the document itself, "" where there is none."""
        return path_of("officeDocument", self.relations().values())

    def relations(self, path: str = "") -> dict[str, Relation]:
        """Those of a part, or of the whole file, by their ids; none where these are damaged."""
        try:
            return relations(self.archive, path)
        except (ParseError, ValueError, *DAMAGE):
            self.unread.append(path or "_rels")
            return {}

    def tree(self, path: str) -> Element | None:
        """The root of a part's XML, or as much as there is before it is damaged; names come without namespaces."""
        root: Element | None = None
        try:
            for _, element in elements(self.archive, path):
                root = element if root is None else root
        except (ParseError, ValueError, *DAMAGE):
            self.unread.append(path)
        return root

    def content(self, path: str) -> bytes:
        """The bytes of a part, b"" where it is damaged or missing."""
        try:
            return self.archive.read(path)
        except (KeyError, ValueError, *DAMAGE):
            self.unread.append(path)
            return b""


def relations(archive: zipfile.ZipFile, path: str = "") -> dict[str, Relation]:
    """The relations of a part, or of the whole file, by their ids."""
    folder, name = posixpath.split(path)
    found: dict[str, Relation] = {}
    for event, element in elements(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if event == "start" and element.tag == "Relationship":
            target, is_external = attribute(element, "Target"), attribute(element, "TargetMode") == "External"
            inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = attribute(element, "Type").rpartition("/")[2]
            found[attribute(element, "Id")] = Relation(kind, target if is_external else inside, is_external)
    return found


def path_of(kind: str, parts: Iterable[Relation]) -> str:
    """The path of the first part of a kind, "" where there is none."""
    return next((part.path for part in parts if part.kind == kind and not part.is_external), "")
