"""How the parts of an Office file are found (ECMA-376, part 2, 9.3): by what they are, for names are free."""

import posixpath
import zipfile
from typing import NamedTuple

from app.extraction.xml_parts import attribute, elements


class Relation(NamedTuple):
    """What a part is to the one that names it ("worksheet"), and its path."""

    kind: str
    path: str


def relations(archive: zipfile.ZipFile, path: str = "") -> dict[str, Relation]:
    """Those of a part, or of the whole file, by their ids."""
    folder, name = posixpath.split(path)
    return {
        attribute(element, "Id"): Relation(
            attribute(element, "Type").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, attribute(element, "Target"))).lstrip("/"),
        )
        for event, element in elements(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
        if event == "start" and element.tag == "Relationship"
    }
