"""List markers that are drawn separately are joined to their text."""

import pytest

from tests.fakes.pdf_files import lines
from tests.unit.extraction.pdf.reading import read


@pytest.mark.parametrize("mark", ["•", "o)", "1."])
def test_marks_of_lists_may_be_drawn_by_themselves(mark: str) -> None:
    texts = ["RG e CPF", "Comprovante de residência", "Atestado médico"]
    places = [place for n, text in enumerate(texts) for place in ((60, 14 * n, mark), (78, 14 * n, text))]

    assert read(lines([(60, -30, "Documentos"), *places])) == ["Documentos", *(f"{mark} {text}" for text in texts)]
