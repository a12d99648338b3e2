"""Web pages (HTML) become Markdown: headings, paragraphs, lists and tables as lines."""

from lxml import etree

from app.domain.file_text import FileText
from app.extraction.archives import has_entity_bomb
from app.extraction.decoding import decode, is_text
from app.extraction.html_blocks import page_to_markdown
from app.extraction.problems import Problem, ProblemError
from app.extraction.warning_text import joined

_CUT_OFF = "The page is nested too deeply or too large: what follows line {line} of its source was not read."


def read_html(data: bytes, charset: str | None = None) -> FileText:
    """The Markdown of a page; raises `ProblemError`.

    `charset` is the encoding that those name who sent it; what the page itself names counts less.
    """
    if not is_text(data):
        raise ProblemError(Problem.BROKEN, "HTML that is no text")
    if has_entity_bomb(data):
        raise ProblemError(Problem.TOO_COMPLICATED, "entities made of entities")
    page, warning = decode(data, charset or _declared_charset(data))
    text, cut_off = html_to_text(page)
    if cut_off and not any(map(str.isalnum, text)):
        raise ProblemError(Problem.TOO_NESTED, cut_off)
    return FileText(text, joined(warning, cut_off))


def html_to_text(page: str) -> tuple[str, str | None]:
    """The Markdown of a page or a part of one, and a sentence where the end of it could not be read."""
    # Bytes, as a declared encoding in a str is an error. Libxml2 fetches nothing and knows no entities in HTML; it
    # stops at 256 elements inside each other and at texts of 10 million bytes.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing but comments, say
        root = None
    if any(error.type == etree.ErrorTypes.ERR_NO_MEMORY for error in parser.error_log):
        raise MemoryError("libxml2")
    stopped = [error for error in parser.error_log if error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT]
    cut_off = _CUT_OFF.format(line=stopped[0].line) if stopped else None
    return ("" if root is None else page_to_markdown(root)), cut_off


def _declared_charset(data: bytes) -> str | None:
    """That of <meta charset="…"> or <meta http-equiv=content-type content="…">, in the first kilobyte."""
    try:
        root = etree.fromstring(data[:1024], etree.HTMLParser(encoding="iso-8859-1", no_network=True))
    except etree.XMLSyntaxError:
        return None
    for meta in root.iter("meta") if root is not None else ():
        content = meta.get("content", "").lower()
        charset = meta.get("charset") or content.partition("charset=")[2]
        if charset:
            return str(charset).strip("\"' ;")
    return None
