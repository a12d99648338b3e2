"""Which pages need OCR."""

from tests.fakes import files, pdf_files
from tests.unit.extraction.pdf.reading import read


def test_texts_on_the_backgrounds_of_slides_are_no_stamps() -> None:
    background = pdf_files.scan(files.pdf(""))
    slides = [pdf_files.stamped(background, f"Produto {number}: R$ {number},90") for number in range(1, 4)]

    assert read(pdf_files.merged(*slides)) == [f"Produto {number}: R$ {number},90" for number in range(1, 4)]
