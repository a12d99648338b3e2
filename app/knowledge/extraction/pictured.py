"""PDFs and pictures: those whose text may have to be recognised."""

from typing import Literal

from app.domain.file_text import FileText
from app.knowledge.extraction.pdf.layout import to_markdown
from app.knowledge.extraction.pdf.reader import read_pdf
from app.knowledge.extraction.pdf.regions import blocks
from app.knowledge.extraction.pdf.rows import rows
from app.knowledge.extraction.pdf.rules import NO_RULES
from app.knowledge.extraction.pdf.scans import Recognise
from app.knowledge.extraction.problems import Problem, ProblemError
from app.knowledge.extraction.request import MOST_PICTURES, Request

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"RIFF")


def read_pdf_or_picture(data: bytes, request: Request) -> FileText:
    """The Markdown of a file; raises `ProblemError`."""
    recognised, warning = False, None

    def recogniser(pictures: int) -> Recognise:
        from app.knowledge.extraction.recognition import Recogniser  # noqa: PLC0415 - most PDFs have text

        nonlocal recognised
        program = Recogniser(request.tesseract, request.seconds)
        program.announce(pictures)
        recognised = True
        return program.pages

    if request.ending == ".pdf":
        text, warning = read_pdf(data, recogniser)
    elif data.startswith(_SIGNATURES):
        pages = recogniser(pages_of_tiff(data))(data)
        text = to_markdown([list(blocks(rows(page, NO_RULES), NO_RULES)) for page in pages])
    else:
        raise ProblemError(Problem.BROKEN, "no picture")
    if recognised and not any(map(str.isalnum, text)):
        raise ProblemError(Problem.NOTHING_RECOGNISED)
    return FileText(text, warning)


def pages_of_tiff(data: bytes) -> int:
    """How many pages a TIFF has (https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf); 1 for others.

    Raises `ProblemError` where one of them begins beyond the end of the file.
    """
    if data[:4] not in {b"II*\x00", b"MM\x00*"}:
        return 1
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    place, pages = int.from_bytes(data[4:8], order), 0
    while place and pages <= MOST_PICTURES:
        if place + 2 > len(data):
            raise ProblemError(Problem.BROKEN, "a cut TIFF")
        pages += 1
        after = place + 2 + 12 * int.from_bytes(data[place : place + 2], order)
        place = int.from_bytes(data[after : after + 4], order)
    return max(1, pages)
