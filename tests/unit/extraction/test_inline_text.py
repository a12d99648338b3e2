"""Raised letters and digits become what they stand for."""

import pytest

from app.extraction.inline_text import InlineText


@pytest.mark.parametrize(
    ("before", "raised", "after", "text"),
    [
        ("R$ 399", "90", " à vista", "R$ 399,90 à vista"),
        ("R$1.299", "90", "", "R$1.299,90"),
        ("R$ 5", ",90", "", "R$ 5,90"),
        ("10", "o", " andar", "10º andar"),
        ("1", "a", "", "1ª"),
        ("n", "os", " 1 e 2", "nºs 1 e 2"),
        ("50 m", "2", "", "50 m²"),
        ("10", "-3", "", "10⁻³"),
        ("grátis", "1", ".", "grátis¹."),
        ("", "2", " Nota", "2 Nota"),
        ("Marca", "®", "", "Marca®"),
        ("1", "st", "", "1st"),
    ],
)
def test_raised_text(before: str, raised: str, after: str, text: str) -> None:
    line = InlineText()
    line.add(before)
    for letter in raised:  # as word processors cut it
        line.add(letter, raised=True)
    line.add(after)

    assert line.take() == text
    assert line.take() == ""
