"""PDFs and images: documents that may need OCR."""

from app.domain.file_text import FileText
from app.extraction.pdf.page_blocks import page_blocks
from app.extraction.pdf.paragraphs import to_markdown
from app.extraction.pdf.reader import read_pdf
from app.extraction.pdf.scanned_pages import OcrEngine
from app.extraction.problems import Problem, ProblemError
from app.extraction.request import Request


def read_pdf_or_image(data: bytes, request: Request) -> FileText:
    """The Markdown of a PDF or an image file; raises `ProblemError`."""
    used_ocr, warning = False, None

    def start_ocr(images: int) -> OcrEngine:
        from app.extraction.ocr.tesseract import Tesseract  # noqa: PLC0415 - most PDFs have text

        nonlocal used_ocr
        tesseract = Tesseract(request.tesseract, request.seconds)
        tesseract.announce(images)
        used_ocr = True
        return tesseract.read

    if request.ending == ".pdf":
        text, warning = read_pdf(data, start_ocr)
    else:
        from app.extraction.ocr.image_files import ImageFile  # noqa: PLC0415 - and need no Pillow

        image = ImageFile(data)
        pages = map(start_ocr(image.count), image.pages())
        text = to_markdown(list(map(page_blocks, pages)))
    if used_ocr and not any(map(str.isalnum, text)):
        raise ProblemError(Problem.NOTHING_RECOGNISED)
    return FileText(text, warning)
