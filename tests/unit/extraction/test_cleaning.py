"""Extracted text has one kind of line end and no invisible characters."""

import pytest

from app.extraction.cleaning import clean


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("a\x00\x07b\ud800c\ufeff", "abc"),
        ("ac\u0327a\u0303o", "ação"),
        ("ofi\xadcina \ufb01m R$\xa050", "oficina fim R$ 50"),
        ("a  \n\n\n\n\nb \n", "a\n\nb"),
        ("coluna\tvalor", "coluna\tvalor"),
        ("👩🏽\u200d💻", "👩🏽\u200d💻"),
    ],
    ids=["line ends", "invisible", "combined accents", "soft hyphen", "empty lines", "tab", "joined emoji"],
)
def test_cleaning(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", ["x" + " " * 3_000_000 + "y", "\r" * 3_000_000, "\x00" * 3_000_000])
def test_cleaning_is_linear(text: str) -> None:
    assert len(clean(text)) in {0, len(text)}
