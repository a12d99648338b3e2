"""Word documents become Markdown."""

import posixpath
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Literal
from xml.etree.ElementTree import Element

from app.domain.file_text import FileText
from app.extraction.charts import chart_to_block, diagram_to_blocks
from app.extraction.docx.body import Body
from app.extraction.docx.numbering import ListNumbers
from app.extraction.docx.paragraphs import Context
from app.extraction.docx.styles import read_styles
from app.extraction.office_package import OfficePackage, path_of
from app.extraction.plain_tables import with_lines_for_tables
from app.extraction.problems import Problem, ProblemError
from app.extraction.running_headers import running_lines
from app.extraction.text_blocks import TextBlock, blocks_to_line, blocks_to_markdown
from app.extraction.warning_text import named
from app.extraction.xml_parts import attribute

_USUAL_PATH = "word/document.xml"
_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}
_FEWEST_TABS = 2
_ENDINGS = {"html": ".html", "htm": ".html", "xhtml": ".html", "mht": ".eml", "rtf": ".rtf", "docx": ".docx"}

ReadOther = Callable[[bytes, str], FileText]


def read_docx(data: bytes, read_other: ReadOther) -> FileText:
    """The Markdown of a document that passed `check_archive`; raises `ProblemError`.

    `read_other` reads documents of other formats inside it, by their bytes and ending. The warning names the parts
    that could not be read.
    """
    document = _Document(OfficePackage(data), read_other)
    text = document.text()
    unread = document.package.unread
    if not text.strip() and unread:
        raise ProblemError(Problem.BROKEN, named(unread))
    return FileText(text, f"Parts of the document that could not be read: {named(unread)}." if unread else None)


class _Document:
    def __init__(self, package: OfficePackage, read_other: ReadOther) -> None:
        self.package = package
        self._read_other = read_other
        self._path = package.main_part() or _USUAL_PATH
        self._relations = package.relations(self._path)
        self._styles = read_styles(self._tree("styles"))
        self._numbers = ListNumbers(self._tree("numbering"))

    def text(self) -> str:
        root = self.package.tree(self._path)
        if root is None or root.tag != "document":
            raise ProblemError(Problem.BROKEN, f"no document in {self._path}")
        notes = {key: note for kind in _NOTES for key, note in self._notes(kind)}
        body = Body(Context(self._styles, notes, self._relations), self._numbers, self._read_part)
        blocks = [block for part in root if part.tag == "body" for block in body.blocks(part)]
        return "\n\n".join([blocks_to_markdown(_with_tabbed_tables(blocks)), *self._running_lines()])

    def _tree(self, kind: str) -> Element | None:
        path = path_of(kind, self._relations.values())
        return self.package.tree(path) if path else None

    def _notes(self, kind: str) -> Iterator[tuple[tuple[str, str], str]]:
        root = self._tree(kind)
        for note in root.iter(_NOTES[kind]) if root is not None else ():
            text = blocks_to_line(list(self._body_of(path_of(kind, self._relations.values())).blocks(note)))
            if text and not attribute(note, "type"):  # others are lines between notes and text
                yield (_NOTES[kind], attribute(note, "id")), text

    def _body_of(self, path: str) -> Body:
        context = Context(self._styles, {}, self.package.relations(path))
        return Body(context, self._numbers, lambda *_: iter(()))

    def _running_lines(self) -> list[str]:
        paths = sorted(part.path for part in self._relations.values() if part.kind in {"header", "footer"})
        trees = ((path, self.package.tree(path)) for path in paths)
        blocks = [block for path, root in trees if root is not None for block in self._body_of(path).blocks(root)]
        return running_lines(line for block in blocks for line in block.text.splitlines())

    def _read_part(self, kind: Literal["altChunk", "chart", "diagramData"], name: str) -> Iterator[TextBlock]:
        relation = self._relations.get(name)
        if relation is None or relation.is_external:
            return
        if kind == "altChunk":
            yield from self._other_document(relation.path)
            return
        root = self.package.tree(relation.path)
        if root is not None:
            yield from [chart_to_block(root)] if kind == "chart" else diagram_to_blocks(root)

    def _other_document(self, path: str) -> Iterator[TextBlock]:
        data = self.package.content(path)
        ending = _ENDINGS.get(posixpath.splitext(path)[1].lower().removeprefix("."), ".txt")
        try:
            text, warning = self._read_other(data, ending)
        except ProblemError:
            self.package.unread.append(path)
            return
        self.package.unread.extend([path] if warning else [])
        yield TextBlock("paragraph", text)


def _with_tabbed_tables(blocks: list[TextBlock]) -> Iterator[TextBlock]:
    """Paragraphs with columns made by tabs become the rows of a table, other tabs spaces."""

    def is_tabbed(block: TextBlock) -> bool:
        return block.kind == "paragraph" and block.text.count("\t") >= _FEWEST_TABS

    for tabbed, group in groupby(blocks, key=is_tabbed):
        if tabbed:
            text = with_lines_for_tables("\n".join(block.text for block in group))
            yield TextBlock("rows", text.replace("\t", " "))
        else:
            yield from (block._replace(text=block.text.replace("\t", " ")) for block in group)
