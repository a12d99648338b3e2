"""The process in which a stranger's file is opened: `python -m app.extraction.worker REQUEST`.

REQUEST is the JSON of a `Request`. The last line of standard output is a JSON object: that of a `FileText`, or
{"problem": <name of a Problem>, "detail": <for the log>}. Parsers may crash or be killed; `sandbox` expects that.
What a format needs is imported after the limits are set, and only for that format: it is most of the start-up.
"""

import json
import os
import sys
from collections.abc import Callable

from app.domain.disk_full import is_disk_full
from app.domain.file_text import FileText
from app.extraction.formats import PICTURES, TEXT_FORMATS
from app.extraction.limits import apply_limits, die_with
from app.extraction.problems import Problem, ProblemError
from app.extraction.request import EXIT_DISK_FULL, Request

_MOST_BYTES_PER_CHARACTER = 4
_PARSERS_OWN_FILES = 64 * 1024 * 1024


def read(data: bytes, request: Request) -> FileText:
    """The clean text in the bytes of a file; raises `ProblemError`."""
    if request.ending in TEXT_FORMATS:
        from app.extraction.text_files import read_text

        return read_text(data, request.ending, request.max_characters)
    from app.extraction.cleaning import clean

    markdown, warning = _markdown(data, request)
    text = clean(markdown)
    if not any(map(str.isalnum, text)):
        raise ProblemError(Problem.NOTHING_RECOGNISED if request.ending in PICTURES else Problem.NO_TEXT)
    if len(text) > request.max_characters:
        raise ProblemError(Problem.TOO_MUCH_TEXT)
    return FileText(text, warning)


def _markdown(data: bytes, request: Request) -> FileText:
    ending = request.ending

    def read_inside(part: bytes, ending: str) -> FileText:
        """Documents in documents; in these no text is recognised in pictures."""
        return read(part, request._replace(ending=ending, tesseract=""))

    if ending == ".pdf" or ending in PICTURES:
        from app.extraction.ocr.documents import read_pdf_or_image

        return read_pdf_or_image(data, request)
    if ending == ".eml":
        from app.extraction.mail import read_mail

        return read_mail(data, read_inside)
    if ending in {".html", ".htm"}:
        from app.extraction.html_files import read_html

        return read_html(data)
    if ending == ".rtf":
        from app.extraction.rtf.reader import read_rtf

        return read_rtf(data)
    return _zipped(data, ending, read_inside)


def _zipped(data: bytes, ending: str, read_inside: Callable[[bytes, str], FileText]) -> FileText:
    from app.extraction.archives import check_archive

    check_archive(data, ending)
    if ending == ".docx":
        from app.extraction.docx.reader import read_docx

        return read_docx(data, read_inside)
    if ending == ".pptx":
        from app.extraction.pptx_files import read_pptx

        return read_pptx(data)
    if ending == ".epub":
        from app.extraction.epub_files import read_epub

        return read_epub(data)
    if ending == ".odt":
        from app.extraction.odt_files import read_odt

        return read_odt(data)
    from app.extraction.sheets.reader import read_sheets

    return read_sheets(data, ending)


def main(request: Request) -> dict[str, str | None]:
    """Limit this process, read the file, say how it went."""
    die_with(request.parent)
    apply_limits(
        memory_bytes=request.memory_bytes,
        seconds=request.seconds,
        file_bytes=request.max_characters * _MOST_BYTES_PER_CHARACTER + _PARSERS_OWN_FILES,
    )
    try:
        with os.fdopen(request.descriptor, "rb") as file:
            data = file.read()
        return read(data, request)._asdict()
    except ProblemError as error:
        return {"problem": error.problem.name, "detail": error.detail[:500]}
    except RecursionError:
        return {"problem": Problem.TOO_NESTED.name, "detail": ""}
    except OSError as error:
        if not is_disk_full(error):
            raise
        return {"problem": Problem.DISK_FULL.name, "detail": repr(error)}
    except MemoryError as error:
        return {"problem": Problem.TOO_COMPLICATED.name, "detail": repr(error)[:500]}


def _answer(request: Request) -> int:
    """Write what `main` says to standard output; the exit code."""
    answer = json.dumps(main(request), ensure_ascii=False).encode("utf-8", "replace")
    try:
        sys.stdout.buffer.write(b"\n" + answer)
        sys.stdout.buffer.flush()
    except OSError as error:
        return EXIT_DISK_FULL if is_disk_full(error) else 1
    return 0


if __name__ == "__main__":
    os._exit(_answer(Request(*json.loads(sys.argv[1]))))  # nothing is left to be tidied up
