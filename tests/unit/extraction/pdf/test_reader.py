"""Whole PDFs."""

from tests.fakes import files, pdf_files
from tests.fakes.pdf_files import story, table
from tests.unit.extraction.pdf.reading import NAMED, PRICES, read


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    assert read(pdf_files.on_its_side(story(table(PRICES)))) == NAMED


def test_pages_without_anything_give_nothing() -> None:
    assert read(files.pdf("")) == []
    assert pdf_files.scan(files.pdf("texto")).startswith(b"%PDF")
