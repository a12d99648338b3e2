"""Office documents, books and web pages; what is not read here is read by kreuzberg."""

import kreuzberg

from app.domain.file_text import FileText
from app.extraction import rtf
from app.extraction.archives import ZIPPED, check_archive
from app.extraction.docx.reader import ReadOther, read_docx
from app.extraction.markdown import tidy, without_front_matter
from app.extraction.odt_files import odt_to_lines
from app.extraction.problems import Problem, ProblemError
from app.extraction.sheets import SPREADSHEETS, read_sheets

_MIME_TYPES = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".epub": "application/epub+zip",
    ".rtf": "application/rtf",
}
_SIGNS_OF_PASSWORD = ("password", "encrypt")
_SIGNS_OF_SIZE = ("limit", "exceed", "too large", "bomb", "too many", "depth")


def read_office(data: bytes, ending: str, read_other: ReadOther) -> FileText:
    """The Markdown of a document; `read_other` reads those inside it; raises `ProblemError`."""
    if ending in ZIPPED:
        check_archive(data, ending)
    if ending == ".docx":
        return read_docx(data, read_other)
    if ending in SPREADSHEETS:
        return read_sheets(data, ending)
    return FileText(_text(data, ending))


def _text(data: bytes, ending: str) -> str:
    if ending == ".odt":
        return odt_to_lines(data)
    if ending == ".rtf":
        data = rtf.prepared(data)
    markdown = _kreuzberg(data, ending, "markdown")
    return tidy(without_front_matter(markdown) if ending == ".epub" else markdown)


def _kreuzberg(data: bytes, ending: str, output_format: str) -> str:
    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format=output_format,
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
        # What repeats on every page is often the phone number someone will ask for.
        content_filter=kreuzberg.ContentFilterConfig(
            include_headers=True, include_footers=True, strip_repeating_text=False
        ),
    )
    try:
        return str(kreuzberg.extract_bytes_sync(data, _MIME_TYPES[ending], config=config).content)
    except kreuzberg.KreuzbergError as error:
        raise ProblemError(_problem_in(str(error).lower()), str(error)) from error


def _problem_in(message: str) -> Problem:
    if any(sign in message for sign in _SIGNS_OF_PASSWORD):
        return Problem.ENCRYPTED
    # kreuzberg also calls it a limit that was exceeded when a zip entry cannot be read.
    if "invalid" not in message and any(sign in message for sign in _SIGNS_OF_SIZE):
        return Problem.TOO_COMPLICATED
    return Problem.BROKEN
