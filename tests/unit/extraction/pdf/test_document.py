"""PDFs of which some pages cannot be read, or that say a wrong number of pages."""

import pytest

from app.extraction.pdf.document import warning_of_unreadable
from app.extraction.pdf.reader import read_pdf
from app.extraction.pdf.scanned_pages import OcrEngine
from app.extraction.problems import Problem, ProblemError
from tests.fakes import pdf_files

PDF = pdf_files.lines(*[[(60, 0, f"Texto {name}.")] for name in ("um", "dois", "três")])


ALL = ["Texto um.", "Texto dois.", "Texto três."]


def no_ocr(images: int) -> OcrEngine:
    raise AssertionError("there is text")


@pytest.mark.parametrize(
    ("data", "lines", "warning"),
    [
        (pdf_files.without_page(PDF, 1), ["Texto um.", "Texto três."], "Page 2 of 3 could not be read."),
        (pdf_files.with_count(PDF, 1), ALL, None),
        (
            pdf_files.with_count(PDF, 5),
            ALL,
            "Pages 4-5 of 5 could not be read.",
        ),
        (
            pdf_files.with_count(PDF, 900_000),
            ALL,
            "Pages 4-900000 of 900000 could not be read.",
        ),
    ],
    ids=["a page is missing", "more pages than said", "fewer pages than said", "far fewer"],
)
def test_what_can_be_read_is_read(data: bytes, lines: list[str], warning: str | None) -> None:
    text = read_pdf(data, no_ocr)

    assert (text.text.splitlines(), text.warning) == (lines, warning)


def test_a_file_without_any_readable_page_is_broken() -> None:
    with pytest.raises(ProblemError) as error:
        read_pdf(pdf_files.without_page(pdf_files.lines([(60, 0, "Texto.")]), 0), no_ocr)

    assert error.value.problem == Problem.BROKEN


def test_the_warning_names_some_pages() -> None:
    assert warning_of_unreadable([1, 2, 3, 7], 9) == "Pages 2-4, 8 of 9 could not be read."
    assert warning_of_unreadable([1, 3, 5, 7, 9, 11], 20) == "Pages 2, 4, 6, 8, 10, … of 20 could not be read."
    assert warning_of_unreadable([], 9) is None
