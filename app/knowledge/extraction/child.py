"""The process in which a stranger's file is opened: `python -m app.knowledge.extraction.child REQUEST`.

REQUEST is the JSON of a `Request`. The last line of standard output is a JSON object: {"text": …}, or
{"problem": <name of a Problem>, "detail": <for the log>}. Parsers may crash or be killed; the parent expects that.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.knowledge.extraction import pdf_layout
from app.knowledge.extraction.archives import ZIPPED, check_archive
from app.knowledge.extraction.cleaning import clean
from app.knowledge.extraction.decoding import decode, is_text
from app.knowledge.extraction.limits import apply_limits, die_with
from app.knowledge.extraction.markdown import tidy, without_front_matter
from app.knowledge.extraction.problems import Problem, ProblemError

_MIME_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".epub": "application/epub+zip",
    ".html": "text/html",
    ".htm": "text/html",
}
_MOST_BYTES_PER_CHARACTER = 4
_PARSERS_OWN_FILES = 64 * 1024 * 1024
_SIGNS_OF_PASSWORD = ("password", "encrypt")
_SIGNS_OF_SIZE = ("limit", "exceed", "too large", "bomb", "too many", "depth")


@dataclass(frozen=True, slots=True)
class Request:
    """What a child is to read (`ending`: one of `SUPPORTED`), within which limits, and for whom."""

    path: str
    ending: str
    seconds: int
    memory_bytes: int
    max_characters: int
    parent: int


def read(path: Path, ending: str) -> str:
    """The clean text of a file; raises `ProblemError`."""
    if ending in ZIPPED:
        check_archive(path, ending)
    text = clean(_READERS.get(ending, _read_office)(path, ending))
    if not any(map(str.isalnum, text)):
        raise ProblemError(_problem_without_text(path, ending))
    return text


def _read_pdf(path: Path, ending: str) -> str:
    data = path.read_bytes()
    if b"%PDF-" not in data[:1024]:
        raise ProblemError(Problem.BROKEN, "no PDF header")
    lines = _kreuzberg(data, ending, "plain")
    return pdf_layout.rebuild(lines, _kreuzberg(data, ending, "markdown")) if lines.strip() else ""


def _read_html(path: Path, ending: str) -> str:
    data = path.read_bytes()
    if not is_text(data):
        raise ProblemError(Problem.BROKEN, "HTML that is no text")
    # Djot sets the page's metadata apart; in kreuzberg's Markdown it becomes a heading of the text.
    return tidy(without_front_matter(_kreuzberg(decode(data).encode("utf-8", "replace"), ending, "djot")))


def _read_office(path: Path, ending: str) -> str:
    markdown = _kreuzberg(path.read_bytes(), ending, "markdown")
    return tidy(markdown, spreadsheet=ending == ".xlsx")


_READERS = {".pdf": _read_pdf, ".html": _read_html, ".htm": _read_html}


def _kreuzberg(data: bytes, ending: str, output_format: str) -> str:
    import kreuzberg  # noqa: PLC0415 - after the limits are set

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


def _problem_without_text(path: Path, ending: str) -> Problem:
    if ending != ".pdf":
        return Problem.NO_TEXT
    return Problem.ONLY_PICTURES if b"%%EOF" in path.read_bytes()[-2048:] else Problem.BROKEN


def main(request: Request) -> dict[str, Any]:
    """Limit this process, read the file, say how it went."""
    die_with(request.parent)
    apply_limits(
        memory_bytes=request.memory_bytes,
        seconds=request.seconds,
        file_bytes=request.max_characters * _MOST_BYTES_PER_CHARACTER + _PARSERS_OWN_FILES,
    )
    try:
        text = read(Path(request.path), request.ending)
        if len(text) > request.max_characters:
            raise ProblemError(Problem.TOO_MUCH_TEXT)
        return {"text": text}
    except ProblemError as error:
        return {"problem": error.problem.name, "detail": error.detail[:500]}
    except (MemoryError, RecursionError) as error:
        return {"problem": Problem.TOO_COMPLICATED.name, "detail": repr(error)[:500]}


if __name__ == "__main__":
    answer = json.dumps(main(Request(**json.loads(sys.argv[1]))), ensure_ascii=False)
    sys.stdout.buffer.write(b"\n" + answer.encode("utf-8", "replace"))
