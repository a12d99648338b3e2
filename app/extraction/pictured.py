"""PDFs and pictures: those whose text may have to be recognised."""

from app.domain.file_text import FileText
from app.extraction.pdf.layout import to_markdown
from app.extraction.pdf.reader import read_pdf
from app.extraction.pdf.regions import blocks
from app.extraction.pdf.rows import rows
from app.extraction.pdf.rules import NO_RULES
from app.extraction.pdf.scans import Recognise
from app.extraction.problems import Problem, ProblemError
from app.extraction.request import Request


def read_pdf_or_picture(data: bytes, request: Request) -> FileText:
    """The Markdown of a file; raises `ProblemError`."""
    recognised, warning = False, None

    def recogniser(pictures: int) -> Recognise:
        from app.extraction.recognition import Recogniser  # noqa: PLC0415 - most PDFs have text

        nonlocal recognised
        program = Recogniser(request.tesseract, request.seconds)
        program.announce(pictures)
        recognised = True
        return program.runs

    if request.ending == ".pdf":
        text, warning = read_pdf(data, recogniser)
    else:
        from app.extraction.pictures import Picture  # noqa: PLC0415 - and need no Pillow

        picture = Picture(data)
        pages = map(recogniser(picture.count), picture.pages())
        text = to_markdown([list(blocks(rows(page, NO_RULES), NO_RULES)) for page in pages])
    if recognised and not any(map(str.isalnum, text)):
        raise ProblemError(Problem.NOTHING_RECOGNISED)
    return FileText(text, warning)
