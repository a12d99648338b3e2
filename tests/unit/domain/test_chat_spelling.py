"""Abbreviations of Brazilian chats."""

import pytest

from app.domain.chat_spelling import written_out


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("Vc sabe qto custa?", "você sabe quanto custa?"),
        ("pq n chegou hj, tb?", "por que não chegou hoje, também?"),
        ("oq eh isso", "o que é isso"),
        ("Quanto custa o produto Q7?", "Quanto custa o produto Q7?"),
        ("", ""),
    ],
)
def test_chat_spelling_is_written_out(written: str, meaning: str) -> None:
    assert written_out(written) == meaning
