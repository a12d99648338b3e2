"""Words one slip of the finger away."""

import pytest

from app.domain.edits import edits


@pytest.mark.parametrize("slip", ["freet", "frte", "fretr", "frerte", "rfete", "fretes"])
def test_every_single_slip_is_there(slip: str) -> None:
    assert slip in set(edits("frete"))


@pytest.mark.parametrize("word", ["grete", "rete", "fretado", "fr"])
def test_another_first_letter_or_two_slips_are_not(word: str) -> None:
    assert word not in set(edits("frete"))


def test_two_letters_are_enough() -> None:
    assert "oi" in set(edits("io"))
