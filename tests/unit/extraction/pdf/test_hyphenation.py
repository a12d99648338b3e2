"""Words that are hyphenated at the end of a line are joined."""

import pytest

from tests.fakes.pdf_files import paragraph, story
from tests.unit.extraction.pdf.reading import read


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("a informa-<br/>ção certa", "a informação certa"),
        ("um guarda-<br/>chuva preto", "um guarda-chuva preto"),
        ("vendê-<br/>lo hoje", "vendê-lo hoje"),
        ("o bem-estar, ou bem-<br/>estar", "o bem-estar, ou bem-estar"),
        ("segunda-<br/>feira", "segunda-feira"),
        ("de 10-<br/>20 dias", "de 10-20 dias"),
    ],
)
def test_words_are_joined_over_the_end_of_a_line(broken: str, whole: str) -> None:
    assert read(story(paragraph(broken))) == [whole]
