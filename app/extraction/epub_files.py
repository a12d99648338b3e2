"""Electronic books (EPUB 3.3): their chapters in reading order, each of them a web page."""

import posixpath
from urllib.parse import unquote

from app.domain.file_text import FileText
from app.extraction.html_files import read_html
from app.extraction.office_package import OfficePackage
from app.extraction.problems import Problem, ProblemError
from app.extraction.warning_text import joined, named
from app.extraction.xml_parts import attribute

_CONTAINER = "META-INF/container.xml"
_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}


def read_epub(data: bytes) -> FileText:
    """The Markdown of a book that passed `check_archive`; raises `ProblemError`.

    The warning names chapters that are damaged or missing.
    """
    package = OfficePackage(data)
    texts: list[str] = []
    warnings: list[str | None] = []
    problem: ProblemError | None = None
    for path in _chapters(package):
        content = package.content(path)
        try:
            text, warning = read_html(content)
        except ProblemError as error:
            problem = problem or error
            package.unread.extend([path] if content else [])
            continue
        texts.append(text)
        warnings.append(f"{path}: {warning}" if warning else None)
    if not any(texts) and (problem or package.unread):
        raise problem or ProblemError(Problem.BROKEN, named(package.unread))
    unread = f"Chapters that could not be read: {named(package.unread)}." if package.unread else None
    return FileText("\n\n".join(filter(None, texts)), joined(unread, *warnings[:1]))


def _chapters(package: OfficePackage) -> list[str]:
    """The paths of the pages in the spine; navigation documents are none of them, unless they are in it."""
    container = package.tree(_CONTAINER)
    roots = list(container.iter("rootfile")) if container is not None else []
    path = attribute(roots[0], "full-path") if roots else ""
    book = package.tree(path) if path else None
    if book is None:
        raise ProblemError(Problem.BROKEN, "no package document")
    items = {attribute(item, "id"): item for item in book.iter("item")}
    chapters = [items[name] for name in (attribute(ref, "idref") for ref in book.iter("itemref")) if name in items]
    folder = posixpath.dirname(path)
    return [
        posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href")))).lstrip("/")
        for item in chapters
        if attribute(item, "media-type") in _PAGES
    ]
