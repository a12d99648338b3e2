"""Text compared without case and accents."""

import unicodedata

import pytest

from app.domain.folding import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Informações", "informacoes"),
        ("AÇÃO", "acao"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("𝓜𝓪𝓻𝓲𝓪", "maria"),
        ("ﬁm", "fim"),
        ("R$ 1.234,56 👍", "r$ 1.234,56 👍"),
        ("", ""),
    ],
)
def test_case_and_accents_are_gone(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_it_makes_no_difference_how_accents_are_encoded() -> None:
    written = "Não é possível"

    assert fold(unicodedata.normalize("NFC", written)) == "nao e possivel"
    assert fold(unicodedata.normalize("NFD", written)) == "nao e possivel"


def test_folded_text_stays_as_it_is() -> None:
    once = fold("ÀÉÎõü ﬀ Å ŉ ǰ ΐ")
    assert fold(once) == once
